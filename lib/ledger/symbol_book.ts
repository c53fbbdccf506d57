import { absolute, divide, type Micros, multiply, ZERO } from "../money.ts";
import type { ExecutionBooked } from "./entry.ts";
import { AverageCost, type Closing, FifoLots, type Lot, type LotFill } from "./lots.ts";

/** What the ledger says is held and was earned in one symbol. Amounts are of the day. */
export interface Position {
  readonly symbol: string;
  readonly conId: number;
  /** Negative when short. */
  readonly quantity: Micros;
  /** Open lots, oldest first. */
  readonly lots: readonly Lot[];
  /** Signed notional of the open lots, first in first out, without commissions. */
  readonly cost: Micros;
  /** Price by the average-cost method, without commissions; null when flat. */
  readonly averagePrice: Micros | null;
  /** Realised first in first out, before commissions. */
  readonly realized: Micros;
  /** Realised by the average-cost method, before commissions. */
  readonly realizedAverageCost: Micros;
  readonly commissions: Micros;
  /** Sum of quantity × price of the fills, whatever their side. */
  readonly tradedNotional: Micros;
  /** Executions that count: a corrected one counts once. */
  readonly fills: number;
}

/** One symbol's day: what it began with, and the executions that count, as corrected, in the order booked. */
export interface Tape {
  readonly opening: readonly Lot[];
  readonly executions: readonly ExecutionBooked[];
}

interface Totals {
  realized: Micros;
  realizedAverageCost: Micros;
  commissions: Micros;
  tradedNotional: Micros;
  /** Cash that fills moved, without commissions: negative for purchases. */
  cashFlow: Micros;
  fills: number;
}

export type Amount = Exclude<keyof Totals, "fills">;

/** A position taken over from the broker's word at the start of a day. */
interface TakeOver {
  readonly kind: "take-over";
  readonly quantity: Micros;
  readonly price: Micros;
}

type Step = ExecutionBooked | TakeOver;

/** What the steps start from: nothing, or what was left when days before were forgotten. */
interface Origin {
  readonly lots: readonly Lot[];
  readonly average: { readonly quantity: Micros; readonly cost: Micros };
  readonly totals: Readonly<Totals>;
}

const NOTHING: Readonly<Totals> = {
  realized: ZERO,
  realizedAverageCost: ZERO,
  commissions: ZERO,
  tradedNotional: ZERO,
  cashFlow: ZERO,
  fills: 0,
};

/** The books of one symbol: its fills in order, the lots they left, and what they came to. */
export class SymbolBook {
  readonly symbol: string;
  readonly conId: number;
  #steps: Step[] = [];
  readonly #lots = new FifoLots();
  readonly #average = new AverageCost();
  readonly #totals: Totals = { ...NOTHING };
  /** Totals when the day began; what is reported is the difference. */
  #base: Readonly<Totals> = NOTHING;
  /** Steps before this one are of days before. */
  #baseIndex = 0;
  #origin: Origin = { lots: [], average: { quantity: ZERO, cost: ZERO }, totals: NOTHING };

  constructor(symbol: string, conId: number) {
    this.symbol = symbol;
    this.conId = conId;
  }

  get quantity(): Micros {
    return this.#lots.quantity;
  }

  /** Returns the execution's index, by which it can be corrected, and the lots it closed. */
  add(
    execution: ExecutionBooked,
  ): { readonly index: number; readonly closings: readonly Closing[] } {
    const index = this.#steps.length;
    this.#steps.push(execution);
    return { index, closings: this.#take(execution) };
  }

  /** What an execution closed changes with it, so the symbol is folded again. */
  correct(index: number, execution: ExecutionBooked): void {
    this.#steps[index] = execution;
    const { lots, average, totals } = this.#origin;
    this.#lots.load(lots);
    this.#average.load(average);
    Object.assign(this.#totals, { ...totals, commissions: this.#totals.commissions });
    for (const step of this.#steps) {
      if (step.kind === "take-over") this.#takeOver(step);
      else this.#take(step);
    }
  }

  addCommission(amount: Micros): void {
    this.#totals.commissions += amount;
  }

  /** The broker's position instead of ours; nothing is realised. */
  takeOver(quantity: Micros, price: Micros): void {
    const step: TakeOver = { kind: "take-over", quantity, price };
    this.#steps.push(step);
    this.#takeOver(step);
  }

  /** Amounts count from here. */
  beginDay(): void {
    this.#base = { ...this.#totals };
    this.#baseIndex = this.#steps.length;
  }

  /** Keeps of the steps only the lots they left. */
  forget(): void {
    const { quantity, cost } = this.#average;
    this.#origin = {
      lots: this.#lots.open,
      average: { quantity, cost },
      totals: { ...this.#totals },
    };
    this.#steps = [];
    this.#baseIndex = 0;
  }

  /** An amount of the day. */
  of(amount: Amount): Micros {
    return this.#totals[amount] - this.#base[amount];
  }

  /** Executions of the day that count. */
  get fills(): number {
    return this.#totals.fills - this.#base.fills;
  }

  position(): Position {
    const average = this.#average;
    return {
      symbol: this.symbol,
      conId: this.conId,
      quantity: this.#lots.quantity,
      lots: this.#lots.open,
      cost: this.#lots.cost,
      averagePrice: average.quantity === 0n ? null : divide(average.cost, average.quantity),
      realized: this.of("realized"),
      realizedAverageCost: this.of("realizedAverageCost"),
      commissions: this.of("commissions"),
      tradedNotional: this.of("tradedNotional"),
      fills: this.fills,
    };
  }

  tape(): Tape {
    const lots = new FifoLots();
    lots.load(this.#origin.lots);
    for (const step of this.#steps.slice(0, this.#baseIndex)) {
      if (step.kind === "take-over") lots.reset(step.quantity, step.price);
      else lots.fill(fillOf(step));
    }
    const today = this.#steps.slice(this.#baseIndex);
    return { opening: lots.open, executions: today.filter((step) => step.kind === "execution") };
  }

  #take(execution: ExecutionBooked): readonly Closing[] {
    const fill = fillOf(execution);
    const closings = this.#lots.fill(fill);
    const totals = this.#totals;
    for (const closing of closings) totals.realized += closing.realized;
    totals.realizedAverageCost += this.#average.fill(fill);
    totals.tradedNotional += absolute(fill.notional);
    totals.cashFlow -= fill.notional;
    totals.fills++;
    return closings;
  }

  #takeOver({ quantity, price }: TakeOver): void {
    this.#lots.reset(quantity, price);
    this.#average.reset(quantity, price);
  }
}

/** Shares as the lots see them: negative for a sale. */
export function fillOf(execution: ExecutionBooked): LotFill {
  const { execId, time, price, side } = execution;
  const quantity = side === "BUY" ? execution.quantity : -execution.quantity;
  return { execId, time, quantity, notional: multiply(quantity, price) };
}
