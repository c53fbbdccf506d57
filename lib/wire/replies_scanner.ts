import { EMPTY_CONTRACT, type WireContract } from "./contract.ts";
import { INT, NUMBER, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";

/** The market scanner, server to client. */

/** 20 */
export interface ScannerData {
  readonly type: "scannerData";
  readonly reqId: number;
  readonly rows: readonly ScannerRow[];
}

export interface ScannerRow {
  readonly rank: number;
  /** Without multiplier and primaryExchange. */
  readonly contract: WireContract;
  readonly marketName: string;
  readonly distance: string;
  readonly benchmark: string;
  readonly projection: string;
  readonly legsStr: string;
}

/** 19 */
export interface ScannerParameters {
  readonly type: "scannerParameters";
  readonly xml: string;
}

export interface ScannerReplies {
  scannerData: ScannerData;
  scannerParameters: ScannerParameters;
}

export const SCANNER_REPLIES: Messages<ScannerReplies> = {
  scannerData: message(20, (io, m) => {
    io.constant("3");
    return {
      type: "scannerData",
      reqId: io.id(m.reqId),
      rows: io.list(scannerRow, m.rows),
    };
  }),
  scannerParameters: message(19, (io, m) => {
    io.constant("1");
    return { type: "scannerParameters", xml: io.field(TEXT, m.xml) };
  }),
};

/** The contract's fields stand around the name of its market. */
function scannerRow(io: Cursor, m: Partial<ScannerRow>): ScannerRow {
  const rank = io.field(INT, m.rank);
  const contract = {
    ...EMPTY_CONTRACT,
    conId: io.field(INT, m.contract?.conId),
    symbol: io.field(TEXT, m.contract?.symbol),
    secType: io.field(TEXT, m.contract?.secType),
    lastTradeDateOrContractMonth: io.field(TEXT, m.contract?.lastTradeDateOrContractMonth),
    strike: io.field(NUMBER, m.contract?.strike),
    right: io.field(TEXT, m.contract?.right),
    exchange: io.field(TEXT, m.contract?.exchange),
    currency: io.field(TEXT, m.contract?.currency),
    localSymbol: io.field(TEXT, m.contract?.localSymbol),
  };
  const marketName = io.field(TEXT, m.marketName);
  const tradingClass = io.field(TEXT, m.contract?.tradingClass);
  return {
    rank,
    contract: { ...contract, tradingClass },
    marketName,
    distance: io.field(TEXT, m.distance),
    benchmark: io.field(TEXT, m.benchmark),
    projection: io.field(TEXT, m.projection),
    legsStr: io.field(TEXT, m.legsStr),
  };
}
