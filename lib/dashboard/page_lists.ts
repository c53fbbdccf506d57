/// <reference lib="dom" />
import type { GatewayPanel, IncidentRow, LimitRow, Panels } from "./feed.ts";
import { byId, make, patch, type Row, setClass, setText, setTitle, show } from "./page_dom.ts";
import { limitValue, UNKNOWN } from "./page_format.ts";
import { setEmpty } from "./page_tables.ts";
import { asOf, clockTime, dayTime, duration, isStaleFigure, type Moment } from "./page_time.ts";

/** Used this much of a limit, it is worth a word. */
const NEAR = 0.8;

/** Limits as bars with what is left of each. */
export function renderLimits(rows: readonly LimitRow[], moment: Moment): void {
  const list = byId("limits");
  while (list.children.length > rows.length) list.lastElementChild?.remove();
  rows.forEach((row, index) => {
    const item = list.children[index] ?? list.appendChild(newLimit());
    if (item instanceof HTMLElement) renderLimit(item, row, moment);
  });
  const stamps = rows.flatMap(({ used }) => used.value === null ? [] : [used.stamp]);
  const newest = stamps.toSorted((a, b) => b.at - a.at)[0];
  setText(byId("limits-age"), newest === undefined ? "" : asOf(newest, moment));
  setEmpty("limits-empty", rows.length === 0, "No session has written down its limits yet");
}

function newLimit(): HTMLElement {
  const item = make("li");
  const bar = make("div", "bar");
  bar.setAttribute("role", "meter");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  bar.append(make("i"));
  item.append(make("span", "name"), bar, make("span", "used"), make("span", "left"));
  return item;
}

function renderLimit(item: HTMLElement, row: LimitRow, moment: Moment): void {
  const { label, meaning, unit, limit, used, share, blocked } = row;
  const [name, bar, number, left] = item.children;
  const fill = bar?.firstElementChild;
  if (!name || !number || !left || !(bar instanceof HTMLElement)) return;
  setText(name, blocked === 0 ? label : `${label}, ${blocked} refused`);
  const age = used.value === null ? used.because : asOf(used.stamp, moment);
  setTitle(item, `${label}: ${meaning}; ${age}; ${blocked} refused today`);
  const shown = used.value === null ? UNKNOWN : limitValue(used.value, unit);
  setText(number, `${shown} of ${limitValue(limit, unit)}`);
  setText(left, headroom(share, unit));
  const stale = isStaleFigure(used, moment);
  setClass(item, stale ? "stale" : urgency(share, unit));
  const percent = Math.min(100, Math.max(0, (share ?? 0) * 100));
  if (fill instanceof HTMLElement) fill.style.width = `${percent}%`;
  bar.setAttribute("aria-label", label);
  bar.setAttribute("aria-valuenow", percent.toFixed(0));
  bar.setAttribute("aria-valuetext", `${shown} of ${limitValue(limit, unit)}`);
}

/** All places taken is how a full book looks; an amount at its limit is a reason to look. */
function urgency(share: number | null, unit: LimitRow["unit"]): string {
  if (share === null || share < NEAR) return "";
  return share >= 1 && unit !== "count" ? "reached" : "near";
}

function headroom(share: number | null, unit: LimitRow["unit"]): string {
  if (share === null) return UNKNOWN;
  if (share >= 1) return unit === "count" ? "full" : "reached";
  const left = `${Math.floor((1 - share) * 100)} % left`;
  return left;
}

/** Newest first. */
export function renderIncidents(incidents: readonly IncidentRow[], moment: Moment): void {
  const rows = incidents.toReversed().map((incident): Row => {
    const { key, stamp, severity, symbol, text, code } = incident;
    return {
      key,
      className: severity,
      cells: [
        { text: clockTime(stamp.at, moment.zone), title: asOf(stamp, moment) },
        { text: severity, className: "severity" },
        {
          text: symbol === null || text.includes(symbol) ? text : `${symbol}: ${text}`,
          title: code,
        },
      ],
    };
  });
  patch(byId("incidents"), rows, { tags: "list" });
  setText(byId("incidents-count"), rows.length === 0 ? "" : String(rows.length));
  setEmpty("incidents-empty", rows.length === 0, "Nothing broke");
}

/** What the connection went through, newest first. */
export function renderTimeline({ timeline }: GatewayPanel, moment: Moment): void {
  const rows = timeline.map(({ key, tone, state, detail, stamp }): Row => ({
    key,
    className: tone === "good" ? "note" : tone === "bad" ? "error" : "warning",
    cells: [
      { text: clockTime(stamp.at, moment.zone), title: asOf(stamp, moment) },
      { text: state, className: "severity" },
      { text: detail },
    ],
  })).toReversed();
  patch(byId("timeline"), rows, { tags: "list" });
  setEmpty("timeline-empty", rows.length === 0, "No connection yet");
}

export function renderChecks(panels: Panels, moment: Moment): void {
  setText(byId("probe"), probeText(panels, moment));
  setText(byId("reconciled"), booksText(panels, moment));
  setText(byId("schedule"), scheduleText(panels, moment));
  const { reports } = panels;
  const list = byId("reports");
  while (list.children.length > reports.length) list.lastElementChild?.remove();
  reports.forEach(({ name, href, at }, index) => {
    const item = list.children[index] ?? list.appendChild(newLink());
    const link = item.firstElementChild;
    if (!(link instanceof HTMLAnchorElement)) return;
    setText(link, name);
    setTitle(link, `written ${dayTime(at, moment.zone)}`);
    if (link.getAttribute("href") !== href) link.href = href;
  });
  show(byId("reports-empty"), reports.length === 0);
  setText(byId("reports-empty"), `${UNKNOWN}, deno task report writes one`);
}

function newLink(): HTMLElement {
  const item = make("li");
  item.append(make("a"));
  return item;
}

function probeText({ probe }: Panels, moment: Moment): string {
  if (probe === null) return `${UNKNOWN}, no probe is in the ledger; deno task probe asks`;
  const { verdict, diagnosis, title, elapsedMs, stamp } = probe;
  const cause = diagnosis === null ? "" : `: ${title ?? diagnosis}`;
  return `${verdict.replace("-", " ")}${cause}, took ${duration(elapsedMs)}, ${
    asOf(stamp, { ...moment, quietMaxMs: null })
  }`;
}

function booksText({ reconciled }: Panels, moment: Moment): string {
  if (reconciled === null) return `${UNKNOWN}, not compared with the broker yet`;
  const { at, fills, differences, stamp } = reconciled;
  const verdict = differences.length === 0
    ? `agree with the broker (${fills} fills)`
    : `DIFFER: ${differences.join("; ")}`;
  return `${verdict}, at ${at === "reconnect" ? "a reconnect" : `the ${at}`}, ${
    asOf(stamp, { ...moment, quietMaxMs: null })
  }`;
}

function scheduleText({ schedule }: Panels, { zone }: Moment): string {
  if (!schedule.known) return `${UNKNOWN}, ${schedule.because}`;
  const { next, lastCompleted, failures } = schedule;
  const parts = [
    next === null ? "nothing next" : `${next.step} next, ${dayTime(next.at, zone)}`,
    lastCompleted === null
      ? ""
      : `last ${lastCompleted.step} of ${lastCompleted.date}: ${
        lastCompleted.exitCode === 0 ? "done" : `exit code ${lastCompleted.exitCode}`
      }, ${dayTime(lastCompleted.at, zone)}`,
    failures.length === 0 ? "" : `FAILED: ${failures.join(", ")}`,
  ];
  return parts.filter((part) => part !== "").join("; ");
}
