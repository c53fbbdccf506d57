import type { BrokerEvent } from "../broker/broker.ts";
import type { Cancel, Clock } from "../clock.ts";
import type { Entry, SessionClosed, SessionState } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Instrument } from "../market/market.ts";
import { StrategyStoppedError } from "../strategy/strategy_error.ts";
import { SetupError } from "./account.ts";
import { findInstruments } from "./instruments.ts";
import { orAborted } from "./abort.ts";
import { OrderDesk } from "./desk.ts";
import { EventQueue } from "./event_queue.ts";
import { checkHours } from "./hours.ts";
import { Journal } from "./journal.ts";
import { type Connect, Connection, DifferenceError, isBrokerSilence } from "./connection.ts";
import { MarketView } from "./market_view.ts";
import { Notices } from "./notices.ts";
import { openedEntry, type SessionPlan } from "./plan.ts";
import { snapshot } from "./reconcile.ts";
import { StaleFeed } from "./stale_feed.ts";
import { MAY } from "./state.ts";
import { Trader } from "./trader.ts";
import { valuation } from "./valuation.ts";
import { Windows } from "./windows.ts";
import { warmUp, WarmUpError } from "./warm_up.ts";

export interface SessionDeps {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly connect: Connect;
  /** Aborted by SIGINT and SIGTERM. */
  readonly stop: AbortSignal;
  /** Sees each entry once it is durable. */
  readonly observe: (entry: Entry) => void;
}

export interface SessionOutcome {
  readonly outcome: SessionClosed["outcome"];
  readonly because: string;
}

type Alarm = "open" | "watch" | "minute" | "no-entries" | "flatten" | "close" | "settled";

type SessionEvent =
  | { readonly type: "broker"; readonly event: BrokerEvent; readonly at: number }
  | { readonly type: "alarm"; readonly name: Alarm }
  | { readonly type: "stop" };

const MINUTE_MS = 60_000;
/** A person's halt takes effect within this. */
const WATCH_MS = 2_000;

/** One exchange day, from connecting to the closed books. */
export async function runSession(plan: SessionPlan, deps: SessionDeps): Promise<SessionOutcome> {
  return await new TradingSession(plan, deps).run();
}

/** Stopped from outside: not a failure. */
class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Halted before the session, with nothing to protect. */
class HaltedError extends Error {
  override readonly name = "HaltedError";
}

class TradingSession {
  readonly #plan: SessionPlan;
  readonly #deps: SessionDeps;
  readonly #journal: Journal;
  readonly #desk: OrderDesk;
  readonly #market: MarketView;
  readonly #trader: Trader;
  readonly #notices: Notices;
  readonly #staleFeed: StaleFeed;
  readonly #windows: Windows;
  readonly #events = new EventQueue<SessionEvent>();
  readonly #connection: Connection;
  readonly #alarms: Cancel[] = [];
  #state: SessionState = "preflight";
  #instruments: readonly Instrument[] = [];

  constructor(plan: SessionPlan, deps: SessionDeps) {
    this.#plan = plan;
    this.#deps = deps;
    const { clock, ledger, observe } = deps;
    this.#journal = new Journal({ ledger, clock, sessionId: plan.sessionId, observe });
    this.#market = new MarketView({
      barMs: plan.rules.barMs,
      opensAt: plan.day.opensAt,
      outlierPct: plan.rules.limits.outlierPct,
    });
    this.#desk = new OrderDesk(this.#journal, (symbol) => this.#market.seen(symbol));
    this.#trader = new Trader({
      rules: plan.rules,
      clock,
      journal: this.#journal,
      desk: this.#desk,
      market: this.#market,
      may: () => MAY[this.#state],
      pausedBecause: () => this.#windows.pausedBecause(clock.now()),
    });
    this.#notices = new Notices(this.#journal);
    this.#windows = new Windows(
      this.#journal,
      plan.gatewayRestart === null ? null : { timeOfDay: plan.gatewayRestart, zone: plan.day.zone },
    );
    this.#staleFeed = new StaleFeed({
      journal: this.#journal,
      market: this.#market,
      barMs: plan.rules.barMs,
    });
    this.#connection = new Connection({
      connect: deps.connect,
      clock,
      stop: deps.stop,
      untilMs: plan.day.closesAt,
      mode: plan.mode,
      account: plan.account,
      journal: this.#journal,
      desk: this.#desk,
      listener: (event) => this.#receive(event),
    });
    deps.stop.addEventListener("abort", () => this.#events.push({ type: "stop" }), { once: true });
  }

  async run(): Promise<SessionOutcome> {
    try {
      const { stop } = this.#deps;
      await orAborted(this.#open(), stop);
      await this.#trade();
      await orAborted(this.#closeBooks(), stop);
      const { current } = this.#journal.halt;
      return current === null
        ? this.#end("done", "the day is over and the books are closed")
        : this.#end("halted", current.because);
    } catch (error) {
      return this.#endBecause(error);
    } finally {
      for (const cancel of this.#alarms) cancel();
      await this.#connection.close();
    }
  }

  /** Connect, bring the books up to date, warm up, subscribe. */
  async #open(): Promise<void> {
    const { clock, stop } = this.#deps;
    this.#enter("connecting", "the session starts");
    const broker = await this.#connection.open();
    this.#journal.write(openedEntry(this.#plan, this.#connection.account));
    await this.#reconcileStart();
    this.#refuseWhenHalted();
    this.#enter("warming-up", `${this.#plan.symbols.length} symbols`);
    this.#instruments = await findInstruments(broker, this.#plan.symbols, this.#journal);
    const { calendar, day } = this.#plan;
    checkHours(this.#instruments, { calendar, date: day.date, journal: this.#journal });
    const { strategy, barMs } = this.#plan.rules;
    strategy.init(this.#instruments.map(({ symbol }) => symbol));
    const { bars } = await warmUp(broker, {
      strategy,
      instruments: this.#instruments,
      barMs,
      observe: (bar) => this.#market.learnVolume(bar),
    });
    this.#trader.instruments = this.#instruments;
    const { opensAt, closesAt } = this.#plan.day;
    this.#enter("waiting-for-open", `warm with ${bars} bars`);
    broker.subscribe(this.#instruments);
    this.#alarm("open", opensAt);
    this.#alarm("minute", Math.max(opensAt, nextMinute(clock.now())));
    this.#alarm("watch", opensAt);
    this.#alarm("no-entries", closesAt - this.#plan.noEntriesBeforeCloseMs);
    this.#alarm("flatten", closesAt - this.#plan.flattenBeforeCloseMs);
    this.#alarm("close", closesAt);
    stop.throwIfAborted();
  }

  /** The loop: one event in, its consequences out, until the day has settled. */
  async #trade(): Promise<void> {
    for (;;) {
      const event = await this.#events.next();
      if (event.type === "stop") throw this.#stopped();
      if (event.type === "broker") await this.#hear(event.event, event.at);
      else if (event.name === "settled") return;
      else await this.#ring(event.name);
      this.#trader.proceed();
      if (this.#state === "settling" && this.#isSettled()) return;
    }
  }

  async #hear(event: BrokerEvent, at: number): Promise<void> {
    switch (event.type) {
      case "feed":
        for (const bar of this.#market.apply(event.event)) this.#trader.onBar(bar);
        return;
      case "connection":
        // That it is ready was written when it was opened; here only its coming back from 1100 is news.
        if (event.state === "ready" && !this.#trader.upstreamLost) return;
        this.#journal.write({
          kind: "connection-changed",
          state: event.state,
          detail: event.detail,
        });
        this.#trader.upstreamLost = event.state === "upstream-lost";
        if (event.state === "closed") {
          await orAborted(this.#reconnect(event.detail), this.#deps.stop);
        }
        return;
      case "notice":
        return this.#notices.hear(event, at);
      default:
        this.#desk.handle(event);
    }
  }

  async #ring(alarm: Alarm): Promise<void> {
    const { clock } = this.#deps;
    const { closesAt } = this.#plan.day;
    switch (alarm) {
      case "open":
        this.#enter("trading", `${this.#plan.day.exchange} is open`);
        this.#trader.protect();
        break;
      case "watch":
        this.#journal.catchUp();
        if (this.#journal.halt.current !== null) this.#trader.cancelEntries();
        this.#windows.check(clock.now());
        this.#watchFeed();
        if (clock.now() < closesAt) this.#alarm("watch", clock.now() + WATCH_MS);
        break;
      case "minute":
        if (this.#trader.isOwedAnAnswer) await this.#ask();
        this.#sampleEquity();
        this.#trader.onMinute();
        if (clock.now() + MINUTE_MS <= closesAt) this.#alarm("minute", clock.now() + MINUTE_MS);
        break;
      case "no-entries":
        this.#enter("winding-down", "no entries so close to the end");
        this.#trader.cancelEntries();
        break;
      case "flatten":
        if (this.#plan.atClose === "hold") break;
        this.#enter("flattening", "nothing is held over night");
        this.#trader.flatten("the session ends");
        break;
      case "close":
        this.#enter("settling", `${this.#plan.day.exchange} is closed`);
        this.#alarm("settled", clock.now() + this.#plan.settleAfterCloseMs);
        break;
      case "settled":
    }
  }

  /** The broker has been silent about something it should have answered: ask for its lists and book them. */
  async #ask(): Promise<void> {
    try {
      await this.#connection.recover("reconnect");
      this.#trader.giveUpOverdue();
    } catch (error) {
      if (!isBrokerSilence(error)) throw error;
      this.#journal.incident({ code: "broker-silent", text: error.message });
    }
  }

  /** Nothing can still change: no order works and every fill has its commission. */
  #isSettled(): boolean {
    return this.#journal.intents.open().length === 0 &&
      this.#journal.books.withoutCommission().length === 0;
  }

  async #closeBooks(): Promise<void> {
    const { word, reconciled } = await this.#connection.recover("end");
    this.#journal.write(snapshot(word, "end"), reconciled);
    if (reconciled.differences.length > 0) {
      throw new DifferenceError("The ledger and the broker differ at the end of the day");
    }
  }

  async #reconcileStart(): Promise<void> {
    this.#enter("reconciling", "before the session");
    const { word, reconciled } = await this.#connection.recover("start");
    // The first session ever has no books to compare: it takes the broker's word as its beginning.
    const differences = this.#journal.books.cash === null
      ? []
      : reconciled.differences.filter(({ what }) => what !== "cash");
    this.#journal.write({ ...reconciled, differences });
    const { acceptDifferences } = this.#plan;
    if (differences.length > 0 && acceptDifferences === null) {
      throw new DifferenceError(
        "The ledger and the broker differ before the session. Look at both; " +
          "to take over what the broker says: --accept-differences <reason>",
      );
    }
    if (differences.length > 0) {
      const text = `Differences accepted by a person: ${acceptDifferences}`;
      this.#journal.incident({ code: "differences-accepted", text });
    }
    // From here on the broker's word is where the day begins; after a refusal it must not be.
    this.#journal.write(snapshot(word, "start"));
  }

  /** While halted only exits go out; without a position there is nothing to do all day. */
  #refuseWhenHalted(): void {
    const { halt, books, intents } = this.#journal;
    if (halt.current === null || books.positions().length > 0) return;
    if (intents.open().length > 0) return;
    throw new HaltedError(halt.current.because);
  }

  /** The link broke: come back with the same client id, compare, and go on where the day stands. */
  async #reconnect(detail: string): Promise<void> {
    const resume = this.#state;
    this.#enter("connecting", detail);
    await this.#connection.reopen((because) => this.#enter("reconciling", because));
    this.#connection.broker.subscribe(this.#instruments);
    this.#notices.startConnection(this.#deps.clock.now());
    this.#staleFeed.pause();
    this.#enter(resume, "connected again");
    this.#trader.protect();
  }

  /** Quotes only renew what is known; everything else takes its turn in the loop. */
  #receive(event: BrokerEvent): void {
    if (event.type === "feed" && event.event.type === "quote") this.#market.apply(event.event);
    else this.#events.push({ type: "broker", event, at: this.#deps.clock.now() });
  }

  #watchFeed(): void {
    if (!MAY[this.#state].exits || this.#trader.upstreamLost) return this.#staleFeed.pause();
    this.#staleFeed.check(this.#deps.clock.now(), this.#instruments);
  }

  #sampleEquity(): void {
    const sample = valuation(this.#journal.books, (symbol) => this.#market.mark(symbol));
    if (sample === null) return;
    this.#journal.write(sample);
  }

  #enter(state: SessionState, because: string): void {
    this.#journal.write({ kind: "state-changed", from: this.#state, to: state, because });
    this.#state = state;
  }

  #alarm(name: Alarm, atMs: number): void {
    this.#alarms.push(this.#deps.clock.at(atMs, () => this.#events.push({ type: "alarm", name })));
  }

  /** Stopped by hand: no new risk stays behind, protection at the broker does. */
  #stopped(): StoppedError {
    if (MAY[this.#state].cancels) this.#trader.cancelEntries();
    return new StoppedError("stopped by signal; protective orders stay at the broker");
  }

  #end(outcome: SessionClosed["outcome"], because: string): SessionOutcome {
    this.#enter(outcome === "failed" ? "failed" : "closed", because);
    this.#trader.summariseDecisions();
    this.#journal.write({ kind: "session-closed", outcome, because });
    return { outcome, because };
  }

  /** Failures with a name end the session in its books; anything else is a defect and surfaces as one. */
  #endBecause(error: unknown): SessionOutcome {
    if (error instanceof StoppedError || this.#deps.stop.aborted) {
      return this.#end("interrupted", "stopped by signal");
    }
    if (error instanceof HaltedError) return this.#end("halted", error.message);
    const expected = [DifferenceError, WarmUpError, SetupError, StrategyStoppedError];
    if (isBrokerSilence(error)) return this.#end("failed", error.message);
    if (error instanceof Error && expected.some((kind) => error instanceof kind)) {
      return this.#end("failed", error.message);
    }
    throw error;
  }
}

function nextMinute(now: number): number {
  return Math.ceil(now / MINUTE_MS) * MINUTE_MS;
}
