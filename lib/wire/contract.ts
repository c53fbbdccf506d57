import { AMOUNT, BOOL, INT, NUMBER, type Scalar, TEXT } from "./fields.ts";
import type { Cursor } from "./layout.ts";

/** The contract's nouns on the wire. */

/** The twelve fields of a contract. A message that lacks one of them leaves it empty. */
export interface WireContract {
  /** 0 when the client describes the contract instead of naming it. */
  readonly conId: number;
  readonly symbol: string;
  /** STK, OPT, FUT, CASH, BAG … */
  readonly secType: string;
  /** `yyyymmdd` or `yyyymm`; empty for stocks. */
  readonly lastTradeDateOrContractMonth: string;
  /** 0 when it has none. */
  readonly strike: number;
  /** C, P, empty, or the `?` real TWS writes in openOrder for what has no right. */
  readonly right: string;
  readonly multiplier: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
}

/** One leg of a combination, as market data and history requests name it. */
export interface ComboLeg {
  readonly conId: number;
  readonly ratio: number;
  readonly action: string;
  readonly exchange: string;
}

/** One leg of a combination in an order. */
export interface OrderComboLeg extends ComboLeg {
  /** 0 same as parent, 1 open, 2 close, 3 unknown. */
  readonly openClose: number;
  /** 0 none, 1 held by the clearing broker, 2 elsewhere. */
  readonly shortSaleSlot: number;
  readonly designatedLocation: string;
  /** -1 when not applicable. */
  readonly exemptCode: number;
}

/** The underlying of a delta-neutral combination. */
export interface DeltaNeutralContract {
  readonly conId: number;
  readonly delta: number;
  readonly price: number;
}

/** `tag=value`: algorithm parameters, options, secondary ids. */
export interface TagValue {
  readonly tag: string;
  readonly value: string;
}

/** What placeOrder, openOrder and completedOrder say of the contract beyond its twelve fields. */
export interface OrderContract extends WireContract {
  /** ISIN, CUSIP …; placeOrder only. */
  readonly secIdType: string;
  readonly secId: string;
  /** Legs of a BAG, else empty. */
  readonly comboLegs: readonly OrderComboLeg[];
  /** Server's words for the legs; openOrder and completedOrder only. */
  readonly comboLegsDescrip: string;
  readonly deltaNeutralContract: DeltaNeutralContract | null;
}

/** Spread this and name what you know. */
export const EMPTY_CONTRACT: WireContract = {
  conId: 0,
  symbol: "",
  secType: "",
  lastTradeDateOrContractMonth: "",
  strike: 0,
  right: "",
  multiplier: "",
  exchange: "",
  primaryExchange: "",
  currency: "",
  localSymbol: "",
  tradingClass: "",
};

export const EMPTY_ORDER_CONTRACT: OrderContract = {
  ...EMPTY_CONTRACT,
  secIdType: "",
  secId: "",
  comboLegs: [],
  comboLegsDescrip: "",
  deltaNeutralContract: null,
};

/** The twelve fields of a request. */
export function contract12(io: Cursor, contract: Partial<WireContract> = {}): WireContract {
  return {
    conId: io.field(INT, contract.conId),
    symbol: io.field(TEXT, contract.symbol),
    secType: io.field(TEXT, contract.secType),
    lastTradeDateOrContractMonth: io.field(TEXT, contract.lastTradeDateOrContractMonth),
    strike: io.field(AMOUNT, contract.strike),
    right: io.field(TEXT, contract.right),
    multiplier: io.field(TEXT, contract.multiplier),
    exchange: io.field(TEXT, contract.exchange),
    primaryExchange: io.field(TEXT, contract.primaryExchange),
    currency: io.field(TEXT, contract.currency),
    localSymbol: io.field(TEXT, contract.localSymbol),
    tradingClass: io.field(TEXT, contract.tradingClass),
  };
}

/** The eleven fields of a reply: no primaryExchange. Real TWS prints the strike as `0` here and as `0.0` there. */
export function contract11(
  io: Cursor,
  contract: Partial<WireContract> = {},
  strike: Scalar<number> = NUMBER,
): WireContract {
  return {
    conId: io.field(INT, contract.conId),
    symbol: io.field(TEXT, contract.symbol),
    secType: io.field(TEXT, contract.secType),
    lastTradeDateOrContractMonth: io.field(TEXT, contract.lastTradeDateOrContractMonth),
    strike: io.field(strike, contract.strike),
    right: io.field(TEXT, contract.right),
    multiplier: io.field(TEXT, contract.multiplier),
    exchange: io.field(TEXT, contract.exchange),
    currency: io.field(TEXT, contract.currency),
    localSymbol: io.field(TEXT, contract.localSymbol),
    tradingClass: io.field(TEXT, contract.tradingClass),
    primaryExchange: contract.primaryExchange ?? "",
  };
}

/** Legs are on the wire for combinations alone. */
export function isCombination(contract: WireContract): boolean {
  return contract.secType === "BAG";
}

export function comboLeg(io: Cursor, leg: Partial<ComboLeg>): ComboLeg {
  return {
    conId: io.field(INT, leg.conId),
    ratio: io.field(INT, leg.ratio),
    action: io.field(TEXT, leg.action),
    exchange: io.field(TEXT, leg.exchange),
  };
}

export function orderComboLeg(io: Cursor, leg: Partial<OrderComboLeg>): OrderComboLeg {
  return {
    ...comboLeg(io, leg),
    openClose: io.field(INT, leg.openClose),
    shortSaleSlot: io.field(INT, leg.shortSaleSlot),
    designatedLocation: io.field(TEXT, leg.designatedLocation),
    exemptCode: io.field(INT, leg.exemptCode),
  };
}

/** 0, or 1 and the contract. */
export function deltaNeutralContract(
  io: Cursor,
  underlying: DeltaNeutralContract | null | undefined,
): DeltaNeutralContract | null {
  if (!io.field(BOOL, (underlying ?? null) !== null)) return null;
  return {
    conId: io.field(INT, underlying?.conId),
    delta: io.field(NUMBER, underlying?.delta),
    price: io.field(NUMBER, underlying?.price),
  };
}

export function tagValue(io: Cursor, pair: Partial<TagValue>): TagValue {
  return { tag: io.field(TEXT, pair.tag), value: io.field(TEXT, pair.value) };
}
