import type { Story, StoryEvent } from "./figure.ts";
import { plural } from "./format.ts";
import type { Page } from "./html_table.ts";
import { anchor, type Markup, markup } from "./markup.ts";

/** Stories a page carries; a day with more of them has them all in JSON. */
const STORIES_MAX = 1_000;
/** Stands in the summary line already. */
const RULE = "Rule";

/** One line per decision; opened, it tells why it was made and everything that happened. */
export function storiesHtml(stories: readonly Story[], { times }: Page): Markup {
  const shown = stories.slice(0, STORIES_MAX);
  const left = stories.length - shown.length;
  return markup`<div class="stories">${shown.map((story) => storyHtml(story, times))}${
    left > 0 ? markup`<p class="note">… and ${plural(left, "more order")} in report.json</p>` : null
  }</div>`;
}

/** Stories are most of a page, so end tags that HTML does not ask for are left out. */
function storyHtml(story: Story, times: Page["times"]): Markup {
  const { id, at, symbol, title, outcome, tone, why, events } = story;
  const rule = why.find(({ label }) => label === RULE)?.text ?? "";
  const grounds = why.filter(({ label }) => label !== RULE)
    .map(({ label, text }) => markup`<dt>${label}<dd>${text}`);
  const steps = events.map((event, index) => eventHtml(event, events[index - 1], times));
  return markup`<details class="story" id="s-${anchor(id)}"><summary><span class="at">${
    times.time(at)
  }</span> <b>${symbol}</b> <span>${title}</span> <span class="${tone}">${outcome}</span> <span class="rule">${rule}</span></summary><dl>${grounds}</dl><ol>
${steps}</ol></details>
`;
}

/** When, unless it is the same instant as before, what, and the quote at that moment. */
function eventHtml(
  { at, exchangeTime, what, detail, quote, tone }: StoryEvent,
  before: StoryEvent | undefined,
  times: Page["times"],
): Markup {
  const time = before?.at === at ? null : markup`<time>${times.timeMs(at)}</time>`;
  const style = tone === "neutral" ? null : markup` class="${tone}"`;
  const exchange = exchangeTime === null ? "" : `, exchange time ${times.timeMs(exchangeTime)}`;
  const seen = quote === null ? null : markup`<i>${quote}</i>`;
  return markup`<li>${time}<b${style}>${what}</b>${detail}${exchange}${seen}
`;
}
