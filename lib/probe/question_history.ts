import type { Reply } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import type { Question } from "./conversation.ts";
import type { HistoryEvidence } from "./evidence.ts";
import { stock } from "./question_market_data.ts";

const REQUEST_ID = 9_002;

/** Whether bars of the past come: the cheapest request there is, one day of daily bars. */
export class HistoryQuestion implements Question {
  readonly asks: readonly Request[];
  #evidence: HistoryEvidence;

  constructor(symbol: string) {
    this.#evidence = { symbol, bars: null, afterMs: null, codes: [], text: null };
    this.asks = [{
      type: "reqHistoricalData",
      reqId: REQUEST_ID,
      contract: stock(symbol),
      includeExpired: false,
      endDateTime: "",
      barSizeSetting: "1 day",
      durationStr: "1 D",
      useRTH: true,
      whatToShow: "TRADES",
      formatDate: 2,
      comboLegs: [],
      keepUpToDate: false,
      chartOptions: [],
    }];
  }

  get answered(): boolean {
    return this.#evidence.bars !== null || this.#evidence.codes.length > 0;
  }

  /** An answered request is over; cancelling it would only draw an error. */
  get withdraws(): readonly Request[] {
    return this.answered ? [] : [{ type: "cancelHistoricalData", reqId: REQUEST_ID }];
  }

  get evidence(): HistoryEvidence {
    return this.#evidence;
  }

  hear(reply: Reply, afterMs: number): void {
    const evidence = this.#evidence;
    if (reply.type === "historicalData" && reply.reqId === REQUEST_ID) {
      this.#evidence = { ...evidence, bars: reply.bars.length, afterMs };
    } else if (reply.type === "error" && reply.id === REQUEST_ID) {
      const codes = [...evidence.codes, reply.code];
      this.#evidence = { ...evidence, codes, text: evidence.text ?? reply.text };
    }
  }
}
