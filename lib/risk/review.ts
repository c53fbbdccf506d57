import type { Instrument } from "../market/market.ts";
import {
  absolute,
  formatMicros,
  fromNumber,
  greatest,
  least,
  type Micros,
  multiply,
  toNumber,
  ZERO,
} from "../money.ts";
import type { Side, Signal } from "../strategy/strategy.ts";
import { checkBuyingPower } from "./buying_power.ts";
import { checkAmounts } from "./amounts.ts";
import { checkExposure, checkLiquidity } from "./exposure.ts";
import { type Book, held, openShares, tradeKey } from "./book.ts";
import {
  checkAccount,
  checkOrderRate,
  checkPermission,
  checkRepetition,
  checkWorth,
  ORDERS_PER_ENTRY,
} from "./gates.ts";
import type { Limits } from "./limits.ts";
import { isRefusal, type Prices, pricesOf, stopOf } from "./prices.ts";
import { type Refusal, refusal, type RefusalCode } from "./refusals.ts";
import { sizeOf } from "./sizing.ts";

interface ApprovedFacts {
  readonly signal: Signal;
  readonly instrument: Instrument;
  readonly quantity: Micros;
  readonly limitPrice: Micros | null;
  readonly stopPrice: Micros | null;
  readonly reserved: Micros;
  readonly sizing: string;
}

/**
 * A signal that may become orders. The class is not exported and has a private field, so nothing outside this
 * file can make one: no literal, no copy with other numbers.
 */
class ApprovedSignal implements ApprovedFacts {
  readonly outcome = "approved";
  readonly signal: Signal;
  readonly instrument: Instrument;
  /** Whole shares, positive. */
  readonly quantity: Micros;
  /** The worst acceptable price, on the tick grid; null for an exit without a good quote. */
  readonly limitPrice: Micros | null;
  /** Where the protective stop goes, on the tick grid; null for an exit that leaves at once. */
  readonly stopPrice: Micros | null;
  /** The most an entry can cost; of an exit 0. */
  readonly reserved: Micros;
  /** Why this size, in words with the numbers. */
  readonly sizing: string;
  readonly #reviewed = true;

  constructor(facts: ApprovedFacts) {
    this.signal = facts.signal;
    this.instrument = facts.instrument;
    this.quantity = facts.quantity;
    this.limitPrice = facts.limitPrice;
    this.stopPrice = facts.stopPrice;
    this.reserved = facts.reserved;
    this.sizing = facts.sizing;
  }
}

export type Approved = ApprovedSignal;

export interface Refused extends Refusal {
  readonly outcome: "refused";
  readonly signal: Signal;
  readonly code: RefusalCode;
}

export type Decision = Approved | Refused;

/**
 * One decision per signal, in their order. What an earlier signal was granted counts as working for the later
 * ones, so a burst of signals cannot pass a limit together that each of them would pass alone. Entries of one
 * group are approved together or not at all.
 */
export function review(
  signals: readonly Signal[],
  limits: Limits,
  book: Book,
): readonly Decision[] {
  const broken = new Map<string, Refused>(); // group → the refusal that broke it
  for (;;) {
    const decisions = reviewAll(signals, limits, { book, broken });
    const news = decisions.filter((one): one is Refused =>
      one.outcome === "refused" && one.signal.group !== undefined && !broken.has(one.signal.group)
    );
    // Each round breaks at least one group more, so there are no more rounds than groups.
    if (news.length === 0) return decisions;
    for (const refused of news) broken.set(refused.signal.group ?? "", refused);
  }
}

function reviewAll(
  signals: readonly Signal[],
  limits: Limits,
  given: { readonly book: Book; readonly broken: ReadonlyMap<string, Refused> },
): readonly Decision[] {
  const decisions: Decision[] = [];
  let current = given.book;
  for (const [index, signal] of signals.entries()) {
    const decision = signal.purpose === "enter"
      ? reviewLeg(signal, limits, { book: current, broken: given.broken })
      : reviewExit(signal, limits, current);
    decisions.push(decision);
    const isLast = index === signals.length - 1;
    if (decision.outcome === "approved" && !isLast) current = withGranted(current, decision);
  }
  return decisions;
}

/** An entry whose group another one has broken is refused for that reason, without reserving anything. */
function reviewLeg(
  signal: Signal,
  limits: Limits,
  { book, broken }: { readonly book: Book; readonly broken: ReadonlyMap<string, Refused> },
): Decision {
  const breaker = broken.get(signal.group ?? "");
  if (breaker === undefined || signal.group === undefined) return reviewEntry(signal, limits, book);
  if (breaker.signal === signal) return breaker;
  const { code, signal: other } = breaker;
  return { outcome: "refused", signal, ...refusal("OTHER_LEG_REFUSED", `${other.symbol} ${code}`) };
}

function reviewEntry(signal: Signal, limits: Limits, book: Book): Decision {
  const { side } = signal;
  const no = (found: Refusal): Refused => ({ outcome: "refused", signal, ...found });
  const closed = checkPermission(signal, limits, book) ??
    checkRepetition(signal, limits, book) ?? checkAccount(limits, book);
  if (closed !== null) return no(closed);
  const market = marketOf(signal, limits, book);
  if ("code" in market) return no(market);
  const { instrument, prices, stopPrice } = market;
  if (book.equity === null) return no(refusal("VALUATION_UNKNOWN", "equity"));
  const size = sizeOf(limits, {
    equity: book.equity,
    record: book.record,
    stopPrice,
    ...prices,
  });
  if ("code" in size) return no(size);
  const { quantity } = size;
  const notional = multiply(prices.costPrice, quantity);
  const atRisk = multiply(absolute(prices.limitPrice - stopPrice), quantity);
  // The legs of a group leave at once, so that neither waits for the other.
  const bars = signal.group === undefined ? book.workedBars : 1;
  const tooMuch = checkAmounts({ notional, side }, limits, book) ??
    checkExposure({ instrument, side, notional, atRisk }, limits, book) ??
    checkLiquidity({ symbol: signal.symbol, quantity, bars }, limits, book) ??
    checkBuyingPower({ symbol: signal.symbol, side, quantity, notional }, book);
  if (tooMuch !== null) return no(tooMuch);
  return new ApprovedSignal({
    signal,
    instrument,
    quantity,
    limitPrice: prices.limitPrice,
    stopPrice,
    reserved: notional,
    sizing: size.text,
  });
}

/** What an algorithm wants to send now of an entry that was approved before. */
export interface SliceWish {
  readonly parentOrderId: string;
  /** Whole shares. */
  readonly quantity: Micros;
}

/**
 * A slice of an approved entry. Its parent's size, exposure and repetition were reviewed when it was approved and
 * are reserved whole; what may have changed since is asked again: halts, quotes, losses, and whether what is held
 * and reserved still fits. A slice pays no more than its parent may, nor than the quote of now allows.
 */
export function reviewSlice(wish: SliceWish, limits: Limits, book: Book): Decision {
  const { parentOrderId, quantity } = wish;
  const parent = book.parents.get(parentOrderId);
  const signal: Signal = {
    symbol: parent?.symbol ?? "",
    side: parent?.side ?? "BUY",
    purpose: "enter",
    stopPrice: parent === undefined ? null : toNumber(parent.stopPrice),
    reason: { rule: "slice", text: "A slice of an approved entry", inputs: { parentOrderId } },
  };
  const no = (found: Refusal): Refused => ({ outcome: "refused", signal, ...found });
  const unsent = parent?.unsent ?? ZERO;
  if (parent === undefined || quantity <= ZERO || quantity > unsent) {
    return no(refusal("EXCEEDS_PARENT", formatMicros(quantity), formatMicros(unsent)));
  }
  const closed = checkPermission(signal, limits, book) ?? checkOrderRate(limits, book) ??
    checkWorth(limits, book);
  if (closed !== null) return no(closed);
  const market = marketOf(signal, limits, book);
  if ("code" in market) return no(market);
  const { instrument, prices } = market;
  const limitPrice = signal.side === "BUY"
    ? least(parent.limitPrice, prices.limitPrice)
    : greatest(parent.limitPrice, prices.limitPrice);
  const nothingMore = { notional: ZERO, side: signal.side };
  const tooMuch = checkAmounts(nothingMore, limits, book) ??
    checkExposure({ ...nothingMore, instrument, atRisk: ZERO }, limits, book);
  if (tooMuch !== null) return no(tooMuch);
  return new ApprovedSignal({
    signal,
    instrument,
    quantity,
    limitPrice,
    stopPrice: market.stopPrice,
    reserved: multiply(limitPrice, quantity),
    sizing: parent.sizing,
  });
}

/** What an entry needs of its market: an instrument, a quote to rely on, and a stop that protects. */
function marketOf(
  signal: Signal,
  limits: Limits,
  book: Book,
): { instrument: Instrument; prices: Prices; stopPrice: Micros } | Refusal {
  const { symbol, side } = signal;
  const instrument = book.instruments.get(symbol);
  if (instrument === undefined) return refusal("UNKNOWN_SYMBOL");
  const suspect = book.quarantined.get(symbol);
  if (suspect !== undefined) {
    return refusal("PRICE_QUARANTINED", String(suspect), String(limits.outlierPct));
  }
  const quote = book.quotes.get(symbol);
  const prices = pricesOf({ quote, side, instrument, limits, now: book.now });
  if (isRefusal(prices)) return prices;
  if (quote === undefined) return refusal("NO_QUOTE");
  const stopPrice = stopOf({ stopPrice: signal.stopPrice, side, quote, instrument });
  return isRefusal(stopPrice) ? stopPrice : { instrument, prices, stopPrice };
}

/**
 * A protective stop for `shares` of what is held, null for all of it: `signal` is an exit that says where. It only
 * ever reduces, so like any exit no limit, halt or missing price may keep it from going out.
 */
export function reviewStop(
  { signal, shares }: { readonly signal: Signal; readonly shares: Micros | null },
  limits: Limits,
  book: Book,
): Decision {
  const { stopPrice } = signal;
  if (stopPrice === null) return { outcome: "refused", signal, ...refusal("STOP_MISSING") };
  const exit = reviewExit(signal, limits, book);
  if (exit.outcome === "refused") return exit;
  const { instrument, reserved, sizing } = exit;
  const quantity = shares === null ? exit.quantity : least(shares, exit.quantity);
  const exact = fromNumber(stopPrice);
  if (exact <= ZERO) {
    return { outcome: "refused", signal, ...refusal("INVALID_PRICE", String(stopPrice)) };
  }
  const facts = { signal, instrument, quantity, reserved, sizing };
  return new ApprovedSignal({ ...facts, limitPrice: null, stopPrice: exact });
}

/** Exits only ever reduce, so no limit, halt or missing price may keep one from going out. */
function reviewExit(signal: Signal, limits: Limits, book: Book): Decision {
  const { symbol, side } = signal;
  const no = (found: Refusal): Refused => ({ outcome: "refused", signal, ...found });
  const shares = held(book, symbol);
  if (shares === ZERO) return no(refusal("NOTHING_TO_EXIT", "0"));
  const closing: Side = shares > ZERO ? "SELL" : "BUY";
  if (side !== closing) return no(refusal("EXIT_WRONG_SIDE", side, closing));
  const working = openShares(book, symbol, "exit");
  const quantity = absolute(shares) - working;
  if (quantity <= ZERO) {
    return no(refusal("EXIT_WORKING", formatMicros(working), formatMicros(absolute(shares))));
  }
  const instrument = book.instruments.get(symbol);
  if (instrument === undefined) return no(refusal("UNKNOWN_SYMBOL"));
  const quote = book.quotes.get(symbol);
  const prices = pricesOf({ quote, side, instrument, limits, now: book.now });
  return new ApprovedSignal({
    signal,
    instrument,
    quantity,
    limitPrice: isRefusal(prices) ? null : prices.limitPrice,
    stopPrice: null,
    reserved: ZERO,
    sizing: `the whole position of ${formatMicros(shares)} shares` +
      (working === ZERO ? "" : `, less ${formatMicros(working)} in working exits`),
  });
}

function withGranted(book: Book, granted: Approved): Book {
  const { symbol, side, purpose } = granted.signal;
  const { quantity: remaining, reserved, limitPrice, stopPrice } = granted;
  const atRisk = limitPrice === null || stopPrice === null
    ? ZERO
    : multiply(absolute(limitPrice - stopPrice), remaining);
  const orders = purpose === "enter" ? ORDERS_PER_ENTRY : 1;
  return {
    ...book,
    working: [...book.working, { symbol, side, purpose, remaining, reserved, atRisk }],
    lastTrade: new Map(book.lastTrade).set(tradeKey(symbol, side), book.now),
    ordersLastMinute: book.ordersLastMinute + orders,
    ordersToday: new Map(book.ordersToday).set(
      symbol,
      (book.ordersToday.get(symbol) ?? 0) + orders,
    ),
  };
}
