import { parseMicros } from "../../lib/money.ts";
import { EMPTY_CONTRACT, EMPTY_ORDER_CONTRACT } from "../../lib/wire/contract.ts";
import type { ContractDetails } from "../../lib/wire/contract_details.ts";
import { payloadFields } from "../../lib/wire/frame.ts";
import type { WireOrder } from "../../lib/wire/order.ts";
import { UNSET_ORDER } from "../../lib/wire/order_defaults.ts";
import { UNSET_ORDER_STATE } from "../../lib/wire/order_state.ts";
import { encodeReply, type Reply } from "../../lib/wire/replies.ts";
import type { WireExecution } from "../../lib/wire/replies_executions.ts";
import { CLIENT_ID } from "./rig.ts";

/** The longer messages of TWS, well formed, as fields that a test may then spoil. */

const PREFIX_BYTES = 4;

export function fieldsOf(reply: Reply, serverVersion = 178): string[] {
  return payloadFields(encodeReply(reply, serverVersion).subarray(PREFIX_BYTES));
}

const APPLE = { conId: 265598, symbol: "AAPL", secType: "STK", currency: "USD" } as const;

export function openOrder(
  changes: Partial<WireOrder> & { readonly orderId?: number } = {},
  { status = "Submitted", serverVersion = 178 } = {},
): string[] {
  const order: WireOrder = {
    ...UNSET_ORDER,
    action: "BUY",
    totalQuantity: parseMicros("100"),
    orderType: "LMT",
    lmtPrice: parseMicros("182.94"),
    tif: "DAY",
    account: "DU1",
    orderRef: "rt-1",
    clientId: CLIENT_ID,
    permId: 1001,
    ...changes,
  };
  return fieldsOf({
    type: "openOrder",
    orderId: changes.orderId ?? 1,
    contract: { ...EMPTY_ORDER_CONTRACT, ...APPLE, exchange: "SMART" },
    order,
    state: { ...UNSET_ORDER_STATE, status },
  }, serverVersion);
}

export function orderStatus(
  changes: { orderId?: number; status?: string; filled?: string; permId?: number } = {},
): (string | number)[] {
  const { orderId = 1, status = "Submitted", filled = "0", permId = 1001 } = changes;
  return [3, orderId, status, filled, 100 - Number(filled), 0, permId, 0, 0, CLIENT_ID, "", 0];
}

export function execDetails(
  changes: Partial<WireExecution> & { readonly reqId?: number; readonly orderId?: number } = {},
  serverVersion = 178,
): string[] {
  const execution: WireExecution = {
    execId: "0000e0d5.6ab9ea82.01.01",
    time: "20260413 15:27:04 US/Eastern",
    acctNumber: "DU1",
    exchange: "ISLAND",
    side: "BOT",
    shares: parseMicros("100"),
    price: parseMicros("182.94"),
    permId: 1001,
    clientId: CLIENT_ID,
    liquidation: 0,
    cumQty: parseMicros("100"),
    avgPrice: parseMicros("182.94"),
    orderRef: "rt-1",
    evRule: "",
    evMultiplier: null,
    modelCode: "",
    lastLiquidity: 2,
    pendingPriceRevision: false,
    submitter: "",
    ...changes,
  };
  return fieldsOf({
    type: "execDetails",
    reqId: changes.reqId ?? -1,
    orderId: changes.orderId ?? 1,
    contract: { ...EMPTY_CONTRACT, ...APPLE, exchange: "ISLAND" },
    execution,
  }, serverVersion);
}

export function contractDetails(
  reqId: number,
  changes: Partial<ContractDetails> & { readonly conId?: number } = {},
): string[] {
  const { conId = 265598 } = changes;
  return fieldsOf({
    type: "contractDetails",
    reqId,
    details: {
      contract: {
        ...EMPTY_CONTRACT,
        ...APPLE,
        conId,
        exchange: "SMART",
        primaryExchange: "NASDAQ",
        localSymbol: "AAPL",
        tradingClass: "NMS",
      },
      lastTradeDate: "",
      marketName: "NMS",
      minTick: 0.01,
      orderTypes: "LMT,MKT",
      validExchanges: "SMART,ISLAND",
      priceMagnifier: 1,
      underConId: 0,
      longName: "APPLE INC",
      contractMonth: "",
      industry: "Technology",
      category: "Computers",
      subcategory: "Computers",
      timeZoneId: "US/Eastern",
      tradingHours: "20260402:0400-20260402:2000",
      liquidHours: "20260402:0930-20260402:1600",
      evRule: "",
      evMultiplier: 0,
      secIdList: [{ tag: "ISIN", value: "US0378331005" }],
      aggGroup: 1,
      underSymbol: "",
      underSecType: "",
      marketRuleIds: "26,26",
      realExpirationDate: "",
      stockType: "COMMON",
      minSize: parseMicros("1"),
      sizeIncrement: parseMicros("1"),
      suggestedSizeIncrement: parseMicros("100"),
      fund: null,
      ineligibilityReasons: [],
      ...changes,
    },
  });
}

/** `count` 5-second bars in one message. */
export function history(reqId: string | number, count: number, firstMs: number): string[] {
  const fields = ["17", String(reqId), "20260401  09:30:00", "20260402  09:30:00", String(count)];
  for (let i = 0; i < count; i++) {
    fields.push(String(firstMs / 1000 + 5 * i), "10.0", "10.5", "9.5", "10.25", "200", "10.1", "7");
  }
  return fields;
}

export function positionRow(
  account: string,
  conId: number,
  quantity: string,
): (string | number)[] {
  const contract = [conId, `S${conId}`, "STK", "", 0, "", "", "NASDAQ", "USD", "S", "NMS"];
  return [61, 3, account, ...contract, quantity, "10.5"];
}
