import type { Entry, SignalGiven, SignalRefused } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import { averagePriceOf, filledOf } from "../orders/lifecycle.ts";
import { maskText } from "../probe/mask.ts";
import { REFUSALS } from "../risk/refusals.ts";
import { kept } from "./day.ts";
import { type Decision, type Stamp, STREAM_ROWS_MAX } from "./feed.ts";
import { phaseWord, type TrackedOrder } from "./orders.ts";
import type { Progress, TrackedParent } from "./parents.ts";

const DROPPED = { outcome: "dropped", text: "the session ended without an order for it" } as const;

/** What an entry is about, as it stands after it; null of what it is not about. */
export interface Subject {
  readonly order: TrackedOrder | null;
  readonly parent: (TrackedParent & Progress) | null;
}

/** The fold of entries into signals and what became of each. A row is never changed, only replaced. */
export class Decisions {
  rows: readonly Decision[] = [];

  apply(entry: Entry, stamp: Stamp, { order, parent }: Subject): void {
    const { body } = entry;
    if (body.kind === "signal") {
      this.rows = kept([...this.rows, waiting(body, stamp)], STREAM_ROWS_MAX.decisions);
    } else if (body.kind === "refused") {
      this.#replace(body.signalId, { outcome: "refused", text: refusalText(body) });
    } else if (body.kind === "refusal-repeated") {
      const text = `${refusalText(body)}; ${body.count} times more until then`;
      this.#replace(body.signalId, { outcome: "refused", text });
    } else if (body.kind === "session-closed") {
      this.rows = this.rows.map((row) => row.outcome === "waiting" ? { ...row, ...DROPPED } : row);
    } else if (parent !== null) {
      this.#replace(parent.body.signalId, {
        outcome: parentOutcome(parent),
        text: parentText(parent),
      });
    } else if (order !== null && (order.intent.role === "entry" || order.intent.role === "exit")) {
      this.#replace(order.intent.signalId, { outcome: outcomeOf(order), text: orderText(order) });
    }
  }

  #replace(key: string | null, news: Pick<Decision, "outcome" | "text">): void {
    // What changes is nearly always new, so it is looked for from the end.
    const index = this.rows.findLastIndex((row) => row.key === key);
    const row = this.rows[index];
    if (row === undefined) return;
    this.rows = this.rows.with(index, { ...row, ...news, text: maskText(news.text) });
  }
}

function waiting(signal: SignalGiven, stamp: Stamp): Decision {
  const { signalId, symbol, side, purpose, reason } = signal;
  return {
    key: signalId,
    stamp,
    symbol,
    side,
    purpose,
    rule: reason.rule,
    reason: maskText(reason.text),
    outcome: "waiting",
    text: purpose === "exit" ? "waits until its stop is cancelled" : "under review",
  };
}

function outcomeOf(order: TrackedOrder): Decision["outcome"] {
  const phase = phaseWord(order);
  return phase === "planned" || phase === "working" || phase === "cancelling" ? "sent" : phase;
}

/** `BUY 49 LMT 101.23, filled 49 at 101.22` */
function orderText({ intent, life }: TrackedOrder): string {
  const { side, quantity, orderType, lmtPrice } = intent;
  const price = lmtPrice === null ? "" : ` ${formatMicros(lmtPrice)}`;
  const ordered = `${side} ${formatMicros(quantity)} ${orderType}${price}`;
  const average = averagePriceOf(life);
  const filled = average === null
    ? ""
    : `, filled ${formatMicros(filledOf(life))} at ${formatMicros(average)}`;
  const message = life.rejection === null ? "" : `, ${life.rejection.code} ${life.rejection.text}`;
  return ordered + filled + message;
}

function parentOutcome({ ended }: TrackedParent): Decision["outcome"] {
  if (ended === null) return "sent";
  return ended.outcome === "unfilled" ? "cancelled" : ended.outcome;
}

/** `BUY 1200 by TWAP in 4 slices, filled 400 at 101.22` */
function parentText(parent: TrackedParent & Progress): string {
  const { body: { side, quantity, algorithm }, slices, filled, averagePrice, ended } = parent;
  const count = slices.length === 1 ? "1 slice" : `${slices.length} slices`;
  const ordered = `${side} ${formatMicros(quantity)} by ${algorithm} in ${count}`;
  const traded = averagePrice === null
    ? ""
    : `, filled ${formatMicros(filled)} at ${formatMicros(averagePrice)}`;
  return `${ordered}${traded}${ended === null ? "" : `: ${ended.because}`}`;
}

/** `COOLDOWN: The symbol was traded too short a time ago (1200, limit 600000)` */
function refusalText(
  { code, value, limit }: Pick<SignalRefused, "code" | "value" | "limit">,
): string {
  const known = Object.entries(REFUSALS).find(([name]) => name === code);
  const numbers = [value, limit === "" ? "" : `limit ${limit}`].filter((part) => part !== "");
  const words = known === undefined ? "" : `: ${known[1].summary}`;
  return `${code}${words}${numbers.length === 0 ? "" : ` (${numbers.join(", ")})`}`;
}
