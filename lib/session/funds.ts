import type { Broker } from "../broker/broker.ts";
import type { Instrument } from "../market/market.ts";
import { type Micros, MICROS_PER_UNIT, parseMicros, ZERO } from "../money.ts";
import { tradeKey } from "../risk/book.ts";
import type { BuyingPower } from "../risk/buying_power.ts";
import type { Side } from "../strategy/strategy.ts";
import type { Connection } from "./connection.ts";
import { isBrokerSilence } from "./failures.ts";
import type { Journal } from "./journal.ts";

/** The account summary's word on what is free for new positions. */
const AVAILABLE = "AvailableFunds";

/**
 * What the broker lends, asked ahead so that no review has to wait: the funds at hand each minute, and once for each
 * symbol and side the margin of one share.
 */
export class Funds {
  readonly #journal: Journal;
  readonly #sides: readonly Side[];
  readonly #margins = new Map<string, Micros>(); // `tradeKey` → initial margin of one share
  readonly #asked = new Set<string>(); // `tradeKey`s the broker was asked about
  #available: Micros | null = null;
  #notionalThen: Micros = ZERO;
  #isAsking = false;

  constructor(journal: Journal, { allowShort }: { readonly allowShort: boolean }) {
    this.#journal = journal;
    this.#sides = allowShort ? ["BUY", "SELL"] : ["BUY"];
  }

  get view(): BuyingPower {
    return {
      available: this.#available,
      since: this.#journal.day.entryNotional - this.#notionalThen,
      marginOf: (symbol, side) => this.#margins.get(tradeKey(symbol, side)) ?? null,
    };
  }

  /** Asks beside the session's loop. While an answer is missing the last one holds, less what was bought since. */
  async refresh(
    connection: Pick<Connection, "broker" | "account">,
    instruments: readonly Instrument[],
  ): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const { broker, account } = connection;
      // Before the question: a fill that comes while it is under way counts twice rather than not at all.
      const notional = this.#journal.day.entryNotional;
      const { values } = await broker.accountValues(account);
      const text = values.get(AVAILABLE);
      if (text !== undefined) [this.#available, this.#notionalThen] = [parseMicros(text), notional];
      for (const instrument of instruments) {
        for (const side of this.#sides) await this.#askMargin(broker, instrument, side);
      }
    } catch (error) {
      if (!isBrokerSilence(error)) throw error;
    } finally {
      this.#isAsking = false;
    }
  }

  async #askMargin(broker: Broker, instrument: Instrument, side: Side): Promise<void> {
    const key = tradeKey(instrument.symbol, side);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const asked = { instrument, side, quantity: MICROS_PER_UNIT };
      const { initMarginChange } = await broker.preview(asked);
      if (initMarginChange !== null && initMarginChange > ZERO) {
        this.#margins.set(key, initMarginChange);
      }
    } catch (error) {
      if (!isBrokerSilence(error)) throw error;
      const text =
        `TWS does not say the margin of ${side} ${instrument.symbol}, so a share counts ` +
        `with its whole price: ${error.message}`;
      this.#journal.incident({ code: "margin-unknown", severity: "note", text });
    }
  }
}
