import type {
  ClockCompared,
  EntryBody,
  FarmChanged,
  ParentOrderEnded,
  ParentOrderStarted,
} from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import { at, QUOTE } from "./entries.ts";

/** Entries of the way to the broker, of algorithms at work, and of people. */

export function farm(
  name: string,
  state: FarmChanged["state"],
  service: FarmChanged["service"] = "market-data",
): EntryBody {
  const code = { up: 2104, down: 2103, inactive: 2108, connecting: 2119 }[state];
  return { kind: "farm-changed", farm: name, service, state, code };
}

export function clockOff(offsetMs: number): ClockCompared {
  return { kind: "clock-compared", offsetMs, roundTripMs: 4 };
}

/** 100 shares, wanted by signal `s1`, from the first minute to the eleventh. */
export function parent(changes: Partial<ParentOrderStarted> = {}): EntryBody {
  return {
    kind: "parent-order",
    parentOrderId: "P",
    signalId: "s1",
    strategy: "sma-crossover",
    symbol: "AAPL",
    side: "BUY",
    purpose: "enter",
    quantity: parseMicros("100"),
    algorithm: "TWAP",
    because: "100 shares are 12 % of a minute's volume",
    startMs: at(1),
    endMs: at(11),
    seed: 1,
    limitPrice: parseMicros("101"),
    stopPrice: parseMicros("95"),
    reserved: parseMicros("10100"),
    sizing: "100 shares",
    expectedVolume: null,
    quote: QUOTE,
    ...changes,
  };
}

export function parentEnded(changes: Partial<ParentOrderEnded> = {}): EntryBody {
  return {
    kind: "parent-ended",
    parentOrderId: "P",
    symbol: "AAPL",
    outcome: "partly-filled",
    because: "its time is over",
    filled: parseMicros("20"),
    remainder: parseMicros("80"),
    avgFillPrice: parseMicros("100.5"),
    intervalVwap: null,
    marketVolume: null,
    quote: QUOTE,
    ...changes,
  };
}

export function said(
  kind: "entries-paused" | "entries-resumed" | "flatten-requested" | "halted" | "halt-lifted",
  because: string,
): EntryBody {
  return { kind, actor: "operator", because };
}
