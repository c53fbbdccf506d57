import { fromNumber, type Micros, multiply, toNumber, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";

interface Held {
  quantity: Micros;
  /** As `quantity`, for rough equity. */
  shares: number;
  /** Signed cost of what is held, for its average. */
  cost: Micros;
  /** Last close; null before the first bar. */
  mark: number | null;
}

/** Cash and positions of the paper broker. */
export class PaperAccount {
  readonly #held = new Map<string, Held>(); // symbol → Held
  /** Its values, as they are gone through with every bar. */
  readonly #all: Held[] = [];
  #cash: Micros;
  #roughCash: number;

  constructor(cash: Micros) {
    this.#cash = cash;
    this.#roughCash = toNumber(cash);
  }

  get cash(): Micros {
    return this.#cash;
  }

  /** Cash and every position at its last close. */
  get equity(): Micros {
    let equity = this.#cash;
    for (const { quantity, mark } of this.#all) {
      if (quantity !== ZERO) equity += multiply(quantity, fromNumber(mark ?? NaN));
    }
    return equity;
  }

  /** As `equity`, for charts and for telling whether to look closer. */
  get roughEquity(): number {
    let equity = this.#roughCash;
    for (const { shares, mark } of this.#all) {
      if (shares !== 0) equity += shares * (mark ?? NaN);
    }
    return equity;
  }

  mark(symbol: string, price: number): void {
    this.#of(symbol).mark = price;
  }

  /** Shares held, negative when short. */
  quantity(symbol: string): Micros {
    return this.#held.get(symbol)?.quantity ?? ZERO;
  }

  positions(): readonly { symbol: string; quantity: Micros; avgCost: Micros }[] {
    return [...this.#held]
      .filter(([, { quantity }]) => quantity !== ZERO)
      .map(([symbol, { quantity, cost }]) => ({
        symbol,
        quantity,
        avgCost: (cost * 1_000_000n) / quantity,
      }));
  }

  pay(amount: Micros): void {
    this.#take(amount);
  }

  /** Books a fill. What it closes leaves at the average it was held at; what it turns around begins at its price. */
  fill(symbol: string, side: Side, fill: { quantity: Micros; price: Micros }): void {
    const held = this.#of(symbol);
    const signed = side === "BUY" ? fill.quantity : -fill.quantity;
    const notional = multiply(signed, fill.price);
    const before = held.quantity;
    const after = before + signed;
    if (before === ZERO || (before > ZERO) === (signed > ZERO)) held.cost += notional;
    else if (after === ZERO || (after > ZERO) === (before > ZERO)) {
      held.cost = (held.cost * after) / before;
    } else held.cost = multiply(after, fill.price);
    held.quantity = after;
    held.shares = toNumber(after);
    this.#take(notional);
  }

  #take(amount: Micros): void {
    this.#cash -= amount;
    this.#roughCash = toNumber(this.#cash);
  }

  #of(symbol: string): Held {
    let held = this.#held.get(symbol);
    if (held === undefined) {
      held = { quantity: ZERO, shares: 0, cost: ZERO, mark: null };
      this.#held.set(symbol, held);
      this.#all.push(held);
    }
    return held;
  }
}
