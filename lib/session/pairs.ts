import type { Entry } from "../ledger/entry.ts";
import type { Books } from "../ledger/positions.ts";
import type { Bar } from "../market/market.ts";
import { type Micros, ZERO } from "../money.ts";
import { isFinal, phaseOf } from "../orders/lifecycle.ts";
import type { Side, Signal } from "../strategy/strategy.ts";
import type { Intents, IntentState } from "./intents.ts";

/** One entry of a group, and the orders it became. */
export interface PairLeg {
  readonly signalId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly entries: IntentState[];
}

/** Entries that were to be held together or not at all, and are not all there yet. */
export interface PairState {
  /** Unique in the ledger. */
  readonly group: string;
  readonly legs: PairLeg[];
  /** When the first share of any leg was booked, epoch ms. */
  firstFillAt: number | null;
  /** Why it was given up; null until it was. Its legs are closed then, whatever else fills. */
  broken: string | null;
}

/** A strategy names its groups anew for each bar; in the ledger each has a name of its own for ever. */
export function namedGroups(
  signals: readonly Signal[],
  { symbol, time, durationMs }: Bar,
): readonly Signal[] {
  return signals.map((signal) =>
    signal.group === undefined
      ? signal
      : { ...signal, group: `${signal.group} ${symbol} ${time + durationMs}` }
  );
}

/**
 * The fold of entries into groups of which a leg may still be missing. It has no other source, so a session that was
 * killed between two legs knows of both.
 */
export class Pairs {
  readonly #intents: Intents;
  readonly #open = new Map<string, PairState>(); // group → state
  readonly #bySignal = new Map<string, PairState>(); // signalId of a leg → state
  readonly #byIntent = new Map<string, PairState>(); // intentId of an entry → state

  constructor(intents: Intents) {
    this.#intents = intents;
  }

  /** After `Intents` has seen the same entry. */
  apply({ body, at }: Entry): void {
    switch (body.kind) {
      case "signal":
        return body.group === null ? undefined : this.#wanted(body, body.group);
      case "intent":
        if (body.role === "entry") this.#ordered(body);
        return;
      case "execution":
      case "order-event":
      case "order-message": {
        const pair = this.#byIntent.get(body.intentId ?? "");
        if (pair === undefined) return;
        if (body.kind === "execution") pair.firstFillAt ??= at;
        if (pair.broken === null && pair.legs.every(isThere)) this.drop(pair);
        return;
      }
      default:
    }
  }

  /** Those that are not complete, oldest first. */
  open(): readonly PairState[] {
    return [...this.#open.values()];
  }

  get size(): number {
    return this.#open.size;
  }

  /** There is nothing left to keep together. */
  drop({ group, legs }: PairState): void {
    this.#open.delete(group);
    for (const { signalId, entries } of legs) {
      this.#bySignal.delete(signalId);
      for (const { intent } of entries) this.#byIntent.delete(intent.intentId);
    }
  }

  #wanted(
    { signalId, symbol, side, purpose, reason }: {
      readonly signalId: string;
      readonly symbol: string;
      readonly side: Side;
      readonly purpose: "enter" | "exit";
      readonly reason: Signal["reason"];
    },
    group: string,
  ): void {
    const known = this.#open.get(group);
    if (purpose === "exit") {
      if (known !== undefined) known.broken ??= reason.text;
      return;
    }
    const pair = known ?? { group, legs: [], firstFillAt: null, broken: null };
    pair.legs.push({ signalId, symbol, side, entries: [] });
    this.#open.set(group, pair);
    this.#bySignal.set(signalId, pair);
  }

  #ordered({ intentId, signalId, symbol }: {
    readonly intentId: string;
    readonly signalId: string | null;
    readonly symbol: string;
  }): void {
    // Nobody enters what is held: whatever an older pair had in this symbol is long gone.
    for (const older of this.open()) {
      const isOther = older.legs.some((leg) => leg.symbol === symbol && leg.signalId !== signalId);
      if (isOther) this.drop(older);
    }
    const pair = this.#bySignal.get(signalId ?? "");
    const state = this.#intents.byId(intentId);
    if (pair === undefined || state === undefined) return;
    pair.legs.find((leg) => leg.signalId === signalId)?.entries.push(state);
    this.#byIntent.set(intentId, pair);
  }
}

export function filledOfLeg({ entries }: PairLeg): Micros {
  return entries.reduce((filled, state) => filled + state.filled, ZERO);
}

/** True while an order of it may still fill; of one whose fate is unknown nobody can say that it will not. */
export function isPending({ entries }: PairLeg): boolean {
  return entries.some(({ life }) => !isFinal(life));
}

function isThere(leg: PairLeg): boolean {
  return filledOfLeg(leg) > ZERO && !isPending(leg);
}

/** What is to be done about a pair: nothing, nothing any more, or its legs are given up. */
export type PairVerdict =
  | { readonly say: "wait" }
  | { readonly say: "over" }
  | { readonly say: "broken"; readonly because: string };

/**
 * A pair is broken when one of its legs is there, or may come, and another will not: rejected, cancelled, never sent,
 * stopped out already, or not filled within the grace that begins with the first fill.
 */
export function judgePair(
  pair: PairState,
  { books, now, graceMs }: {
    readonly books: Books;
    readonly now: number;
    readonly graceMs: number;
  },
): PairVerdict {
  const alive = pair.legs.filter((leg) => isPending(leg) || isHeld(leg, books));
  if (alive.length === 0) return { say: "over" };
  if (pair.broken !== null) return { say: "broken", because: pair.broken };
  const missing = pair.legs.find((leg) => !alive.includes(leg));
  if (missing !== undefined) return { say: "broken", because: whyMissing(missing) };
  const late = pair.legs.find((leg) => filledOfLeg(leg) === ZERO);
  const isOver = pair.firstFillAt !== null && now - pair.firstFillAt > graceMs;
  if (late === undefined || !isOver) return { say: "wait" };
  return { say: "broken", because: `${late.symbol} is not filled after ${graceMs} ms` };
}

/** True when shares of this leg are held, on its side. */
export function isHeld(leg: PairLeg, books: Books): boolean {
  const held = books.position(leg.symbol)?.quantity ?? ZERO;
  return filledOfLeg(leg) > ZERO && (leg.side === "BUY" ? held > ZERO : held < ZERO);
}

function whyMissing(leg: PairLeg): string {
  const last = leg.entries.at(-1);
  if (last === undefined) return `${leg.symbol} was never ordered`;
  if (filledOfLeg(leg) > ZERO) return `${leg.symbol} is closed already`;
  const { rejection } = last.life;
  if (phaseOf(last.life) !== "rejected") return `${leg.symbol} was cancelled or never left`;
  return `${leg.symbol} was rejected: ${rejection?.code ?? ""} ${rejection?.text ?? ""}`.trim();
}
