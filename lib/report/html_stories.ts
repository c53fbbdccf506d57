import type { Story, StoryEvent } from "./figure.ts";
import { plural } from "./format.ts";
import type { Page } from "./html_table.ts";
import { type Markup, markup } from "./markup.ts";

/** Stands in the summary line already. */
const RULE = "Rule";

/** Of a megabyte that a page may have; five hundred fills with their stops take less. */
const STORY_CHARS_MAX = 600_000;

/** One line per decision; opened, it tells why it was made and everything that happened. */
export function storiesHtml(
  { stories, untold }: { readonly stories: readonly Story[]; readonly untold: number },
  { times }: Page,
): Markup {
  const shown = fitting(stories.map((story) => ({ story, html: storyHtml(story, times) })));
  const note = untoldText({ told: shown.length, stories: stories.length, untold });
  return markup`${note === null ? null : markup`<p class="note">${note}</p>`}${
    shown.length === 0 ? null : markup`<div class="stories">${shown.map(({ html }) => html)}</div>`
  }`;
}

/** Where the decisions are that are not told; null when all are. */
export function untoldText(
  { told, stories, untold }: {
    readonly told: number;
    /** In report.json. */
    readonly stories: number;
    readonly untold: number;
  },
): string | null {
  if (told === stories && untold === 0) return null;
  const rest = untold === 0
    ? "all of them are in report.json"
    : `${stories} are in report.json, all orders in orders.csv and all fills in fills.csv`;
  return `${told} of ${
    plural(stories + untold, "decision")
  } are told here, those in which something went wrong first, then those that gained or lost most; ${rest}.`;
}

/** The lowest of rank, in the order they had. */
export function mostTelling(stories: readonly Story[], count: number): readonly Story[] {
  const kept = new Set(stories.toSorted((a, b) => a.rank - b.rank).slice(0, count));
  return stories.filter((one) => kept.has(one));
}

/** As many as the page has room for. */
function fitting<T extends { readonly story: Story; readonly html: Markup }>(
  all: readonly T[],
): readonly T[] {
  const kept = new Set<T>();
  let chars = 0;
  for (const one of all.toSorted((a, b) => a.story.rank - b.story.rank)) {
    chars += one.html.toString().length;
    if (chars > STORY_CHARS_MAX) break;
    kept.add(one);
  }
  return all.filter((one) => kept.has(one));
}

/** Stories are most of a page, so end tags that HTML does not ask for are left out. */
function storyHtml(story: Story, times: Page["times"]): Markup {
  const { at, symbol, title, outcome, tone, why, events } = story;
  const rule = why.find(({ label }) => label === RULE)?.text ?? "";
  const grounds = why.filter(({ label }) => label !== RULE)
    .map(({ label, text }) => markup`<dt>${label}<dd>${text}`);
  return markup`<details><summary><time>${
    times.time(at)
  }</time> <b>${symbol}</b> <span>${title}</span> ${toned(outcome, tone)} <em>${
    rule.slice(rule.indexOf(": ") + 1).trim()
  }</em></summary><dl>${grounds}</dl><ol>
${linesOf(withNewQuotes(events)).map((line) => lineHtml(line, times))}</ol></details>
`;
}

/** What happened to one order at one instant. */
interface Line {
  /** Null when it is the same instant as the line before. */
  readonly at: number | null;
  readonly order: string;
  readonly events: StoryEvent[];
}

/** Quotes are shown once as long as they stay the same. */
function withNewQuotes(events: readonly StoryEvent[]): readonly StoryEvent[] {
  let last: string | null = null;
  return events.map((event) => {
    const quote = event.quote === last ? null : event.quote;
    last = event.quote ?? last;
    return { ...event, quote };
  });
}

function linesOf(events: readonly StoryEvent[]): readonly Line[] {
  const lines: Line[] = [];
  let now = new Map<string, Line>(); // order → its line at this instant
  let at: number | null = null;
  for (const event of events) {
    if (event.at !== at) now = new Map();
    const line = now.get(event.order);
    if (line === undefined) {
      const next = { at: event.at === at ? null : event.at, order: event.order, events: [event] };
      lines.push(next);
      now.set(event.order, next);
    } else line.events.push(event);
    at = event.at;
  }
  return lines;
}

function lineHtml({ at, order, events }: Line, times: Page["times"]): Markup {
  const time = at === null ? null : markup`<time>${times.timeMs(at)}</time>`;
  const name = order === "" ? null : markup`<b>${order}</b> `;
  const parts = events.map((event, index) => {
    const before = index === 0 ? "" : "; ";
    const quote = event.quote === null ? null : markup` <i>${event.quote}</i>`;
    const text = textOf(event, times);
    const shown = event.tone === "neutral" ? text : toned(text, event.tone);
    return markup`${before}${shown}${quote}`;
  });
  return markup`<li>${time}${name}${parts}
`;
}

function toned(text: string, tone: StoryEvent["tone"]): Markup {
  return tone === "neutral"
    ? markup`<span>${text}</span>`
    : markup`<span class=${tone}>${text}</span>`;
}

function textOf({ at, what, detail, exchangeTime }: StoryEvent, times: Page["times"]): string {
  const exchange = exchangeTime === null
    ? ""
    : `, exchange time ${exchangeTime === at ? "the same" : times.timeMs(exchangeTime)}`;
  return `${what}${detail === "" ? "" : ` ${detail}`}${exchange}`;
}
