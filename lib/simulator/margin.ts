import { absolute, greatest, type Micros, multiply, ZERO } from "../money.ts";
import type { Account, Position } from "./account.ts";
import type { Listing } from "./universe.ts";

/** What an account is worth and may do, at the market's marks. Reg T as IB applies it within the day. */

/** Initial and maintenance margin of shares held long and short, as a share of their value. */
const LONG_MARGIN: Micros = 250_000n;
const SHORT_MARGIN: Micros = 300_000n;
/** Shown for a client's comfort: what the overnight requirement would be. */
const OVERNIGHT_MARGIN: Micros = 500_000n;
const BUYING_POWER_FACTOR = 4n;

/** Price of a stock now. */
export type Marks = (listing: Listing) => Micros;

export interface AccountFigures {
  readonly cash: Micros;
  readonly stockMarketValue: Micros;
  readonly grossPositionValue: Micros;
  readonly netLiquidation: Micros;
  readonly initMargin: Micros;
  readonly maintMargin: Micros;
  readonly overnightMargin: Micros;
  readonly availableFunds: Micros;
  readonly buyingPower: Micros;
  readonly unrealizedPnl: Micros;
  readonly realizedPnl: Micros;
}

export function figuresOf(account: Account, marks: Marks): AccountFigures {
  let stockMarketValue = ZERO;
  let grossPositionValue = ZERO;
  let initMargin = ZERO;
  let unrealizedPnl = ZERO;
  for (const position of account.positions) {
    const value = marketValue(position, marks);
    stockMarketValue += value;
    grossPositionValue += absolute(value);
    initMargin += marginOf(value);
    unrealizedPnl += value - position.cost;
  }
  const netLiquidation = account.cash + stockMarketValue;
  const availableFunds = greatest(ZERO, netLiquidation - initMargin);
  return {
    cash: account.cash,
    stockMarketValue,
    grossPositionValue,
    netLiquidation,
    initMargin,
    maintMargin: initMargin,
    overnightMargin: multiply(grossPositionValue, OVERNIGHT_MARGIN),
    availableFunds,
    buyingPower: availableFunds * BUYING_POWER_FACTOR,
    unrealizedPnl,
    realizedPnl: account.realizedPnl,
  };
}

export function marketValue(position: Position, marks: Marks): Micros {
  return position.quantity === ZERO ? ZERO : multiply(position.quantity, marks(position.listing));
}

/** Margin that a market value ties up; negative values are short. */
export function marginOf(value: Micros): Micros {
  return value < ZERO ? multiply(-value, SHORT_MARGIN) : multiply(value, LONG_MARGIN);
}
