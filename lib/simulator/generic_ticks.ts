import { TICK } from "../wire/tick_type.ts";
import type { Snapshot } from "./ticker.ts";
import { type Shortability, shortability } from "./shortability.ts";
import type { Listing } from "./universe.ts";

/** Extra ticks that a market data request may ask for by number. */

/** Those TWS knows for stocks; what is not simulated brings no ticks, as when IB has nothing to say. */
const LEGAL: ReadonlyMap<string, string> = new Map([
  ["100", "Option Volume"],
  ["101", "Option Open Interest"],
  ["105", "Average Opt Volume"],
  ["106", "impvolat"],
  ["165", "Misc. Stats"],
  ["221", "Mark Price"],
  ["225", "Auction"],
  ["232", "Mark Price"],
  ["233", "RTVolume"],
  ["236", "inventory"],
  ["258", "Fundamentals"],
  ["292", "Wide_news"],
  ["293", "TradeCount"],
  ["294", "TradeRate"],
  ["295", "VolumeRate"],
  ["318", "LastRTHTrade"],
  ["375", "RTTrdVolume"],
  ["411", "rthistvol"],
  ["456", "IBDividends"],
  ["460", "Bond Multiplier"],
  ["577", "EtfNavLast"],
  ["595", "ShortTermVolume"],
  ["619", "Slow Mark Price"],
]);

/** The refusal of a list with something in it that TWS does not know; null when all is well. */
export function genericTickRefusal(list: string): string | null {
  const asked = list.split(",").map((id) => id.trim()).filter((id) => id !== "");
  // A name may follow a number: `mdoff` and `292:BRFG` are legal.
  const unknown = asked.filter((id) => id !== "mdoff" && !LEGAL.has(id.split(":")[0] ?? ""));
  if (unknown.length === 0) return null;
  const legal = [...LEGAL].map(([id, name]) => `${id}(${name})`).join(",");
  return `Error validating request.-'bQ' : cause - Incorrect generic tick list of ${
    unknown.join(",")
  }. ` +
    ` Legal ones for (STK) are: ${legal}`;
}

export interface GenericTick {
  readonly tickType: number;
  readonly kind: "price" | "size" | "generic";
  readonly value: number;
}

const MARK_PRICE = 37;
const SHORTABLE = 46;
/** More than 2.5: shares are there; more than 1.5: they may be located; else there are none. */
const SHORTABLE_VALUE: Readonly<Record<Shortability, number>> = { easy: 3, locate: 2, none: 1 };

/** Of the ticks asked for, those that this market can tell, once at the beginning. */
export function genericTicks(
  asked: ReadonlySet<string>,
  listing: Listing,
  snapshot: Snapshot,
): GenericTick[] {
  const ticks: GenericTick[] = [];
  if (asked.has("165")) {
    ticks.push({
      tickType: TICK.AVG_VOLUME,
      kind: "size",
      value: Math.round(listing.dailyVolume / 100),
    });
  }
  if (asked.has("221") || asked.has("232")) {
    ticks.push({ tickType: MARK_PRICE, kind: "price", value: snapshot.lastE4 });
  }
  if (asked.has("236")) {
    const value = SHORTABLE_VALUE[shortability(listing)];
    ticks.push({ tickType: SHORTABLE, kind: "generic", value });
  }
  return ticks;
}
