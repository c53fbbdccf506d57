import { absolute, formatMicros, type Micros, ZERO } from "../money.ts";
import { tradeKey } from "../risk/book.ts";
import type { OrderDesk } from "./desk.ts";
import type { Intents, IntentState } from "./intents.ts";
import type { Journal } from "./journal.ts";

/** Fills under way reach us within this; before that a stop and its position may disagree for a moment. */
const QUIET_MS = 10_000;

/**
 * Working stops that together would sell (or buy back) more than is held, to be cancelled: triggered they would open a
 * position instead of closing one. It happens when an entry ends before it has bought all its stop was made for, and
 * TWS leaves the stop as large as it was. Only once nothing of the symbol enters any more and its last order is some
 * seconds old; what is bare afterwards gets a stop of its size again.
 */
export function excessStops(
  { symbol, quantity }: { readonly symbol: string; readonly quantity: Micros },
  { intents, now, lastTradeAt }: {
    readonly intents: Intents;
    readonly now: number;
    /** When an order of the symbol was last sent or filled, epoch ms; null when never. */
    readonly lastTradeAt: number | null;
  },
): readonly IntentState[] {
  if (lastTradeAt !== null && now - lastTradeAt < QUIET_MS) return [];
  // More may be held than is booked.
  if (intents.owing(now).some(({ intent }) => intent.symbol === symbol)) return [];
  const open = intents.open().filter(({ intent }) => intent.symbol === symbol);
  if (open.some(({ intent }) => intent.role === "entry" || intent.role === "exit")) return [];
  let room = absolute(quantity);
  return open.filter(({ intent }) => intent.role === "stop").filter((state) => {
    const wrongSide = quantity !== ZERO && (quantity > ZERO) !== (state.intent.side === "SELL");
    const left = state.remaining ?? state.intent.quantity - state.filled;
    if (!wrongSide && left <= room) {
      room -= left;
      return false;
    }
    return true;
  });
}

/** Cancels what would sell more of these symbols than is held, and says so. */
export function trimStops(
  symbols: Iterable<string>,
  { journal, desk, now }: {
    readonly journal: Journal;
    readonly desk: OrderDesk;
    readonly now: number;
  },
): void {
  const { books, intents, day } = journal;
  for (const symbol of symbols) {
    const quantity = books.position(symbol)?.quantity ?? ZERO;
    const times = (["BUY", "SELL"] as const)
      .map((side) => day.lastTrade.get(tradeKey(symbol, side)))
      .filter((at) => at !== undefined);
    const lastTradeAt = times.length === 0 ? null : Math.max(...times);
    for (const state of excessStops({ symbol, quantity }, { intents, now, lastTradeAt })) {
      // One that is being made smaller is not also taken back.
      if (state.cancelRequested || desk.isChanging(state.intent.intentId)) continue;
      const size = formatMicros(state.remaining ?? state.intent.quantity);
      const text = `${symbol} has a stop of ${size} for ${
        formatMicros(quantity)
      } held; it is cancelled`;
      journal.incident({ code: "stop-too-large", text, symbol });
      desk.cancel(state);
    }
  }
}
