/** Conditions under which an order becomes active or is cancelled. */

interface Conjoined {
  /** How it joins the next one: `a` and, `o` or. */
  readonly conjunction: "a" | "o";
}

interface OfContract extends Conjoined {
  /** True: at or above; false: at or below. */
  readonly isMore: boolean;
  readonly conId: number;
  readonly exchange: string;
}

export interface PriceCondition extends OfContract {
  readonly kind: "price";
  readonly price: number;
  /** As Order.triggerMethod. */
  readonly triggerMethod: number;
}

export interface TimeCondition extends Conjoined {
  readonly kind: "time";
  readonly isMore: boolean;
  /** `yyyymmdd hh:mm:ss zone`. */
  readonly time: string;
}

export interface MarginCondition extends Conjoined {
  readonly kind: "margin";
  readonly isMore: boolean;
  readonly percent: number;
}

/** A trade in another contract. */
export interface ExecutionCondition extends Conjoined {
  readonly kind: "execution";
  readonly secType: string;
  readonly exchange: string;
  readonly symbol: string;
}

export interface VolumeCondition extends OfContract {
  readonly kind: "volume";
  readonly volume: number;
}

export interface PercentChangeCondition extends OfContract {
  readonly kind: "percent-change";
  readonly percent: number;
}

export type Condition =
  | PriceCondition
  | TimeCondition
  | MarginCondition
  | ExecutionCondition
  | VolumeCondition
  | PercentChangeCondition;
