import type { Story } from "./figure.ts";
import { plural } from "./format.ts";
import type { Page } from "./html_table.ts";
import { anchor, type Markup, markup } from "./markup.ts";

/** Stories a page carries; a day with more of them has them all in JSON. */
const STORIES_MAX = 1_000;

/** One line per decision; opened, it tells why it was made and everything that happened. */
export function storiesHtml(stories: readonly Story[], { times }: Page): Markup {
  const shown = stories.slice(0, STORIES_MAX);
  const left = stories.length - shown.length;
  return markup`<div class="stories">${shown.map((story) => storyHtml(story, times))}${
    left > 0 ? markup`<p class="note">… and ${plural(left, "more order")} in report.json</p>` : null
  }</div>`;
}

function storyHtml(story: Story, times: Page["times"]): Markup {
  const { id, at, symbol, title, outcome, tone, why, events } = story;
  const reason = why.find(({ label }) => label === "Rule")?.text ?? "";
  const steps = events.map((event) => {
    const exchange = event.exchangeTime === null
      ? null
      : markup`<br><span class="muted">${times.timeMs(event.exchangeTime)} exchange</span>`;
    return markup`<tr><td>${
      times.timeMs(event.at)
    }${exchange}</td><td class="${event.tone}">${event.what}</td><td>${event.detail}</td><td>${
      event.quote ?? ""
    }</td><td class="n">${event.seq}</td></tr>
`;
  });
  return markup`<details class="story" id="s-${anchor(id)}"><summary><span class="at">${
    times.time(at)
  }</span> <span class="symbol">${symbol}</span> <span class="order">${title}</span> <span class="outcome ${tone}">${outcome}</span> <span class="rule">${reason}</span></summary>
<dl class="why">${
    why.map(({ label, text }) => markup`<div><dt>${label}</dt><dd>${text}</dd></div>`)
  }</dl>
<div class="scroll" tabindex="0" role="region" aria-label="What happened"><table><caption>What happened</caption><thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Detail</th><th scope="col">Bid / ask</th><th scope="col" class="n">Entry</th></tr></thead><tbody>
${steps}</tbody></table></div></details>
`;
}
