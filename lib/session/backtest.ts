import { PaperBroker, type PaperOptions } from "../broker/paper.ts";
import type { EntryBody, SessionState } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { BarBuilder } from "../market/bars.ts";
import type { Bar, Instrument, Quote } from "../market/market.ts";
import { formatMicros, type Micros, toNumber } from "../money.ts";
import { type Limits, limitsAsText } from "../risk/limits.ts";
import type { ChosenStrategy } from "../strategy/registry.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { VERSION } from "../version.ts";
import { BarClock } from "./bar_clock.ts";
import { OrderDesk } from "./desk.ts";
import { Journal } from "./journal.ts";
import { MarketView } from "./market_view.ts";
import { MAY } from "./state.ts";
import { Trader } from "./trader.ts";
import { valuation } from "./valuation.ts";

/** One day of trading: bars before its open and from its close on are left out. */
export interface TradingDay {
  readonly exchange: string;
  readonly date: string;
  /** Epoch ms. */
  readonly opensAt: number;
  readonly closesAt: number;
}

export interface BacktestPlan {
  /** Each day's session is named by it and the date. */
  readonly name: string;
  readonly strategy: ChosenStrategy;
  readonly limits: Limits;
  readonly instruments: readonly Instrument[];
  /** Oldest first. */
  readonly days: readonly TradingDay[];
  readonly cash: Micros;
  readonly commission: PaperOptions["commission"];
  readonly atClose: "flatten" | "hold";
  readonly noEntriesBeforeCloseMs: number;
  readonly flattenBeforeCloseMs: number;
  /** Fresh intent ids. */
  readonly ids: () => string;
}

export interface BacktestResult {
  /** Bars that took part, and bars outside the trading days. */
  readonly bars: number;
  readonly outside: number;
  readonly finalCash: Micros;
  /** Cash and every position at its last close. */
  readonly finalEquity: Micros;
  /** Equity at the end of each day. */
  readonly dayEquity: readonly { readonly date: string; readonly equity: Micros }[];
  /** Largest fall of equity from a peak, seen at the end of every bar, in percent of that peak. */
  readonly maxDrawdownPct: number;
}

const ACCOUNT = "DU0000000";
/** Orders leave at the instant they are decided. */
const ORDER_DEADLINE_MS = 0;
/** Rough equity is exact to far less than this part of itself. */
const ROUGH = 1e-9;
/** A cancel is answered at once and lets an exit go, whose answer lets nothing more go. */
const ROUNDS_MAX = 4;

/**
 * The session's strategy, risk, order desk and ledger over recorded bars and a broker in memory.
 *
 * Within one instant every bar is first matched against the orders placed before it, and only then shown to the
 * strategy: what a strategy decides on a bar cannot be filled by it, nor by another symbol's bar of the same time.
 *
 * @throws {RangeError} when bars are out of order
 */
export function runBacktest(
  plan: BacktestPlan,
  bars: Iterable<Bar>,
  ledger: Ledger,
): BacktestResult {
  const backtest = new Backtest(plan, ledger);
  const instant: Bar[] = [];
  for (const bar of bars) {
    const time = instant[0]?.time ?? bar.time;
    if (bar.time < time) {
      throw new RangeError(`Cannot test on bars out of order: ${bar.time} after ${time}`);
    }
    if (bar.time === time) instant.push(bar);
    else {
      backtest.play(instant);
      instant[0] = bar;
      instant.length = 1;
    }
  }
  if (instant.length > 0) backtest.play(instant);
  return backtest.finish();
}

class Backtest {
  readonly #plan: BacktestPlan;
  readonly #clock = new BarClock();
  readonly #journal: Journal;
  readonly #broker: PaperBroker;
  readonly #market: MarketView;
  readonly #trader: Trader;
  readonly #running: Strategy;
  readonly #cold = new Map<string, number>(); // symbol → bars still missing to its warm-up
  readonly #dayEquity: { readonly date: string; readonly equity: Micros }[] = [];
  #builders = new Map<string, BarBuilder>(); // symbol → bars of the strategy's length, of this day
  #dayIndex = 0;
  #state: SessionState = "closed";
  /** Below this equity the day's loss or a drawdown may have reached its limit. */
  #alarmEquity = 0;
  #bars = 0;
  #outside = 0;
  #peak = 0;
  #maxDrawdownPct = 0;

  constructor(plan: BacktestPlan, ledger: Ledger) {
    this.#plan = plan;
    const { instruments, cash, commission, strategy, limits, ids, name } = plan;
    this.#broker = new PaperBroker({ account: ACCOUNT, cash, instruments, commission });
    this.#journal = new Journal({ ledger, clock: this.#clock, sessionId: name });
    this.#market = new MarketView({
      barMs: strategy.barMs,
      opensAt: 0,
      outlierPct: limits.outlierPct,
    });
    const desk = new OrderDesk(this.#journal, (symbol) => this.#market.seen(symbol));
    desk.broker = this.#broker;
    this.#broker.listen((event) => void desk.handle(event));
    this.#running = strategy.create();
    const { name: strategyName, barMs } = strategy;
    this.#trader = new Trader({
      rules: {
        strategyName,
        strategy: this.#running,
        barMs,
        limits,
        orderDeadlineMs: ORDER_DEADLINE_MS,
        ids,
        // Bars show no spread and no size to work an entry by.
        execution: null,
      },
      clock: this.#clock,
      journal: this.#journal,
      desk,
      market: this.#market,
      may: () => MAY[this.#state],
    });
    this.#trader.instruments = instruments;
    this.#running.init(instruments.map(({ symbol }) => symbol));
    const { warmupBars } = this.#running;
    for (const { symbol } of warmupBars > 0 ? instruments : []) this.#cold.set(symbol, warmupBars);
  }

  /** The bars of one instant. */
  play(bars: readonly Bar[]): void {
    const [first] = bars;
    const day = first === undefined ? undefined : this.#dayOf(first.time);
    if (first === undefined || day === undefined || first.time < day.opensAt) {
      this.#outside += bars.length;
      return;
    }
    if (this.#state === "closed") this.#beginDay(day);
    this.#bars += bars.length;
    for (const bar of bars) {
      this.#clock.advanceTo(bar.time + bar.durationMs);
      this.#broker.match(bar);
    }
    this.#settle();
    for (const bar of bars) this.#market.quotes.set(bar.symbol, quoteAt(bar));
    this.#watch();
    if (this.#state === "trading" && this.#isWithin(day, this.#plan.noEntriesBeforeCloseMs)) {
      this.#enter("winding-down", "no entries so close to the end");
      this.#trader.cancelEntries("no entries so close to the end");
    }
    for (const bar of bars) this.#decide(bar, day);
    if (this.#state === "winding-down" && this.#isLastChance(day, first.durationMs)) {
      this.#enter("flattening", "nothing is held over night");
      this.#trader.flatten("the session ends");
    }
    this.#settle();
  }

  finish(): BacktestResult {
    if (this.#state !== "closed") this.#endDay(this.#plan.days[this.#dayIndex]);
    this.#trader.close();
    this.#close("the bars are at their end");
    return {
      bars: this.#bars,
      outside: this.#outside,
      finalCash: this.#broker.account.cash,
      finalEquity: this.#broker.account.equity,
      dayEquity: this.#dayEquity,
      maxDrawdownPct: this.#maxDrawdownPct,
    };
  }

  /** The day this instant belongs to or comes before; days that are over are closed on the way. */
  #dayOf(timeMs: number): TradingDay | undefined {
    for (;;) {
      const day = this.#plan.days[this.#dayIndex];
      if (day === undefined || timeMs < day.closesAt) return day;
      if (this.#state !== "closed") this.#endDay(day);
      this.#dayIndex++;
    }
  }

  #decide(bar: Bar, day: TradingDay): void {
    if (bar.durationMs === this.#plan.strategy.barMs) return this.#show(bar);
    for (const built of this.#built(bar, day)) this.#show(built);
  }

  #show(bar: Bar): void {
    const missing = this.#cold.get(bar.symbol);
    if (missing === undefined) return this.#trader.onBar(bar);
    this.#running.warmUp(bar);
    this.#market.learn(bar);
    if (missing > 1) this.#cold.set(bar.symbol, missing - 1);
    else this.#cold.delete(bar.symbol);
  }

  /** The bars of the strategy's length that this one finishes. */
  #built(bar: Bar, day: TradingDay): readonly Bar[] {
    const { barMs } = this.#plan.strategy;
    let builder = this.#builders.get(bar.symbol);
    if (builder === undefined) {
      builder = new BarBuilder(bar.symbol, barMs, day.opensAt);
      this.#builders.set(bar.symbol, builder);
    }
    const ended = [builder.push(bar), builder.close(bar.time + bar.durationMs)];
    return ended.filter((built) => built !== null);
  }

  /** Lets the broker answer and what waits for its answers go on, until both are silent. */
  #settle(): void {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      this.#broker.deliver();
      this.#trader.proceed();
      if (!this.#broker.hasNews) return;
    }
    throw new Error(`Cannot settle: the broker still answers after ${ROUNDS_MAX} rounds`);
  }

  /** Follows equity, and has risk look closer when the day's loss comes near its limit. */
  #watch(): void {
    const equity = this.#broker.account.roughEquity;
    this.#peak = Math.max(this.#peak, equity);
    const fallPct = ((this.#peak - equity) * 100) / this.#peak;
    this.#maxDrawdownPct = Math.max(this.#maxDrawdownPct, fallPct);
    if (equity < this.#alarmEquity) this.#trader.onMinute();
  }

  #beginDay(day: TradingDay): void {
    const { name, strategy, instruments, limits } = this.#plan;
    if (this.#dayEquity.length > 0) this.#close("the day is over");
    this.#journal.sessionId = `${name}-${day.date}`;
    this.#clock.advanceTo(day.opensAt);
    this.#builders = new Map();
    this.#journal.write({
      kind: "session-opened",
      mode: "paper",
      account: ACCOUNT,
      ...day,
      strategy: strategy.name,
      parameters: strategy.parameters,
      symbols: instruments.map(({ symbol }) => symbol),
      clock: "bars",
      configHash: "",
      codeVersion: VERSION,
      limits: limitsAsText(limits),
    }, this.#snapshot("start"));
    // The operator who would lift a halt before the next open is not there; without him one bad day ended the test.
    if (this.#journal.standing.halt !== null) {
      this.#journal.write({ kind: "halt-lifted", actor: "backtest", because: "a new day begins" });
    }
    this.#alarmEquity = this.#lowestQuietEquity(limits) * (1 + ROUGH);
    this.#enter("trading", `${day.exchange} is open`);
    this.#trader.onMinute();
  }

  /** Above it neither the day's loss nor a drawdown can have reached its limit. */
  #lowestQuietEquity(limits: Limits): number {
    const { peaks } = this.#journal.day;
    const left = (from: Micros | null, pct: number): number =>
      from === null ? 0 : toNumber(from) * (1 - pct / 100);
    return Math.max(
      left(this.#broker.account.equity, limits.maxDailyLossPct),
      left(peaks.day, limits.maxDayDrawdownPct),
      left(peaks.all, limits.maxDrawdownPct),
    );
  }

  #endDay(day: TradingDay | undefined): void {
    this.#broker.endDay();
    this.#settle();
    const { cash, equity } = this.#broker.account;
    if (this.#journal.books.cash !== cash) {
      const ledger = formatMicros(this.#journal.books.cash ?? 0n);
      throw new Error(`Ledger and paper account differ: cash ${ledger} and ${formatMicros(cash)}`);
    }
    const sample = valuation(this.#journal.books, (symbol) => this.#market.mark(symbol));
    if (sample !== null) this.#journal.write(sample);
    this.#journal.write(this.#snapshot("end"));
    this.#enter("closed", "the day is over");
    if (day !== undefined) this.#dayEquity.push({ date: day.date, equity });
  }

  /** One session a day, as it is with a broker, so that each day has a report of its own. */
  #close(because: string): void {
    const { halt } = this.#journal.standing;
    const outcome = halt === null ? "done" : "halted";
    this.#journal.write({ kind: "session-closed", outcome, because: halt?.because ?? because });
  }

  #snapshot(at: "start" | "end"): EntryBody {
    const { cash, equity } = this.#broker.account;
    const positions = this.#broker.held().map(({ account: _, ...position }) => position);
    return {
      kind: "account-snapshot",
      at,
      account: ACCOUNT,
      cash,
      netLiquidation: equity,
      positions,
    };
  }

  #enter(state: SessionState, because: string): void {
    this.#journal.write({ kind: "state-changed", from: this.#state, to: state, because });
    this.#state = state;
  }

  #isWithin(day: TradingDay, beforeCloseMs: number): boolean {
    return this.#plan.atClose === "flatten" && this.#clock.now() >= day.closesAt - beforeCloseMs;
  }

  /** True when an exit decided now is one of the last that a bar of this day can still fill. */
  #isLastChance(day: TradingDay, barMs: number): boolean {
    return this.#isWithin(day, Math.max(this.#plan.flattenBeforeCloseMs, barMs));
  }
}

/** What a bar's end lets us know of the market: its close, both sides alike. */
function quoteAt({ symbol, time, durationMs, close, volume }: Bar): Quote {
  return {
    symbol,
    bid: close,
    ask: close,
    bidSize: null,
    askSize: null,
    last: close,
    lastSize: null,
    volume,
    time: time + durationMs,
    kind: "live",
  };
}
