import { BOOL, FieldError, INT, NUMBER, type Scalar, TEXT } from "./fields.ts";
import type { Cursor } from "./layout.ts";

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

const KIND_CODES = {
  "price": "1",
  "time": "3",
  "margin": "4",
  "execution": "5",
  "volume": "6",
  "percent-change": "7",
} as const;

const KIND_OF_CODE: ReadonlyMap<string, Condition["kind"]> = new Map([
  ["1", "price"],
  ["3", "time"],
  ["4", "margin"],
  ["5", "execution"],
  ["6", "volume"],
  ["7", "percent-change"],
]);

const KIND: Scalar<Condition["kind"]> = {
  blank: "price",
  write: (kind) => KIND_CODES[kind],
  read: (text) => {
    const kind = KIND_OF_CODE.get(text);
    if (kind === undefined) throw new FieldError(`Unknown condition type: ${text}`);
    return kind;
  },
};

const CONJUNCTION: Scalar<"a" | "o"> = {
  blank: "a",
  write: (conjunction) => conjunction,
  read: (text) => {
    const letter = text.toLowerCase();
    if (letter !== "a" && letter !== "o") throw new FieldError(`Unknown conjunction: ${text}`);
    return letter;
  },
};

export function condition(io: Cursor, c: Partial<Condition>): Condition {
  const kind = io.field(KIND, c.kind);
  const conjunction = io.field(CONJUNCTION, c.conjunction);
  // What is written has its own kind; what is read has nothing yet.
  switch (kind) {
    case "price":
      return { ...priceCondition(io, c.kind === kind ? c : {}), conjunction };
    case "time":
      return { ...timeCondition(io, c.kind === kind ? c : {}), conjunction };
    case "margin":
      return { ...marginCondition(io, c.kind === kind ? c : {}), conjunction };
    case "execution":
      return { ...executionCondition(io, c.kind === kind ? c : {}), conjunction };
    case "volume":
      return { ...volumeCondition(io, c.kind === kind ? c : {}), conjunction };
    case "percent-change":
      return { ...percentChangeCondition(io, c.kind === kind ? c : {}), conjunction };
  }
}

type Body<C extends Condition> = Omit<C, "conjunction">;

function priceCondition(io: Cursor, c: Partial<PriceCondition>): Body<PriceCondition> {
  return {
    kind: "price",
    isMore: io.field(BOOL, c.isMore),
    price: io.field(NUMBER, c.price),
    conId: io.field(INT, c.conId),
    exchange: io.field(TEXT, c.exchange),
    triggerMethod: io.field(INT, c.triggerMethod),
  };
}

function timeCondition(io: Cursor, c: Partial<TimeCondition>): Body<TimeCondition> {
  return { kind: "time", isMore: io.field(BOOL, c.isMore), time: io.field(TEXT, c.time) };
}

function marginCondition(io: Cursor, c: Partial<MarginCondition>): Body<MarginCondition> {
  return { kind: "margin", isMore: io.field(BOOL, c.isMore), percent: io.field(NUMBER, c.percent) };
}

function executionCondition(io: Cursor, c: Partial<ExecutionCondition>): Body<ExecutionCondition> {
  return {
    kind: "execution",
    secType: io.field(TEXT, c.secType),
    exchange: io.field(TEXT, c.exchange),
    symbol: io.field(TEXT, c.symbol),
  };
}

function volumeCondition(io: Cursor, c: Partial<VolumeCondition>): Body<VolumeCondition> {
  return {
    kind: "volume",
    isMore: io.field(BOOL, c.isMore),
    volume: io.field(NUMBER, c.volume),
    conId: io.field(INT, c.conId),
    exchange: io.field(TEXT, c.exchange),
  };
}

function percentChangeCondition(
  io: Cursor,
  c: Partial<PercentChangeCondition>,
): Body<PercentChangeCondition> {
  return {
    kind: "percent-change",
    isMore: io.field(BOOL, c.isMore),
    percent: io.field(NUMBER, c.percent),
    conId: io.field(INT, c.conId),
    exchange: io.field(TEXT, c.exchange),
  };
}
