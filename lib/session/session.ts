import type { Broker, BrokerEvent } from "../broker/broker.ts";
import type { Cancel } from "../clock.ts";
import type { ClockCompared, SessionClosed, SessionState } from "../ledger/entry.ts";
import type { Instrument } from "../market/market.ts";
import { findInstruments } from "./instruments.ts";
import { orAborted } from "./abort.ts";
import { assemble, type Parts, type SessionDeps } from "./assembly.ts";
import { COMPARE_EVERY_MS, compareClocks } from "./clock_watch.ts";
import { closeBooks } from "./closing.ts";
import { dayPrices } from "./day_prices.ts";
import { endingOf, type SessionOutcome, StoppedError } from "./ending.ts";
import { EventQueue } from "./event_queue.ts";
import { checkHours } from "./hours.ts";
import { reconcileStart, refuseWhenHalted } from "./opening.ts";
import { openedEntry, type SessionPlan } from "./plan.ts";
import { MAY } from "./state.ts";
import { valuation } from "./valuation.ts";
import { warmUp } from "./warm_up.ts";

export type { SessionDeps, SessionOutcome };

type Alarm =
  | "open"
  | "watch"
  | "minute"
  | "hour"
  | "clock"
  | "no-entries"
  | "flatten"
  | "close"
  | "settled";

type SessionEvent =
  | { readonly type: "broker"; readonly event: BrokerEvent }
  | { readonly type: "alarm"; readonly name: Alarm }
  | { readonly type: "clock"; readonly compared: ClockCompared }
  | { readonly type: "stop" }
  /** Something that ran beside the loop has failed in a way nobody foresaw. */
  | { readonly type: "defect"; readonly error: unknown };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PROFILED: ReadonlySet<string> = new Set(["auto", "VWAP"]);
/** A person's halt takes effect within this. */
const WATCH_MS = 2_000;

/** One exchange day, from connecting to the closed books. */
export async function runSession(plan: SessionPlan, deps: SessionDeps): Promise<SessionOutcome> {
  return await new TradingSession(plan, deps).run();
}

class TradingSession {
  readonly #plan: SessionPlan;
  readonly #deps: SessionDeps;
  readonly #journal: Parts["journal"];
  readonly #desk: Parts["desk"];
  readonly #market: Parts["market"];
  readonly #trader: Parts["trader"];
  readonly #profiles: Parts["profiles"];
  readonly #notices: Parts["notices"];
  readonly #staleFeed: Parts["staleFeed"];
  readonly #windows: Parts["windows"];
  readonly #hands: Parts["hands"];
  readonly #funds: Parts["funds"];
  readonly #clockWatch: Parts["clockWatch"];
  readonly #connection: Parts["connection"];
  readonly #inquiry: Parts["inquiry"];
  readonly #events = new EventQueue<SessionEvent>();
  readonly #alarms: Cancel[] = [];
  #state: SessionState = "preflight";
  #instruments: readonly Instrument[] = [];
  /** A person wanted everything closed before this session began: it does that, and ends. */
  #closesOnly = false;

  constructor(plan: SessionPlan, deps: SessionDeps) {
    this.#plan = plan;
    this.#deps = deps;
    const parts = assemble(plan, deps, {
      state: () => this.#state,
      listener: (event) => this.#receive(event),
    });
    this.#journal = parts.journal;
    this.#desk = parts.desk;
    this.#market = parts.market;
    this.#trader = parts.trader;
    this.#profiles = parts.profiles;
    this.#notices = parts.notices;
    this.#staleFeed = parts.staleFeed;
    this.#windows = parts.windows;
    this.#hands = parts.hands;
    this.#funds = parts.funds;
    this.#clockWatch = parts.clockWatch;
    this.#connection = parts.connection;
    this.#inquiry = parts.inquiry;
    deps.stop.addEventListener("abort", () => this.#events.push({ type: "stop" }), { once: true });
  }

  async run(): Promise<SessionOutcome> {
    try {
      const { stop } = this.#deps;
      await orAborted(this.#open(), stop);
      await this.#trade();
      await orAborted(this.#closeBooks(), stop);
      const { halt } = this.#journal.standing;
      return halt === null
        ? this.#end("done", "the day is over and the books are closed")
        : this.#end("halted", halt.because);
    } catch (error) {
      const { aborted } = this.#deps.stop;
      // Also when it was waiting for an answer: no new risk stays behind, protection at the broker does.
      if (aborted && MAY[this.#state].cancels) this.#trader.cancelEntries("stopped by signal");
      const ending = endingOf(error, aborted);
      if (ending === null) throw error;
      return this.#end(ending.outcome, ending.because);
    } finally {
      for (const cancel of this.#alarms) cancel();
      this.#profiles.close();
      await this.#connection.close();
    }
  }

  /** Connect, bring the books up to date, warm up, subscribe. */
  async #open(): Promise<void> {
    const { clock, stop } = this.#deps;
    this.#enter("connecting", "the session starts");
    const broker = await this.#connection.open();
    this.#journal.write(openedEntry(this.#plan, this.#connection.account));
    const { acceptDifferences } = this.#plan;
    this.#enter("reconciling", "before the session");
    await reconcileStart(this.#connection, { journal: this.#journal, acceptDifferences });
    refuseWhenHalted(this.#journal);
    this.#closesOnly = this.#journal.standing.flatten !== null;
    this.#enter("warming-up", `${this.#plan.symbols.length} symbols`);
    this.#instruments = await findInstruments(broker, this.#plan.symbols, this.#journal);
    const warmth = this.#closesOnly ? "only to close positions" : await this.#warmUp(broker);
    this.#trader.instruments = this.#instruments;
    const { opensAt, closesAt } = this.#plan.day;
    const { inForce } = this.#hands;
    this.#enter("waiting-for-open", inForce === "" ? warmth : `${warmth}; ${inForce}`);
    broker.subscribe(this.#instruments);
    this.#loadProfiles();
    this.#beside(this.#funds.refresh(this.#connection, this.#instruments));
    this.#alarm("open", opensAt);
    this.#alarm("minute", Math.max(opensAt, nextMinute(clock.now())));
    this.#alarm("hour", Math.max(opensAt, clock.now()) + HOUR_MS);
    this.#alarm("watch", opensAt);
    this.#alarm("clock", clock.now());
    this.#alarm("no-entries", closesAt - this.#plan.noEntriesBeforeCloseMs);
    this.#alarm("flatten", closesAt - this.#plan.flattenBeforeCloseMs);
    this.#alarm("close", closesAt);
    stop.throwIfAborted();
  }

  /** What the strategy needs before its first bar; in words, with the number of bars. */
  async #warmUp(broker: Broker): Promise<string> {
    const { calendar, day, rules: { strategy, barMs } } = this.#plan;
    checkHours(this.#instruments, { calendar, date: day.date, journal: this.#journal });
    strategy.init(this.#instruments.map(({ symbol }) => symbol));
    const { bars } = await warmUp(broker, {
      strategy,
      instruments: this.#instruments,
      barMs,
      isLate: this.#deps.clock.now() > day.opensAt,
      observe: (bar) => this.#market.recall(bar),
    });
    return `warm with ${bars} bars`;
  }

  /** The loop: one event in, its consequences out, until the day has settled. */
  async #trade(): Promise<void> {
    const { clock } = this.#deps;
    for (;;) {
      const event = await this.#events.next();
      if (event.type === "stop") throw new StoppedError();
      if (event.type === "defect") throw event.error;
      if (event.type === "broker") await this.#hear(event.event);
      else if (event.type === "clock") this.#clockWatch.book(event.compared, clock.now());
      else if (event.name === "settled") return;
      else await this.#ring(event.name);
      this.#trader.proceed();
      this.#settleWhenClosed();
      if (this.#state === "settling" && this.#isSettled()) return;
    }
  }

  async #hear(event: BrokerEvent): Promise<void> {
    switch (event.type) {
      case "feed":
        for (const bar of this.#market.apply(event.event)) {
          if (!this.#closesOnly) this.#trader.onBar(bar);
        }
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
      default:
        this.#trader.onBooked(this.#desk.handle(event));
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
        if (MAY[this.#state].exits) this.#hands.check(clock.now());
        this.#windows.check(clock.now());
        this.#watchFeed();
        if (clock.now() < closesAt) this.#alarm("watch", clock.now() + WATCH_MS);
        break;
      case "minute":
        await this.#inquiry.ask();
        this.#sampleEquity();
        this.#trader.onMinute();
        this.#beside(this.#funds.refresh(this.#connection, this.#instruments));
        if (clock.now() + MINUTE_MS <= closesAt) this.#alarm("minute", clock.now() + MINUTE_MS);
        break;
      case "hour":
        // What a session knows only in memory is lost with its process.
        this.#trader.tellDecisions();
        if (clock.now() + HOUR_MS <= closesAt) this.#alarm("hour", clock.now() + HOUR_MS);
        break;
      case "clock":
        void this.#askTheTime();
        if (clock.now() < closesAt) this.#alarm("clock", clock.now() + COMPARE_EVERY_MS);
        break;
      case "no-entries":
        this.#enter("winding-down", "no entries so close to the end");
        this.#trader.cancelEntries("no entries so close to the end");
        break;
      case "flatten":
        if (this.#plan.atClose === "hold") break;
        this.#enter("flattening", "nothing is held over night");
        this.#trader.flatten("the session ends");
        break;
      case "close":
        if (this.#state !== "settling") this.#settle(`${this.#plan.day.exchange} is closed`);
        break;
      case "settled":
    }
  }

  /** The answer takes its turn in the loop, which does not wait for it. */
  async #askTheTime(): Promise<void> {
    const compared = await compareClocks(this.#connection, this.#deps.clock);
    if (compared !== null) this.#events.push({ type: "clock", compared });
  }

  #settle(because: string): void {
    this.#enter("settling", because);
    this.#alarm("settled", this.#deps.clock.now() + this.#plan.settleAfterCloseMs);
  }

  /** A session that came only to close positions need not wait for the end of the day. */
  #settleWhenClosed(): void {
    if (!this.#closesOnly || !MAY[this.#state].exits) return;
    if (this.#hands.isFlat(this.#instruments)) this.#settle("everything is closed, as wanted");
  }

  /** Nothing can still change: no order works and every fill has its commission. */
  #isSettled(): boolean {
    return this.#journal.intents.open().length === 0 &&
      this.#journal.books.withoutCommission().length === 0;
  }

  async #closeBooks(): Promise<void> {
    const traded = [...this.#journal.day.ordersToday.keys()].sort();
    const prices = dayPrices(this.#market.tape, traded, this.#plan.day);
    if (prices !== null) this.#journal.write(prices);
    await closeBooks(this.#connection, this.#journal);
  }

  /** The link broke: come back with the same client id, compare, and go on where the day stands. */
  async #reconnect(detail: string): Promise<void> {
    const resume = this.#state;
    this.#enter("connecting", detail);
    await this.#connection.reopen((because) => this.#enter("reconciling", because));
    this.#connection.broker.subscribe(this.#instruments);
    this.#loadProfiles();
    this.#notices.startConnection(this.#deps.clock.now());
    this.#staleFeed.pause();
    this.#enter(resume, "connected again");
    this.#trader.protect();
  }

  /** Only an algorithm that follows the market's volume wants the curves; nothing waits for them. */
  #loadProfiles(): void {
    if (!PROFILED.has(this.#plan.execution.style)) return;
    this.#beside(this.#profiles.load(this.#connection.broker, this.#instruments));
  }

  /** The loop does not wait for what only has to be known in time. */
  #beside(work: Promise<void>): void {
    work.catch((error: unknown) => this.#events.push({ type: "defect", error }));
  }

  /** Quotes only renew what is known; everything else takes its turn in the loop. */
  #receive(event: BrokerEvent): void {
    const at = this.#deps.clock.now();
    if (event.type === "feed" && event.event.type === "quote") this.#market.apply(event.event);
    // They change nothing in the loop, and a start that fails is read by what TWS said meanwhile.
    else if (event.type === "notice") {
      if (this.#state !== "closed" && this.#state !== "failed") this.#notices.hear(event, at);
    } else this.#events.push({ type: "broker", event });
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

  #end(outcome: SessionClosed["outcome"], because: string): SessionOutcome {
    this.#enter(outcome === "failed" ? "failed" : "closed", because);
    this.#trader.close();
    this.#journal.write({ kind: "session-closed", outcome, because });
    return { outcome, because };
  }
}

function nextMinute(now: number): number {
  return Math.ceil(now / MINUTE_MS) * MINUTE_MS;
}
