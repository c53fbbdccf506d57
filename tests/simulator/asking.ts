import type { Request } from "../../lib/wire/requests.ts";
import type { ReqHistoricalData } from "../../lib/wire/requests_history.ts";
import { stock } from "./raw_client.ts";

/** Requests for data, with what tests seldom vary. */

export function history(values: Partial<ReqHistoricalData>): Request {
  return {
    type: "reqHistoricalData",
    reqId: 2,
    contract: stock("AAPL"),
    includeExpired: false,
    endDateTime: "",
    barSizeSetting: "1 min",
    durationStr: "1 D",
    useRTH: true,
    whatToShow: "TRADES",
    formatDate: 1,
    comboLegs: [],
    keepUpToDate: false,
    chartOptions: [],
    ...values,
  };
}

export function bars(reqId: number, symbol: string, useRTH = true): Request {
  return {
    type: "reqRealTimeBars",
    reqId,
    contract: stock(symbol),
    barSize: 5,
    whatToShow: "TRADES",
    useRTH,
    realTimeBarsOptions: [],
  };
}
