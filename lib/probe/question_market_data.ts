import { EMPTY_CONTRACT, type WireContract } from "../wire/contract.ts";
import type { Reply } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import type { Question } from "./conversation.ts";
import type { MarketDataEvidence } from "./evidence.ts";

/** Out of the way of other ids, and recognisable in the Gateway's log. */
const REQUEST_ID = 9_001;
/** 3: live where it is paid for, else delayed. */
const DELAYED = 3;
/** bid, ask, last, close, and their delayed twins. */
const PRICE_TICKS: ReadonlySet<number> = new Set([1, 2, 4, 9, 66, 67, 68, 75]);
const KINDS = { 1: "live", 2: "frozen", 3: "delayed", 4: "delayed-frozen" } as const;
/** Codes after which no price will come. 10167 and 10089 announce delayed ones. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  200,
  354,
  101,
  321,
  10090,
  10091,
  10168,
  10186,
  10197,
]);

export function stock(symbol: string): WireContract {
  return { ...EMPTY_CONTRACT, symbol, secType: "STK", exchange: "SMART", currency: "USD" };
}

/** Whether quotes come, and of which kind. */
export class MarketDataQuestion implements Question {
  readonly asks: readonly Request[];
  readonly withdraws: readonly Request[] = [{ type: "cancelMktData", reqId: REQUEST_ID }];
  #evidence: MarketDataEvidence;

  constructor(symbol: string) {
    this.#evidence = { symbol, kind: null, priced: false, afterMs: null, codes: [] };
    this.asks = [
      { type: "reqMarketDataType", marketDataType: DELAYED },
      {
        type: "reqMktData",
        reqId: REQUEST_ID,
        contract: stock(symbol),
        comboLegs: [],
        deltaNeutralContract: null,
        genericTickList: "",
        snapshot: false,
        regulatorySnapshot: false,
        mktDataOptions: [],
      },
    ];
  }

  get answered(): boolean {
    const { priced, codes } = this.#evidence;
    return priced || codes.some((code) => FINAL_CODES.has(code));
  }

  get evidence(): MarketDataEvidence {
    return this.#evidence;
  }

  hear(reply: Reply, afterMs: number): void {
    const evidence = this.#evidence;
    if (reply.type === "error" && reply.id === REQUEST_ID) {
      this.#evidence = { ...evidence, codes: [...evidence.codes, reply.code] };
    } else if (reply.type === "marketDataType" && reply.reqId === REQUEST_ID) {
      this.#evidence = { ...evidence, kind: kindOf(reply.marketDataType) };
    } else if (
      reply.type === "tickPrice" && reply.reqId === REQUEST_ID && reply.price > 0 &&
      PRICE_TICKS.has(reply.tickType)
    ) {
      // Servers that never say which kind send live ticks under live numbers.
      const kind = evidence.kind ?? (reply.tickType >= 66 ? "delayed" : "live");
      this.#evidence = { ...evidence, kind, priced: true, afterMs: evidence.afterMs ?? afterMs };
    }
  }
}

function kindOf(marketDataType: number): MarketDataEvidence["kind"] {
  return marketDataType === 1 || marketDataType === 2 || marketDataType === 3 ||
      marketDataType === 4
    ? KINDS[marketDataType]
    : null;
}
