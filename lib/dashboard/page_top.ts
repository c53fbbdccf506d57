/// <reference lib="dom" />
import type { Lamp, Panels, SessionPanel } from "./feed.ts";
import { byId, setClass, setText, setTitle, show } from "./page_dom.ts";
import { UNKNOWN } from "./page_format.ts";
import type { Known } from "./page_link.ts";
import {
  ageMs,
  ageText,
  asOf,
  cityOf,
  clockTime,
  countdown,
  dayTime,
  duration,
  isStale,
  type Moment,
  sessionTime,
} from "./page_time.ts";

/** The bar at the top, the banner below it, the line at the bottom. */
export function renderTop(panels: Panels, moment: Moment): void {
  const { session, gateway } = panels;
  const opened = session?.opened ?? null;
  const mode = opened?.mode ?? "unknown";
  setText(byId("mode"), opened === null ? "no session" : mode);
  document.body.className = mode;
  setText(byId("title"), titleOf(session));
  setText(byId("because"), becauseOf(session, moment));
  setTitle(byId("because"), becauseOf(session, moment));
  setText(byId("subtitle"), subtitleOf(session));
  renderLamp("lamp-port", gateway.port, moment);
  renderLamp("lamp-session", gateway.session, moment);
  renderLamp("lamp-data", gateway.data, moment);
  renderLamp("lamp-farms", gateway.farms, moment);
  renderLamp("lamp-clock", gateway.clock, moment);
  renderClock(panels, moment);
  const standing = renderStanding(panels, moment);
  document.title = `${standing}${mode.toUpperCase()} · robo-trader`;
}

/** Whether entries are allowed, and if not, by whose word; the prefix of the page's title. */
function renderStanding({ session, halt, pause, flatten }: Panels, moment: Moment): string {
  const words = [
    ...halt.halted ? [{ word: "HALTED", ...halt }] : [],
    ...flatten.pending ? [{ word: "FLATTEN", ...flatten }] : [],
    ...pause.paused ? [{ word: halt.halted ? "" : "PAUSED", ...pause }] : [],
  ];
  const [first] = words;
  const text = words.map(({ word }) => word).filter((word) => word !== "").join(" + ");
  const because = words.map(({ because, actor, stamp }) =>
    `${because}; by ${actor}, ${asOf(stamp, { ...moment, quietMaxMs: null })}`
  );
  setClass(byId("halt"), first === undefined ? "halt" : "halt on");
  setText(byId("halt-word"), first === undefined ? "Not halted" : text);
  setText(byId("halt-because"), because[0] ?? entriesNow(session));
  setTitle(byId("halt"), because.join("\n"));
  return first === undefined ? "" : `${text} · `;
}

/** Nobody forbids entries; whether the session takes any is another question. */
function entriesNow(session: SessionPanel | null): string {
  return session?.state === "trading" && session.closed === null
    ? "entries are allowed"
    : "no entries in this state";
}

function titleOf(session: SessionPanel | null): string {
  if (session === null) return "No session yet";
  const state = session.closed?.outcome ?? session.state ?? "starting";
  const shown = state === "done" ? "closed" : state;
  return `${shown.charAt(0).toUpperCase()}${shown.slice(1).replaceAll("-", " ")}`;
}

function becauseOf(session: SessionPanel | null, moment: Moment): string {
  if (session === null) return "";
  const { closed, because, stamp } = session;
  return `${closed?.because ?? because}, ${asOf(stamp, { ...moment, quietMaxMs: null })}`;
}

function subtitleOf(session: SessionPanel | null): string {
  if (session === null) return "deno task session begins one";
  const { opened, sessionId } = session;
  if (opened === null) return sessionId;
  const { strategy, account, exchange, date, symbols } = opened;
  const figures = opened.sessionId === sessionId ? "" : ` · figures are of ${opened.sessionId}`;
  return `${strategy} over ${symbols} symbols · ${exchange} ${date} · ${account}${figures}`;
}

function renderLamp(id: string, lamp: Lamp, moment: Moment): void {
  const element = byId(id);
  const stale = moment.frozen ||
    (lamp.stamp !== null && id === "lamp-data" && isStale(lamp.stamp, moment));
  setClass(element, stale ? "unknown" : lamp.tone);
  const age = lamp.stamp === null ? "" : `, ${asOf(lamp.stamp, moment)}`;
  setTitle(element, `${lamp.because}${age}`);
  const word = element.querySelector("dd");
  const shown = id === "lamp-data" && lamp.stamp !== null && lamp.tone === "good"
    ? ageText(lamp.stamp, moment)
    : lamp.word;
  if (word !== null) setText(word, shown);
}

function renderClock({ market, session }: Panels, moment: Moment): void {
  const { now, zone } = moment;
  const simulated = session !== null && session.closed === null && moment.clock !== null &&
    moment.clock !== "wall";
  if (simulated) {
    const time = sessionTime(session, moment);
    setText(byId("clock"), time === null ? UNKNOWN : clockTime(time, zone));
    setText(byId("countdown"), `${dayCountdown(session.opened, time)}${moment.clock ?? ""}`);
    return;
  }
  setText(byId("clock"), `${clockTime(now, zone)} ${cityOf(zone)}`);
  if (!market.known) {
    setText(byId("countdown"), `${market.exchange}: ${market.because}`);
    return;
  }
  const leftMs = market.changesAt - now;
  const early = market.early === null || !market.open ? "" : `, early: ${market.early}`;
  const when = leftMs > 12 * 3_600_000 ? `, ${dayTime(market.changesAt, zone)}` : "";
  setText(
    byId("countdown"),
    `${market.exchange} ${market.open ? "closes" : "opens"} in ${countdown(leftMs)}${when}${early}`,
  );
}

/** `closes in 2 h 5 min, ` of a day that is played on another clock. */
function dayCountdown(opened: SessionPanel["opened"], time: number | null): string {
  if (opened === null || time === null) return "";
  const { opensAt, closesAt } = opened;
  if (time >= closesAt) return "closed, ";
  return time < opensAt
    ? `opens in ${countdown(opensAt - time)}, `
    : `closes in ${countdown(closesAt - time)}, `;
}

/** What is wrong with all that is shown; null when nothing is. */
export function troubleOf(
  { view, connected, denied, heardAt }: Known,
  moment: Moment,
): string | null {
  const { zone, now } = moment;
  if (denied) {
    return "This browser is not admitted any more. Open the address in data/dashboard/link.";
  }
  if (!connected) {
    return heardAt === null
      ? "No connection to the dashboard yet; trying again."
      : `The dashboard's server is gone since ${clockTime(heardAt, zone)} (${
        duration(now - heardAt)
      }); trying again. Shown is the last state it sent.`;
  }
  if (view === null) return null;
  const { ledger, session } = view.panels;
  if (ledger.state !== "following") {
    const since = `since ${clockTime(ledger.since, zone)}`;
    return ledger.state === "reading"
      ? `Reading the ledger: ${ledger.because ?? ""}`
      : `The ledger is ${ledger.state} ${since}: ${ledger.because ?? ""}`;
  }
  if (session === null || session.quietMaxMs === null) return null;
  const age = ageMs(session.last, moment);
  if (age === null) {
    return "This session ran on a simulated clock and has written nothing since the dashboard started: " +
      "nobody knows whether it still runs.";
  }
  if (age <= session.quietMaxMs) return null;
  return `No word from the session since ${clockTime(session.last.at, zone)} (${
    duration(age)
  }). Shown is its last state: look whether it still runs. Stops at the broker stay.`;
}

export function renderBanner(trouble: string | null): void {
  const banner = byId("banner");
  show(banner, trouble !== null);
  setText(banner, trouble ?? "");
}

export function renderFooter(
  { ledger, session, control }: Panels,
  seq: number,
  moment: Moment,
): void {
  const parts = [
    ledger.seq === 0 ? "Empty ledger" : `Ledger entry ${ledger.seq}`,
    ledger.hash === null ? "" : `hash ${ledger.hash.slice(0, 12)}`,
    session === null ? "" : `session ${session.sessionId}`,
    session === null ? "" : `last entry ${asOf(session.last, moment)}`,
    session?.opened === null || session === null ? "" : `robo-trader ${session.opened.codeVersion}`,
    `feed ${seq}`,
    control.allowed ? "control allowed" : "read-only",
    `times of ${cityOf(moment.zone)}`,
  ];
  setText(byId("footer"), parts.filter((part) => part !== "").join(" · "));
}
