import type { Clock } from "../clock.ts";
import type { Position } from "../ledger/positions.ts";
import { formatMicros, type Micros, toNumber } from "../money.ts";
import { phaseOf } from "../orders/lifecycle.ts";
import type { Reason } from "../strategy/strategy.ts";
import { bareShares } from "./cover.ts";
import type { Booked, OrderDesk } from "./desk.ts";
import { trimStops } from "./excess.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";
import { type Remedy, remedyFor } from "./protection.ts";

/** A position of which some shares have no stop at the broker, and how many those are. */
export interface Bare extends Position {
  readonly bare: Micros;
}

interface ProtectorOptions {
  readonly journal: Journal;
  readonly desk: OrderDesk;
  readonly market: MarketView;
  readonly clock: Clock;
  /** Positions of the session's symbols. */
  readonly positions: () => readonly Position[];
  /** True while an exit of it waits for its way to be free: then its stops are being cancelled on purpose. */
  readonly isWaiting: (symbol: string) => boolean;
  /** Whether positions are kept at all. */
  readonly staysOpen: () => boolean;
  readonly guard: (position: Bare, stopPrice: Micros, reason: Reason) => void;
  readonly close: (position: Bare, reason: Reason) => void;
}

/** Sees to it that every position has stops at the broker for its shares, and not for more. */
export class Protector {
  readonly #options: ProtectorOptions;
  /** intentIds of stops whose loss was answered; an order that ends says so more than once. */
  readonly #answered = new Set<string>();

  constructor(options: ProtectorOptions) {
    this.#options = options;
  }

  bare(): readonly Bare[] {
    const { positions, isWaiting, journal } = this.#options;
    return positions()
      .filter(({ symbol }) => !isWaiting(symbol))
      .map((position) => ({ ...position, bare: bareShares(position, journal.intents) }))
      .filter(({ bare }) => bare > 0n);
  }

  /**
   * True when this may have left shares bare, which cannot wait for the minute: a stop ended that sold nothing, or an
   * entry bought whose stop is over already. Once for each stop and each fill, so that no broker is asked in a circle.
   */
  mayBare({ state: { intent, life }, entry }: Booked): boolean {
    if (intent.role === "entry" && entry.kind === "execution") {
      const { intents } = this.#options.journal;
      return !intents.undecided().some((one) => one.intent.parentIntentId === intent.intentId);
    }
    const phase = phaseOf(life);
    const isLost = intent.role === "stop" && (phase === "cancelled" || phase === "rejected");
    if (!isLost || this.#answered.has(intent.intentId)) return false;
    this.#answered.add(intent.intentId);
    return true;
  }

  /** Every position without a stop at the broker gets its stop back, or is closed. */
  protect(symbols: Iterable<string>): void {
    const { journal, desk, clock, guard, close } = this.#options;
    trimStops(symbols, { journal, desk, now: clock.now() });
    const owing = new Set(
      journal.intents.owing(clock.now()).map(({ intent }) => intent.symbol),
    );
    for (const position of this.bare()) {
      const { symbol, quantity } = position;
      // What just sold some of it is not booked yet: another stop could sell that again.
      if (owing.has(symbol)) continue;
      const remedy = this.#remedyOf(position);
      if (remedy.action === "wait") continue;
      const done = remedy.action === "close"
        ? `it is closed: ${remedy.because}`
        : `its stop at ${formatMicros(remedy.stopPrice)} is placed again`;
      const text = `${symbol} is held without a stop; ${done}`;
      journal.incident({ code: "unprotected", text, symbol });
      const reason = {
        rule: "unprotected",
        text: "The position has no stop at the broker",
        inputs: { shares: toNumber(quantity) },
      };
      if (remedy.action === "close") close(position, reason);
      else guard(position, remedy.stopPrice, reason);
    }
  }

  #remedyOf(position: Bare): Remedy {
    const { journal: { intents, sessionId }, market, staysOpen } = this.#options;
    if (!staysOpen()) return { action: "close", because: "the session takes no more positions" };
    return remedyFor(position, { intents, sessionId, mark: market.mark(position.symbol) });
  }
}
