import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { Decoder } from "@stoqey/ib/dist/core/io/decoder.js";
import { encodeReply, type Reply, type ReplyMap } from "../../lib/wire/replies.ts";
import { EVERY_VERSION, fieldsOf } from "./fields_of.ts";
import { sampleReplies } from "./sample_replies.ts";

/**
 * An independent reader of what this project's codec writes: the decoder of @stoqey/ib, which knows the layouts of
 * server versions up to 193 and complains about every field too few or too many.
 */

interface Heard {
  readonly events: { readonly name: string; readonly args: readonly unknown[] }[];
  /** Complaints about the message itself. */
  readonly complaints: string[];
}

/** 505, which the decoder uses for what it cannot read. */
const UNKNOWN_ID = 505;

function hear(reply: Reply, serverVersion: number): Heard {
  const heard: Heard = { events: [], complaints: [] };
  const decoder = new Decoder({
    serverVersion,
    emitEvent: (name, ...args) => heard.events.push({ name, args }),
    emitError: (text, code, id, reject) =>
      code === UNKNOWN_ID
        ? heard.complaints.push(text)
        : heard.events.push({ name: "error", args: [id, code, text, reject] }),
    emitInfo: (text, code) => heard.events.push({ name: "info", args: [code, text] }),
  });
  decoder.enqueueMessage(fieldsOf(encodeReply(reply, serverVersion)));
  decoder.process();
  return heard;
}

/** What stoqey calls the event, where it does not call it as IB does. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  tickByTick: "tickByTickAllLast",
};

/** The versions that brought a message, and those at which stoqey itself misreads one. */
function isReadable(type: keyof ReplyMap, version: number): boolean {
  switch (type) {
    case "currentTimeInMillis":
    case "historicalDataEnd":
      return false;
    case "userInfo":
      return version >= 167;
    case "historicalSchedule":
      return version >= 165;
    case "completedOrdersEnd":
      return version >= 150;
    case "completedOrder":
      // It expects no faProfile there, which real servers send until 176.
      return version >= 177;
    case "openOrder":
      // It asks the message version, not the server's, whether there is a modelCode.
      return version < 103 || version >= 145;
    default:
      return true;
  }
}

Deno.test("stoqey's decoder reads every reply it knows, at every version from 100 to 193", () => {
  let read = 0;
  for (const version of EVERY_VERSION.filter((version) => version <= 193)) {
    for (const reply of Object.values(sampleReplies(Math.max(178, version)))) {
      if (!isReadable(reply.type, version)) continue;
      const { events, complaints } = hear(reply, version);
      deepEqual(complaints, [], `${reply.type} at ${version}`);
      ok(events.some(({ name }) => name === (EVENT_NAMES[reply.type] ?? reply.type)), reply.type);
      read += 1;
    }
  }
  ok(read > 5000);
});

/** The arguments of the event that stoqey makes of this reply. */
function argsOf(reply: Reply, name: string = reply.type): readonly unknown[] {
  const event = hear(reply, 193).events.find((event) => event.name === name);
  ok(event !== undefined);
  return event.args;
}

/** These properties of an object of stoqey's. */
function pick(object: unknown, names: readonly string[]): unknown[] {
  const entries = new Map(Object.entries(object ?? {}));
  return names.map((name) => entries.get(name));
}

Deno.test("stoqey's decoder understands an openOrder as it was meant", () => {
  const [orderId, contract, order, state] = argsOf(sampleReplies(193).openOrder);
  equal(orderId, 42);
  deepEqual(pick(contract, ["conId", "secType", "strike", "right", "tradingClass"]), [
    28812380,
    "BAG",
    182.5,
    "C",
    "COMB",
  ]);
  deepEqual(pick(order, ["action", "totalQuantity", "orderType", "lmtPrice", "auxPrice", "tif"]), [
    "BUY",
    150.5,
    "PEG BENCH",
    182.94,
    181,
    "GTD",
  ]);
  deepEqual(pick(order, ["permId", "clientId", "parentId", "orderRef", "ocaGroup", "ocaType"]), [
    1376327563,
    7,
    41,
    "rt-01J9ZQ",
    "oca-7",
    2,
  ]);
  deepEqual(pick(order, ["trailStopPrice", "hedgeParam", "algoStrategy", "referenceExchangeId"]), [
    183.94,
    "2",
    "Adaptive",
    "ISLAND",
  ]);
  deepEqual(pick(order, ["minTradeQty", "midOffsetAtHalf", "customerAccount", "extOperator"]), [
    12,
    0.01,
    "customer",
    "operator",
  ]);
  deepEqual(pick(order, ["conditionsIgnoreRth", "includeOvernight", "manualOrderIndicator"]), [
    true,
    true,
    1,
  ]);
  deepEqual(pick(state, ["status", "initMarginChange", "commission", "warningText"]), [
    "PreSubmitted",
    4.5,
    1.000003,
    "warning",
  ]);
});

Deno.test("stoqey's decoder understands a completedOrder as it was meant", () => {
  const [contract, order, state] = argsOf(sampleReplies(193).completedOrder);
  deepEqual(pick(contract, ["conId", "symbol"]), [28812380, "AAPL,MSFT"]);
  deepEqual(pick(order, ["filledQuantity", "parentPermId", "autoCancelDate", "shareholder"]), [
    100,
    1376327500,
    "20260930 22:00:00 Central European Standard Time",
    "Not an insider or substantial shareholder",
  ]);
  deepEqual(pick(state, ["status", "completedTime", "completedStatus"]), [
    "Cancelled",
    "20250708 02:34:46 America/New_York",
    "Cancelled by Trader",
  ]);
});

Deno.test("stoqey's decoder understands executions, commissions, bars and errors as they were meant", () => {
  const samples = sampleReplies(193);
  const [reqId, contract, execution] = argsOf(samples.execDetails);
  equal(reqId, -1);
  deepEqual(pick(contract, ["symbol", "exchange"]), ["AAPL", "ISLAND"]);
  deepEqual(pick(execution, ["execId", "shares", "price", "cumQty", "avgPrice", "lastLiquidity"]), [
    "0000e0d5.6ab9ea82.01.01",
    50.5,
    182.94,
    150.5,
    182.941234,
    2,
  ]);
  const [report] = argsOf(samples.commissionReport);
  deepEqual(pick(report, ["commission", "currency", "realizedPNL", "yield"]), [
    1.000003,
    "USD",
    undefined,
    undefined,
  ]);
  const [, date, open, high, low, close, volume, , wap] = argsOf(samples.historicalDataUpdate);
  deepEqual([date, open, high, low, close, volume, wap], [
    "20261002 09:30:00 US/Eastern",
    182.94,
    183.5,
    182.25,
    183.125,
    948837.22,
    182.987,
  ]);
  deepEqual(argsOf(samples.error), [
    42,
    201,
    "Order rejected - reason:Zürich \\ closed\nfor today",
    { rejects: [{ key: "8229" }] },
  ]);
});

Deno.test("stoqey's decoder reads all three kinds of tick-by-tick", () => {
  const midPoint = { kind: 4, time: 1775136600, midPoint: 182.94 } as const;
  deepEqual(
    argsOf({ type: "tickByTick", reqId: 1, tick: midPoint }, "tickByTickMidPoint"),
    [1, "1775136600", 182.94],
  );
  const bidAsk = {
    kind: 3,
    time: 1775136600,
    bidPrice: 182.93,
    askPrice: 182.95,
    bidSize: 100_000000n,
    askSize: 200_500000n,
    attribMask: 2,
  } as const;
  deepEqual(
    argsOf({ type: "tickByTick", reqId: 1, tick: bidAsk }, "tickByTickBidAsk"),
    [1, "1775136600", 182.93, 182.95, 100, 200.5, { bidPastLow: false, askPastHigh: true }],
  );
});
