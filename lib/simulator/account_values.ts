import { divide, greatest, type Micros, roundToStep, toNumber, ZERO } from "../money.ts";
import type { Account } from "./account.ts";
import type { AccountFigures } from "./margin.ts";

/** An account in TWS's words: tags and texts, with two decimals as TWS rounds them. */
export interface ValueRow {
  readonly tag: string;
  readonly value: string;
  /** Empty for what is no money. */
  readonly currency: string;
}

const CENT: Micros = 10_000n;

/** `100000.00` */
export function cents(value: Micros): string {
  const rounded = roundToStep(value, CENT) / CENT;
  const digits = String(rounded < 0n ? -rounded : rounded).padStart(3, "0");
  return `${rounded < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Amounts in dollars that account updates and the summary both know. */
function amounts(account: Account, figures: AccountFigures): Record<string, Micros> {
  const { netLiquidation, availableFunds, initMargin, maintMargin, cash } = figures;
  const excess = greatest(ZERO, netLiquidation - maintMargin);
  return {
    AccruedCash: ZERO,
    AccruedDividend: ZERO,
    AvailableFunds: availableFunds,
    Billable: ZERO,
    BuyingPower: figures.buyingPower,
    EquityWithLoanValue: netLiquidation,
    ExcessLiquidity: excess,
    FullAvailableFunds: availableFunds,
    FullExcessLiquidity: excess,
    FullInitMarginReq: initMargin,
    FullMaintMarginReq: maintMargin,
    GrossPositionValue: figures.grossPositionValue,
    InitMarginReq: initMargin,
    LookAheadAvailableFunds: availableFunds,
    LookAheadExcessLiquidity: excess,
    LookAheadInitMarginReq: initMargin,
    LookAheadMaintMarginReq: maintMargin,
    MaintMarginReq: maintMargin,
    NetLiquidation: netLiquidation,
    PreviousDayEquityWithLoanValue: account.startingCash,
    RegTEquity: netLiquidation,
    RegTMargin: figures.overnightMargin,
    SMA: greatest(ZERO, netLiquidation - figures.overnightMargin),
    SettledCash: cash,
    TotalCashValue: cash,
  };
}

/** The part of the account kept in one currency; ours has dollars alone. */
function ledger(figures: AccountFigures): Record<string, string> {
  return {
    AccruedCash: "0.00",
    CashBalance: cents(figures.cash),
    ExchangeRate: "1.00",
    NetLiquidationByCurrency: cents(figures.netLiquidation),
    RealizedPnL: cents(figures.realizedPnl),
    StockMarketValue: cents(figures.stockMarketValue),
    TotalCashBalance: cents(figures.cash),
    UnrealizedPnL: cents(figures.unrealizedPnl),
  };
}

/** Of net liquidation, what is not tied up: 1 without positions. */
function cushion({ netLiquidation, maintMargin }: AccountFigures): string {
  if (netLiquidation <= ZERO) return "0";
  return String(toNumber(divide(greatest(ZERO, netLiquidation - maintMargin), netLiquidation)));
}

function leverage({ netLiquidation, grossPositionValue }: AccountFigures): string {
  return netLiquidation <= ZERO ? "0.00" : cents(divide(grossPositionValue, netLiquidation));
}

/** Rows of reqAccountUpdates, by key as TWS sorts them. `-S` is the securities segment, all there is here. */
export function updateRows(account: Account, figures: AccountFigures): ValueRow[] {
  const row = (tag: string, value: string, currency = ""): ValueRow => ({ tag, value, currency });
  const money = Object.entries(amounts(account, figures)).flatMap(([tag, value]) => [
    row(tag, cents(value), "USD"),
    row(`${tag}-S`, cents(value), "USD"),
  ]);
  const byCurrency = Object.entries(ledger(figures)).flatMap(([tag, value]) => [
    row(tag, value, "BASE"),
    row(tag, value, "USD"),
  ]);
  return [
    row("AccountCode", account.id),
    row("AccountOrGroup", account.id, "BASE"),
    row("AccountOrGroup", account.id, "USD"),
    row("AccountReady", "true"),
    row("AccountType", "INDIVIDUAL"),
    row("Currency", "BASE", "BASE"),
    row("Currency", "USD", "USD"),
    row("Cushion", cushion(figures)),
    row("DayTradesRemaining", "-1"),
    row("Leverage-S", leverage(figures)),
    row("LookAheadNextChange", "0"),
    row("RealCurrency", "USD", "BASE"),
    row("RealCurrency", "USD", "USD"),
    row("SegmentTitle-S", "US Securities"),
    row("TradingType-S", "STKNOPT"),
    row("WhatIfPMEnabled", "true"),
    ...money,
    ...byCurrency,
  ].sort(byTag);
}

/** Tags of the summary that are spelled differently there. */
const SUMMARY_NAMES: Readonly<Record<string, string>> = {
  PreviousDayEquityWithLoanValue: "PreviousEquityWithLoanValue",
  RegTEquity: "ReqTEquity",
  RegTMargin: "ReqTMargin",
};

/** Rows of reqAccountSummary for a comma list of tags; unknown ones bring nothing. */
export function summaryRows(account: Account, figures: AccountFigures, tags: string): ValueRow[] {
  const known = new Map<string, ValueRow>(); // tag → row
  const add = (tag: string, value: string, currency = ""): void => {
    known.set(tag, { tag, value, currency });
  };
  add("AccountType", "INDIVIDUAL");
  add("Cushion", cushion(figures));
  add("DayTradesRemaining", "-1");
  add("HighestSeverity", "0");
  add("Leverage", leverage(figures));
  add("LookAheadNextChange", "0");
  for (const [tag, value] of Object.entries(amounts(account, figures))) {
    add(SUMMARY_NAMES[tag] ?? tag, cents(value), "USD");
    add(tag, cents(value), "USD");
  }
  const asked = tags.split(",").map((tag) => tag.trim());
  const rows = asked.flatMap((tag) => known.get(tag) ?? []);
  return [...rows, ...asked.flatMap((tag) => ledgerRows(account, figures, tag))].sort(byTag);
}

/** `$LEDGER` is the base currency, `$LEDGER:USD` that one, `$LEDGER:ALL` both. */
function ledgerRows(account: Account, figures: AccountFigures, tag: string): ValueRow[] {
  if (!tag.startsWith("$LEDGER")) return [];
  const currency = tag.slice("$LEDGER:".length);
  const currencies = currency === "ALL" ? ["BASE", "USD"] : currency === "" ? ["BASE"] : [currency];
  return currencies.filter((each) => each === "BASE" || each === "USD").flatMap((each) => [
    { tag: "AccountOrGroup", value: account.id, currency: each },
    { tag: "Currency", value: each, currency: each },
    { tag: "RealCurrency", value: "USD", currency: each },
    ...Object.entries(ledger(figures)).map(([name, value]) => ({
      tag: name,
      value,
      currency: each,
    })),
  ]);
}

function byTag(a: ValueRow, b: ValueRow): number {
  return a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0;
}
