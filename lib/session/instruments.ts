import type { Broker } from "../broker/broker.ts";
import type { Instrument } from "../market/market.ts";
import type { Journal } from "./journal.ts";

/** What IB knows of these symbols, booked; a symbol it does not know is reported once and left out. */
export async function findInstruments(
  broker: Broker,
  symbols: readonly string[],
  journal: Journal,
): Promise<readonly Instrument[]> {
  const found: Instrument[] = [];
  for (const wanted of symbols) {
    const instrument = await broker.instrument(wanted);
    if (instrument === null) {
      const text = `IB knows no stock "${wanted}"; it is left out`;
      journal.incident({ code: "unknown-symbol", text, symbol: wanted });
      continue;
    }
    found.push(instrument);
    const { symbol, conId, primaryExchange, currency, minTick, longName, industry } = instrument;
    const facts = { symbol, conId, primaryExchange, currency, minTick, longName, industry };
    journal.write({ kind: "instrument", ...facts });
  }
  return found;
}
