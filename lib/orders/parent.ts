import { greatest, least, type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import type { IbAlgo } from "./order.ts";

/**
 * A parent order and the slices an algorithm cuts from it. Algorithms are pure: asked at an instant, with what has
 * become of the parent so far, they say what to send now. Nothing is remembered between two questions, so after a
 * crash the ledger's fills and working orders are all there is to resume from, and a parent is never overfilled.
 */
export interface ParentOrder {
  readonly side: Side;
  /** Whole shares. */
  readonly quantity: Micros;
  /** Epoch ms. */
  readonly startMs: number;
  /** After this instant nothing is sent; keep it before the close, or the early close. */
  readonly endMs: number;
  /** Varies times and sizes, so that the slices are not a pattern to trade against. */
  readonly seed: number;
}

/** What has become of a parent, from the ledger. */
export interface Progress {
  readonly now: number;
  readonly filled: Micros;
  /** Shares in slices that may still fill. */
  readonly working: Micros;
}

/** What an algorithm may see of the market. */
export interface MarketNow {
  readonly bid: number;
  readonly ask: number;
  /** Shares traded by everybody since the parent's start. */
  readonly volume: Micros;
}

/** An order to send now. */
export interface Slice {
  readonly quantity: Micros;
  /** Null crosses the spread, up to the limit that risk set for the parent. */
  readonly limitPrice: number | null;
  /** How long it may rest before it is taken back and the algorithm asked again. */
  readonly restMs: number;
  /** Shares to show of it at a time; all when absent. */
  readonly displaySize?: Micros;
  /** The algorithm IB is to work it by. */
  readonly algo?: IbAlgo;
}

export interface Algorithm {
  readonly name: string;
  /** True when IB works the one slice until the parent's end: a restart must leave it alone. */
  readonly atBroker?: boolean;
  /**
   * What to send at this instant, null for nothing. Asked again once `restMs` of its last slice is over and what of
   * it is still working was taken back; after a null as soon as the market has moved on.
   */
  next(parent: ParentOrder, progress: Progress, market: MarketNow): Slice | null;
}

/** Shares neither filled nor working; never negative, also when the broker overfilled. */
export function leftOf(parent: ParentOrder, { filled, working }: Progress): Micros {
  return greatest(parent.quantity - filled - working, ZERO);
}

/** True between start and end with shares left: the only time at which anything may be sent. */
export function isActive(parent: ParentOrder, progress: Progress): boolean {
  const { now } = progress;
  return now >= parent.startMs && now <= parent.endMs && leftOf(parent, progress) > ZERO;
}

/** At most `wanted` in whole shares, and never more than is left. */
export function cut(parent: ParentOrder, progress: Progress, wanted: Micros): Micros {
  const shares = least(wanted, leftOf(parent, progress));
  return shares <= ZERO ? ZERO : shares - shares % MICROS_PER_UNIT;
}
