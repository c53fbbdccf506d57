import {
  type Calendar,
  calendar,
  CalendarHorizonError,
  type Session as ExchangeDay,
} from "../calendar/calendar.ts";
import type { IntentRecorded } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import { FINAL_STATUSES } from "../orders/order.ts";
import { americanResetsBetween } from "../probe/reset_windows.ts";
import type { Day } from "./day.ts";
import { factTable } from "./fact_table.ts";
import type { Facts, OrderRecord } from "./facts.ts";
import type { Row, Section, Table } from "./figure.ts";
import { plural } from "./format.ts";
import { orderText } from "./order_results.ts";
import { exchangeCode, longDate, ZoneTimes } from "./times.ts";

/** What tomorrow begins with: the exchange, the broker's planned outages, and what is left from today. */
export function nextSection(day: Day): Section {
  const { facts } = day;
  const held = facts.books.positions();
  const working = workingOrders(day);
  const rows = [...plannedRows(day), ...standingRows(day), ...unknownRows()];
  return {
    id: "next",
    title: "Next session",
    lead: held.length + working.length === 0
      ? "Nothing is carried over."
      : `${plural(held.length, "position")} and ${
        plural(working.length, "order")
      } are carried over.`,
    blocks: [
      { type: "table", table: factTable("next", "What tomorrow begins with", rows) },
      { type: "table", table: carriedTable(working, day.facts) },
    ],
  };
}

/** Not ended by the broker's last word. */
function workingOrders({ facts }: Day): readonly OrderRecord[] {
  return [...facts.orders.values()].filter(({ events, sent, executions }) => {
    const last = events.at(-1)?.body;
    // A message about an order we know nothing of is no order.
    if (last === undefined) return sent.length > 0 && executions.length === 0;
    return !FINAL_STATUSES.has(last.status);
  });
}

function plannedRows(day: Day): readonly Row[] {
  const { facts, closesAt, times } = day;
  const opened = facts.opened.at(-1)?.body;
  const code = exchangeCode(opened?.exchange ?? "");
  if (code === null) {
    return [{ id: "hours", cells: ["Opens", "unknown: the exchange is not in the calendar"] }];
  }
  const exchange = calendar(code);
  try {
    const next = exchange.nextSession(closesAt);
    return [
      { id: "hours", cells: ["Opens", hoursText(next, times)] },
      { id: "closed", cells: ["Closed until then", closedText(exchange, day, next)] },
      { id: "week", cells: ["In the seven days after", weekText(exchange, next, times)] },
      { id: "clocks", cells: ["Clocks", clocksText(closesAt, next, times)] },
      { id: "resets", cells: ["IBKR's resets", resetsText(closesAt, next, times)] },
      { id: "restart", cells: ["Gateway's own restart", restartText(opened?.gatewayRestart)] },
    ];
  } catch (error) {
    if (!(error instanceof CalendarHorizonError)) throw error;
    return [{ id: "hours", cells: ["Opens", `unknown: ${error.message}`] }];
  }
}

/** `Mon 23 Nov 09:30`; null when the calendar does not reach so far. */
export function nextOpen({ facts, closesAt, times }: Day): string | null {
  const code = exchangeCode(facts.opened.at(-1)?.body.exchange ?? "");
  if (code === null) return null;
  try {
    const { date, opensAt, early } = calendar(code).nextSession(closesAt);
    const [weekday = "", day = "", month = ""] = longDate(date).split(" ");
    const half = early ? ", half day" : "";
    return `${weekday.slice(0, 3)} ${day} ${month.slice(0, 3)} ${times.minute(opensAt)}${half}`;
  } catch (error) {
    if (!(error instanceof CalendarHorizonError)) throw error;
    return null;
  }
}

function hoursText(
  { date, opensAt, closesAt, early, name }: ExchangeDay,
  times: ZoneTimes,
): string {
  const half = early ? `, a half day (${name ?? "early close"})` : "";
  return `${longDate(date)}, ${times.minute(opensAt)} to ${times.minute(closesAt)} ${
    times.label(opensAt)
  }${half}`;
}

/** Weekdays between, with the holiday's name. */
function closedText(exchange: Calendar, { closesAt, times }: Day, next: ExchangeDay): string {
  const closed: string[] = [];
  let date = Temporal.PlainDate.from(times.date(closesAt)).add({ days: 1 });
  for (; date.toString() < next.date; date = date.add({ days: 1 })) {
    const reason = exchange.reasonClosed(date.toString());
    if (reason !== null && reason !== "weekend") {
      closed.push(`${longDate(date.toString())}: ${reason}`);
    }
  }
  return closed.length === 0 ? "no holiday" : closed.join("; ");
}

const WEEK_DAYS = 7;

/** Half days and holidays that a plan for the week has to know. */
function weekText(exchange: Calendar, next: ExchangeDay, times: ZoneTimes): string {
  const first = Temporal.PlainDate.from(next.date);
  const special = Array.from({ length: WEEK_DAYS }, (_, index) => {
    const date = first.add({ days: index + 1 }).toString();
    const session = exchange.session(date);
    const reason = session === null ? exchange.reasonClosed(date) : null;
    if (session?.early === true) {
      return `${longDate(date)} closes at ${times.minute(session.closesAt)} (${
        session.name ?? ""
      })`;
    }
    return reason === null || reason === "weekend" ? null : `${longDate(date)} closed (${reason})`;
  }).filter((text) => text !== null);
  return special.length === 0 ? "no holiday and no half day" : special.join("; ");
}

/** Whether the exchange's hours move against UTC, and so against everybody who lives elsewhere. */
function clocksText(closesAt: number, next: ExchangeDay, times: ZoneTimes): string {
  const by = times.offset(next.opensAt) - times.offset(closesAt);
  if (by !== 0) {
    const minutes = Math.abs(by) / 60_000;
    return `change before it: ${times.label(closesAt)} becomes ${times.label(next.opensAt)}, ` +
      `${minutes} minutes ${by > 0 ? "forward" : "back"}; elsewhere the open is at another time`;
  }
  const change = Temporal.Instant.fromEpochMilliseconds(next.opensAt)
    .toZonedDateTimeISO(times.zone).getTimeZoneTransition("next");
  if (change === null) return "do not change";
  return `do not change before it; next on ${longDate(change.toPlainDate().toString())}`;
}

/** Windows between today's close and the next one, as IBKR's status page gives them. */
function resetsText(closesAt: number, next: ExchangeDay, times: ZoneTimes): string {
  const resets = americanResetsBetween(closesAt, next.closesAt);
  if (resets.length === 0) return "none before the next close";
  return resets.map(({ from, to }) => {
    const until = times.date(to) === times.date(from)
      ? times.minute(to)
      : `${weekday(to, times)} ${times.minute(to)}`;
    return `${weekday(from, times)} ${times.minute(from)} to ${until}`;
  }).join("; ");
}

function weekday(epochMs: number, times: ZoneTimes): string {
  return longDate(times.date(epochMs)).split(" ")[0] ?? "";
}

function restartText(restart: string | null | undefined): string {
  if (restart === undefined) return "unknown: the session wrote down no plan for it";
  if (restart === null) {
    return "none set: session.gateway_restart says when, if it restarts by itself";
  }
  return `every day at ${restart} exchange time: no entries five minutes before and after`;
}

function standingRows({ facts }: Day): readonly Row[] {
  const held = facts.books.positions();
  const halt = facts.halts.at(-1) ?? facts.haltBefore;
  const pause = facts.pauses.at(-1) ?? facts.pauseBefore;
  const inForce = (said: typeof halt | typeof pause, kind: string): string =>
    said?.body.kind === kind ? `yes, until someone lifts it: ${said.body.because}` : "no";
  return [
    {
      id: "positions",
      cells: [
        "Positions carried over",
        held.length === 0
          ? "none"
          : held.map(({ symbol, quantity }) => `${symbol} ${formatMicros(quantity)}`).join(", "),
      ],
    },
    { id: "halt", cells: ["Halt in force", inForce(halt, "halted")] },
    { id: "pause", cells: ["Entries paused", inForce(pause, "entries-paused")] },
  ];
}

/** What a person has to look up, because the ledger holds nothing of it. */
function unknownRows(): readonly Row[] {
  return [{
    id: "events",
    cells: [
      "Ex-dividends, splits, expiries",
      "unknown: the API tells of none, and the ledger keeps none",
    ],
  }];
}

function carriedTable(working: readonly OrderRecord[], { carried }: Facts): Table {
  return {
    id: "carried",
    caption: "Orders still working",
    columns: [
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "role", label: "Role", unit: "text", formula: null },
      { id: "order", label: "Order", unit: "text", formula: null },
      { id: "lasts", label: "Lasts", unit: "text", formula: null },
      { id: "status", label: "Last heard", unit: "text", formula: null },
      { id: "since", label: "Since", unit: "time", formula: null },
    ],
    rows: working.map((record): Row => {
      const intent = asChanged(record) ?? carried.get(record.key)?.body;
      const last = record.events.at(-1);
      const said = last ?? record.sent.at(-1);
      return {
        id: record.key,
        cells: [
          intent?.symbol ?? last?.body.symbol ?? "",
          intent?.role ?? "by hand",
          intent === undefined ? "" : orderText(intent),
          intent === undefined ? "" : lasts(intent),
          last?.body.status ?? "sent, no answer",
          said === undefined ? "" : String(said.at),
        ],
        inputs: { intentIds: [record.key] },
      };
    }),
    empty: "No order is left at the broker.",
  };
}

/** With the prices it was last given. */
function asChanged({ intent, changes }: OrderRecord): IntentRecorded | undefined {
  const last = changes.at(-1)?.body;
  if (intent === null || last === undefined) return intent?.body;
  const { lmtPrice, auxPrice } = last;
  return { ...intent.body, lmtPrice, auxPrice };
}

function lasts({ tif }: IntentRecorded): string {
  return tif === "GTC" ? "until cancelled" : "ended with the day";
}
