import type { Entry, IntentRecorded } from "../ledger/entry.ts";
import { absolute, formatMicros, greatest, type Micros, ZERO } from "../money.ts";
import type { Day } from "./day.ts";
import type { OrderRecord, ParentRecord } from "./facts.ts";
import type { Mark, Story } from "./figure.ts";
import { plural } from "./format.ts";
import { type OrderResult, orderText } from "./order_results.ts";
import { CANCELLED, eventOf } from "./story_events.ts";

/** Decisions told one by one. Ten thousand orders a day are more than the default limits allow and anybody reads. */
const STORIES_MAX = 2_000;

export interface Stories {
  readonly stories: readonly Story[];
  /** Decisions left out: those that tell least. */
  readonly untold: number;
}

/** Decisions with the orders they led to, as a person would want them told: why, then what happened. */
export function storiesOf(day: Day, results: readonly OrderResult[]): Stories {
  const groups = [...groupsOf(results)];
  const ranks = ranksOf(day, groups);
  const stories = groups.flatMap(([key, group], index) => {
    const rank = ranks[index] ?? 0;
    return rank < STORIES_MAX ? [{ rank, ...storyOf(day, key, group) }] : [];
  });
  return { stories, untold: groups.length - stories.length };
}

type Group = readonly [key: string, group: readonly [OrderResult, ...OrderResult[]]];

/** By the signal, or by the order where there was none. */
function* groupsOf(results: readonly OrderResult[]): Iterable<Group> {
  const groups = new Map<string, [OrderResult, ...OrderResult[]]>();
  for (const result of results) {
    const key = result.record.intent?.body.signalId ?? result.record.key;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  yield* groups;
}

/** Places by how much they tell: in which something went wrong first, then what was gained or lost by them. */
function ranksOf(day: Day, groups: readonly Group[]): readonly number[] {
  const moved = new Map<string, Micros>(); // intentId → most that a round trip it opened or closed came to
  for (const { net, openedBy, closedBy } of day.trips) {
    for (const intentId of [openedBy?.intentId ?? null, closedBy?.intentId ?? null]) {
      if (intentId === null) continue;
      moved.set(intentId, greatest(moved.get(intentId) ?? ZERO, absolute(net)));
    }
  }
  const keys = groups.map(([, group]) => ({
    isWrong: group.some(wentWrong),
    moved: group.reduce((most, { record }) => greatest(most, moved.get(record.key) ?? ZERO), ZERO),
  }));
  const byNeed = [...keys.entries()].toSorted(([a, one], [b, other]) =>
    Number(other.isWrong) - Number(one.isWrong) || Number(other.moved - one.moved) || a - b
  );
  const ranks: number[] = [];
  for (const [rank, [index]] of byNeed.entries()) ranks[index] = rank;
  return ranks;
}

function wentWrong({ tone, record }: OrderResult): boolean {
  return tone === "bad" || tone === "warning" ||
    record.messages.some(({ body }) => body.code !== CANCELLED);
}

function storyOf(day: Day, key: string, group: Group[1]): Omit<Story, "rank"> {
  const [main] = group;
  const { facts } = day;
  const signal = facts.signals.get(key);
  const parents = parentsOf(day, group);
  const entries: Entry[] = [
    ...(signal === undefined ? [] : [signal]),
    ...parents.flatMap(({ started, ended }) => ended === null ? [started] : [started, ended]),
    ...group.flatMap(({ record }) => [
      ...(record.intent === null ? [] : [record.intent]),
      ...record.sent,
      ...record.events,
      ...record.messages,
      ...record.changes,
      ...record.executions,
      ...record.thawed,
      ...(record.frozen === null ? [] : [record.frozen]),
      ...record.executions.flatMap(({ body }) => facts.commissions.get(body.execId) ?? []),
    ]),
  ];
  const names = namesOf(group);
  return {
    id: key,
    at: signal?.at ?? main.at,
    symbol: main.symbol,
    title: titleOf(day, main, parents),
    outcome: outcomeOf(group, parents),
    tone: main.tone === "good" ? sideTone(main) : main.tone,
    why: whyOf(day, signal?.body.signalId, { record: main.record, parents }),
    events: entries.toSorted((a, b) => a.seq - b.seq).map((entry) => eventOf(entry, names)),
    execIds: group.flatMap(({ fills }) => fills.map(({ execId }) => execId)),
  };
}

function parentsOf({ facts }: Day, group: readonly OrderResult[]): readonly ParentRecord[] {
  const ids = new Set(group.map(({ record }) => record.intent?.body.parentOrderId ?? null));
  return [...ids].flatMap((id) => (id === null ? undefined : facts.parents.get(id)) ?? []);
}

function titleOf(
  { facts }: Day,
  { record }: OrderResult,
  [parent]: readonly ParentRecord[],
): string {
  if (parent !== undefined) {
    const { side, quantity, algorithm } = parent.started.body;
    return `${side} ${formatMicros(quantity)} by ${algorithm}`;
  }
  if (record.intent !== null) return orderText(record.intent.body);
  const carried = facts.carried.get(record.key)?.body;
  if (carried === undefined) return "An order of someone else's";
  return `${orderText(carried)}, the ${carried.role} of an earlier day`;
}

function sideTone({ fills, record }: OrderResult): Mark["tone"] {
  const side = fills[0]?.side ?? record.intent?.body.side;
  return side === "SELL" ? "sell" : "buy";
}

/** The first order's end, and what the others did when they did something. */
function outcomeOf(group: Group[1], [parent]: readonly ParentRecord[]): string {
  const [main, ...others] = parent === undefined
    ? group
    : group.filter(({ record }) => record.intent?.body.role !== "entry");
  const first = parent !== undefined
    ? parentOutcome(parent, group)
    : main === undefined
    ? ""
    : outcomeText(main);
  const rest = parent === undefined || main === undefined ? others : [main, ...others];
  const parts = rest.filter(({ filled }) => filled > 0n).map((other) => {
    const role = other.record.intent?.body.role ?? "order";
    return `${role} ${outcomeText(other).toLowerCase()}`;
  });
  return [first, ...parts].join("; ");
}

function parentOutcome({ ended }: ParentRecord, group: Group[1]): string {
  const slices = group.filter(({ record }) => record.intent?.body.role === "entry").length;
  if (ended === null) return `Still at work, ${plural(slices, "slice")} so far`;
  const { outcome, filled, avgFillPrice } = ended.body;
  const word =
    { filled: "Filled", "partly-filled": "Partly filled", unfilled: "Unfilled" }[outcome];
  const shares = avgFillPrice === null
    ? ""
    : `: ${formatMicros(filled)} at ${formatMicros(avgFillPrice)}`;
  return `${word}${shares} in ${plural(slices, "slice")}`;
}

function outcomeText({ status, filled, avgPrice }: OrderResult): string {
  if (avgPrice === null) return status;
  return `${status}: ${formatMicros(filled)} at ${formatMicros(avgPrice)}`;
}

function whyOf(
  { facts }: Day,
  signalId: string | undefined,
  { record, parents }: {
    readonly record: OrderRecord;
    readonly parents: readonly ParentRecord[];
  },
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
  for (const { started: { body } } of parents) {
    why.push({ label: "Worked by", text: `${body.algorithm}: ${body.because}` });
    why.push({ label: "Size and prices", text: body.sizing });
  }
  if (intent !== undefined) {
    if (intent.sizing !== "" && parents.length === 0) {
      why.push({ label: "Size and prices", text: intent.sizing });
    }
    why.push({ label: "Known as", text: knownAs(intent, record) });
  }
  return why;
}

/** The three names of an order: ours, the connection's, and the broker's for ever. */
function knownAs({ orderRef }: IntentRecorded, { sent, events, executions }: OrderRecord): string {
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
  return typeof value === "string" ? value : String(Number(value.toPrecision(7)));
}

/** intentId or execId → what the order is called among those of its story; none where there is only one. */
function namesOf(group: Group[1]): ReadonlyMap<string, string> {
  if (group.length < 2) return new Map();
  const slices = new Map<string, number>(); // intentId of a slice → its number
  for (const { record: { key, intent } } of group) {
    const isSlice = (intent?.body.parentOrderId ?? null) !== null &&
      intent?.body.parentIntentId === null;
    if (isSlice) slices.set(key, slices.size + 1);
  }
  return new Map(group.flatMap(({ record: { key, intent, executions } }) => {
    const role = intent?.body.role ?? "order";
    const own = slices.get(key);
    const parent = slices.get(intent?.body.parentIntentId ?? "");
    const name = own !== undefined
      ? `slice ${own}`
      : parent === undefined
      ? role
      : `${role} of slice ${parent}`;
    // A commission names its execution alone.
    return [key, ...executions.map(({ body }) => body.execId)].map((
      id,
    ): [string, string] => [id, name]);
  }));
}
