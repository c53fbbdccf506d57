import type { Clock } from "../clock.ts";
import { absolute, toNumber, ZERO } from "../money.ts";
import type { Signal } from "../strategy/strategy.ts";
import type { OrderDesk } from "./desk.ts";
import type { Journal } from "./journal.ts";
import { isHeld, isPending, judgePair, type PairLeg, type PairState } from "./pairs.ts";
import type { Permissions } from "./state.ts";

/** An exit of a naked leg that did not work out is wanted again after this, not with every event. */
const AGAIN_MS = 60_000;

interface KeeperOptions {
  readonly rules: { readonly limits: { readonly pairGraceMs: number } };
  readonly clock: Clock;
  readonly journal: Journal;
  readonly desk: OrderDesk;
  readonly may: () => Permissions;
  /** Whether anything reaches IB now. */
  readonly mayLeave: () => boolean;
  /** Whether the position is being closed already. */
  readonly isLeaving: (symbol: string) => boolean;
  /** Closes the position by the way of every exit. */
  readonly close: (signal: Signal) => void;
}

/** Both legs or none: when a leg of a pair will not come, what is there of the others is taken back. */
export class PairKeeper {
  readonly #options: KeeperOptions;
  readonly #told = new Set<string>(); // group, or symbol and group, of what was reported
  readonly #wantedAt = new Map<string, number>(); // `symbol group` → when its exit was last wanted, epoch ms

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** After each event. */
  proceed(): void {
    const { journal: { pairs, books }, clock, rules } = this.#options;
    if (pairs.size === 0) return;
    const given = { books, now: clock.now(), graceMs: rules.limits.pairGraceMs };
    for (const pair of pairs.open()) {
      const verdict = judgePair(pair, given);
      if (verdict.say === "over") pairs.drop(pair);
      else if (verdict.say === "broken") this.#takeBack(pair, verdict.because);
    }
  }

  #takeBack(pair: PairState, because: string): void {
    const { journal } = this.#options;
    const symbols = pair.legs.map(({ symbol }) => symbol).join(" and ");
    this.#tell(pair.group, {
      code: "pair-broken",
      text: `${symbols} were to be held together or not at all: ${because}`,
    });
    for (const leg of pair.legs) {
      if (isHeld(leg, journal.books)) this.#unwind(leg, pair, because);
      else if (isPending(leg)) this.#cancel(leg);
    }
  }

  #cancel({ entries }: PairLeg): void {
    const { desk, may, mayLeave } = this.#options;
    if (!may().cancels || !mayLeave()) return;
    for (const state of entries) desk.cancel(state);
  }

  #unwind({ symbol }: PairLeg, { group }: PairState, because: string): void {
    const { clock, journal, may, isLeaving, close } = this.#options;
    const held = journal.books.position(symbol)?.quantity ?? ZERO;
    const key = `${symbol} ${group}`;
    if (!may().exits) {
      const text = `${symbol} is held alone, and nothing may leave in this state: ${because}`;
      return this.#tell(key, { code: "naked-leg", text, symbol });
    }
    const now = clock.now();
    if (isLeaving(symbol) || now - (this.#wantedAt.get(key) ?? -Infinity) < AGAIN_MS) return;
    this.#wantedAt.set(key, now);
    close({
      symbol,
      side: held > ZERO ? "SELL" : "BUY",
      purpose: "exit",
      stopPrice: null,
      reason: { rule: "pair-broken", text: because, inputs: { shares: toNumber(absolute(held)) } },
      group,
    });
  }

  #tell(
    key: string,
    incident: { readonly code: string; readonly text: string; readonly symbol?: string },
  ): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#options.journal.incident({ ...incident, severity: "error" });
  }
}
