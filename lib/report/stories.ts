import type { Entry, IntentRecorded, OrderEvent, QuoteSeen } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import type { Day } from "./day.ts";
import { isOf, type OrderRecord } from "./facts.ts";
import type { Mark, Story, StoryEvent } from "./figure.ts";
import { type OrderResult, orderText } from "./order_results.ts";

/** Decisions with the orders they led to, as a person would want them told: why, then what happened. */
export function storiesOf(day: Day, results: readonly OrderResult[]): readonly Story[] {
  const groups = new Map<string, OrderResult[]>(); // signalId or order key → its orders
  for (const result of results) {
    const key = result.record.intent?.body.signalId ?? result.record.key;
    const group = groups.get(key) ?? [];
    group.push(result);
    groups.set(key, group);
  }
  return [...groups].flatMap(([key, group]) => {
    const [main] = group;
    return main === undefined ? [] : [storyOf(day, key, { main, group })];
  });
}

function storyOf(
  day: Day,
  key: string,
  { main, group }: { readonly main: OrderResult; readonly group: readonly OrderResult[] },
): Story {
  const signal = day.facts.signals.get(key);
  const intent = main.record.intent?.body;
  const entries: Entry[] = [
    ...(signal === undefined ? [] : [signal]),
    ...group.flatMap(({ record }) => [
      ...(record.intent === null ? [] : [record.intent]),
      ...record.sent,
      ...record.events,
      ...record.messages,
      ...record.executions,
      ...record.thawed,
      ...(record.frozen === null ? [] : [record.frozen]),
      ...record.executions.flatMap(({ body }) => day.facts.commissions.get(body.execId) ?? []),
    ]),
  ];
  const roles = rolesOf(group.map(({ record }) => record));
  return {
    id: key,
    at: signal?.at ?? main.at,
    symbol: main.symbol,
    title: intent === undefined ? "An order of someone else's" : orderText(intent),
    outcome: outcomeOf(group),
    tone: main.tone === "good" ? sideTone(main) : main.tone,
    why: whyOf(day, signal?.body.signalId, main.record),
    events: entries.toSorted((a, b) => a.seq - b.seq).map((entry) => eventOf(entry, roles)),
    execIds: group.flatMap(({ fills }) => fills.map(({ execId }) => execId)),
  };
}

function sideTone({ fills, record }: OrderResult): Mark["tone"] {
  const side = fills[0]?.side ?? record.intent?.body.side;
  return side === "SELL" ? "sell" : "buy";
}

/** The first order's end, and what the others did when they did something. */
function outcomeOf([main, ...others]: readonly OrderResult[]): string {
  const parts = [
    ...(main === undefined ? [] : [outcomeText(main)]),
    ...others.filter(({ filled }) => filled > 0n).map((other) => {
      const role = other.record.intent?.body.role ?? "order";
      return `${role} ${outcomeText(other).toLowerCase()}`;
    }),
  ];
  return parts.join("; ");
}

function outcomeText({ status, filled, avgPrice }: OrderResult): string {
  if (avgPrice === null) return status;
  return `${status}: ${formatMicros(filled)} at ${formatMicros(avgPrice)}`;
}

function whyOf(
  { facts }: Day,
  signalId: string | undefined,
  record: OrderRecord,
): Story["why"] {
  const intent = record.intent?.body;
  const why: { label: string; text: string }[] = [];
  const signal = signalId === undefined ? undefined : facts.signals.get(signalId)?.body;
  if (signal !== undefined) {
    const { rule, text, inputs } = signal.reason;
    why.push({ label: "Rule", text: `${signal.strategy}: ${rule}` }, { label: "Reason", text });
    const numbers = Object.entries(inputs).map(([name, value]) => `${name} = ${inputText(value)}`);
    if (numbers.length > 0) why.push({ label: "Inputs", text: numbers.join(", ") });
    if (signal.stopPrice !== null) {
      why.push({ label: "Wrong at", text: `${inputText(signal.stopPrice)}, where the stop goes` });
    }
  }
  if (intent !== undefined) {
    if (intent.sizing !== "") why.push({ label: "Size and prices", text: intent.sizing });
    why.push({ label: "Known as", text: namesOf(intent, record) });
  }
  return why;
}

/** The three names of an order: ours, the connection's, and the broker's for ever. */
function namesOf({ orderRef }: IntentRecorded, { sent, events, executions }: OrderRecord): string {
  const permId = [...events, ...executions].find(({ body }) => body.permId !== 0)?.body.permId;
  const orderId = sent.at(-1)?.body.orderId;
  return [
    `orderRef ${orderRef}`,
    ...(orderId === undefined ? [] : [`order ${orderId}`]),
    ...(permId === undefined ? [] : [`permId ${permId}`]),
  ].join(", ");
}

/** Indicators carry the noise of their arithmetic in the last digits. */
function inputText(value: number | string): string {
  return typeof value === "string" ? value : String(Number(value.toPrecision(8)));
}

/** A bracket's orders share a story, so each line says which of them it is about. */
function rolesOf(records: readonly OrderRecord[]): ReadonlyMap<string, string> {
  if (records.length < 2) return new Map();
  return new Map(records.map(({ key, intent }) => [key, `${intent?.body.role ?? "order"}: `]));
}

function eventOf(entry: Entry, roles: ReadonlyMap<string, string>): StoryEvent {
  const { body } = entry;
  const intentId = "intentId" in body ? body.intentId : null;
  const role = intentId === null ? "" : roles.get(intentId) ?? "";
  const told = tell(entry);
  return {
    at: entry.at,
    exchangeTime: body.kind === "execution" ? body.time : null,
    what: `${role}${told.what}`,
    detail: told.detail,
    quote: "quote" in body ? quoteText(body.quote) : null,
    tone: told.tone ?? "neutral",
    seq: entry.seq,
  };
}

interface Told {
  readonly what: string;
  readonly detail: string;
  readonly tone?: Mark["tone"];
}

function tell(entry: Entry): Told {
  const { body } = entry;
  switch (body.kind) {
    case "signal":
      return { what: `Signal to ${body.purpose}`, detail: `${body.side} ${body.symbol}` };
    case "intent":
      return { what: "Written down", detail: `${orderText(body)}, ${body.tif}` };
    case "order-sent":
      return { what: "Sent", detail: `as order ${body.orderId}` };
    case "execution":
      return {
        what: `${body.side === "BUY" ? "Bought" : "Sold"} ${formatMicros(body.quantity)}`,
        detail: `at ${formatMicros(body.price)} on ${body.exchange}, ${body.execId}`,
        tone: body.side === "BUY" ? "buy" : "sell",
      };
    case "commission":
      return {
        what: "Commission",
        detail: `${formatMicros(body.amount)} ${body.currency}${
          body.realizedPnl === null
            ? ""
            : `, realised by the broker's count ${formatMicros(body.realizedPnl)}`
        }`,
      };
    case "order-message":
      return { what: `Broker says ${body.code}`, detail: body.text, tone: "warning" };
    case "intent-frozen":
      return { what: "Frozen", detail: body.because, tone: "bad" };
    default:
      return isOf(entry, "order-event") ? tellStatus(entry.body) : { what: body.kind, detail: "" };
  }
}

function tellStatus(body: OrderEvent): Told {
  const filled = body.filled === 0n
    ? ""
    : `${formatMicros(body.filled)} filled, ${formatMicros(body.remaining)} left`;
  const sources = {
    status: "",
    "open-orders": "from the list of open orders",
    "completed-orders": "from the list of completed orders",
    local: "asked for by us",
    "not-sent": "proven never to have left",
  };
  const held = body.whyHeld === "" ? "" : `held: ${body.whyHeld}`;
  const detail = [filled, held, sources[body.source]].filter((part) => part !== "").join("; ");
  return { what: body.status, detail };
}

function quoteText({ bid, ask }: QuoteSeen): string | null {
  if (bid === null && ask === null) return null;
  return `${bid ?? "none"} / ${ask ?? "none"}`;
}
