import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import {
  BarSizeSetting,
  ConjunctionConnection,
  type Contract,
  Instrument,
  LocationCode,
  LogLevel,
  MarginCondition,
  MarketDataType,
  OptionExerciseAction,
  type Order,
  OrderAction,
  OrderType,
  PriceCondition,
  ScanCode,
  SecType,
  TickByTickDataType,
  TimeInForce,
  TriggerMethod,
  WhatToShow,
} from "@stoqey/ib";
import { Encoder } from "@stoqey/ib/dist/core/io/encoder.js";
import {
  decodeRequest,
  encodeRequest,
  type Request,
  type RequestMap,
} from "../../lib/wire/requests.ts";
import { EVERY_VERSION, fieldsOf } from "./fields_of.ts";

/** An independent writer of what this project's codec reads: the encoder of @stoqey/ib, which knows 193. */

/** The fields that stoqey writes for a call of its encoder. */
function writtenBy(call: (encoder: Encoder) => void, serverVersion: number): string[] {
  const sent: unknown[] = [];
  call(
    new Encoder({
      serverVersion,
      sendMsg: (...tokens) => sent.push(...tokens),
      emitError: (text) => {
        throw new Error(text);
      },
    }),
  );
  // What its socket does to the tokens.
  return sent.flat(Infinity).map((token) => typeof token === "boolean" ? Number(token) : token)
    .join("\0").split("\0");
}

function read(call: (encoder: Encoder) => void, serverVersion: number): Request {
  return decodeRequest(writtenBy(call, serverVersion), serverVersion);
}

const STOCK: Contract = {
  conId: 265598,
  symbol: "AAPL",
  secType: SecType.STK,
  exchange: "SMART",
  primaryExch: "NASDAQ",
  currency: "USD",
};

const BAG: Contract = {
  symbol: "AAPL,MSFT",
  secType: SecType.BAG,
  exchange: "SMART",
  currency: "USD",
  comboLegs: [
    { conId: 265598, ratio: 1, action: OrderAction.BUY, exchange: "SMART" },
    { conId: 272093, ratio: 2, action: OrderAction.SELL, exchange: "SMART" },
  ],
};

type Call = readonly [type: keyof RequestMap, since: number, call: (encoder: Encoder) => void];

const CALLS: readonly Call[] = [
  ["reqMktData", 100, (e) => e.reqMktData(1, STOCK, "233", false, false)],
  ["reqMktData", 100, (e) => e.reqMktData(1, BAG, "", true, false)],
  ["cancelMktData", 100, (e) => e.cancelMktData(1)],
  ["placeOrder", 100, (e) => e.placeOrder(1, STOCK, { orderType: OrderType.MKT })],
  ["cancelOrder", 100, (e) => e.cancelOrder(1, {})],
  ["reqGlobalCancel", 100, (e) => e.reqGlobalCancel({})],
  ["reqOpenOrders", 100, (e) => e.reqOpenOrders()],
  ["reqAllOpenOrders", 100, (e) => e.reqAllOpenOrders()],
  ["reqAutoOpenOrders", 100, (e) => e.reqAutoOpenOrders(true)],
  ["reqCompletedOrders", 150, (e) => e.reqCompletedOrders(true)],
  ["reqExecutions", 100, (e) => e.reqExecutions(1, { symbol: "AAPL", clientId: "7" })],
  ["reqAccountUpdates", 100, (e) => e.reqAccountUpdates(true, "DU1")],
  ["reqIds", 100, (e) => e.reqIds(1)],
  ["reqContractData", 100, (e) => e.reqContractDetails(1, STOCK)],
  ["reqMktDepth", 149, (e) => e.reqMktDepth(1, STOCK, 5, true, [])],
  ["cancelMktDepth", 100, (e) => e.cancelMktDepth(1, false)],
  ["setServerLogLevel", 100, (e) => e.setServerLogLevel(LogLevel.DETAIL)],
  ["reqManagedAccts", 100, (e) => e.reqManagedAccts()],
  ["reqHistoricalData", 100, (e) => history(e, STOCK)],
  ["reqHistoricalData", 100, (e) => history(e, BAG)],
  ["cancelHistoricalData", 100, (e) => e.cancelHistoricalData(1)],
  [
    "exerciseOptions",
    100,
    (e) => e.exerciseOptions(1, STOCK, OptionExerciseAction.EXERCISE, 1, "DU1", 1),
  ],
  ["reqScannerSubscription", 100, (e) => scan(e)],
  ["cancelScannerSubscription", 100, (e) => e.cancelScannerSubscription(1)],
  ["reqScannerParameters", 100, (e) => e.reqScannerParameters()],
  ["reqCurrentTime", 100, (e) => e.reqCurrentTime()],
  ["reqRealTimeBars", 100, (e) => e.reqRealTimeBars(1, STOCK, 5, WhatToShow.TRADES, true, [])],
  ["cancelRealTimeBars", 100, (e) => e.cancelRealTimeBars(1)],
  ["reqMarketDataType", 100, (e) => e.reqMarketDataType(MarketDataType.DELAYED)],
  ["reqPositions", 100, (e) => e.reqPositions()],
  ["cancelPositions", 100, (e) => e.cancelPositions()],
  ["reqAccountSummary", 100, (e) => e.reqAccountSummary(1, "All", "NetLiquidation")],
  ["cancelAccountSummary", 100, (e) => e.cancelAccountSummary(1)],
  ["reqPositionsMulti", 103, (e) => e.reqPositionsMulti(1, "DU1", "")],
  ["cancelPositionsMulti", 103, (e) => e.cancelPositionsMulti(1)],
  ["reqAccountUpdatesMulti", 103, (e) => e.reqAccountUpdatesMulti(1, "DU1", "", true)],
  ["cancelAccountUpdatesMulti", 103, (e) => e.cancelAccountUpdatesMulti(1)],
  ["reqSecDefOptParams", 104, (e) => e.reqSecDefOptParams(1, "AAPL", "", "STK", 265598)],
  ["reqFamilyCodes", 107, (e) => e.reqFamilyCodes()],
  ["reqMatchingSymbols", 108, (e) => e.reqMatchingSymbols(1, "AAP")],
  ["reqMktDepthExchanges", 112, (e) => e.reqMktDepthExchanges()],
  ["reqNewsProviders", 115, (e) => e.reqNewsProviders()],
  ["reqHeadTimestamp", 118, (e) => e.reqHeadTimestamp(1, STOCK, WhatToShow.TRADES, true, 1)],
  ["reqHistogramData", 119, (e) => e.reqHistogramData(1, STOCK, true, "3 days")],
  ["cancelHistogramData", 119, (e) => e.cancelHistogramData(1)],
  ["cancelHeadTimestamp", 123, (e) => e.cancelHeadTimestamp(1)],
  ["reqMarketRule", 126, (e) => e.reqMarketRule(26)],
  ["reqPnL", 127, (e) => e.reqPnL(1, "DU1", "")],
  ["cancelPnL", 127, (e) => e.cancelPnL(1)],
  ["reqPnLSingle", 127, (e) => e.reqPnLSingle(1, "DU1", "", 265598)],
  ["cancelPnLSingle", 127, (e) => e.cancelPnLSingle(1)],
  ["reqHistoricalTicks", 130, (e) => ticks(e)],
  [
    "reqTickByTickData",
    137,
    (e) => e.reqTickByTickData(1, STOCK, TickByTickDataType.BidAsk, 0, false),
  ],
  ["cancelTickByTickData", 137, (e) => e.cancelTickByTickData(1)],
  ["reqUserInfo", 167, (e) => e.reqUserInfo(1)],
];

function history(encoder: Encoder, contract: Contract): void {
  const { TRADES } = WhatToShow;
  const barSize = BarSizeSetting.MINUTES_FIVE;
  encoder.reqHistoricalData(1, contract, "", "1 D", barSize, TRADES, true, 2, false);
}

function ticks(encoder: Encoder): void {
  const start = "20261002 09:30:00 US/Eastern";
  encoder.reqHistoricalTicks(1, STOCK, start, "", 100, WhatToShow.BID_ASK, 1, true);
}

function scan(encoder: Encoder): void {
  const subscription = {
    numberOfRows: 20,
    instrument: Instrument.STK,
    locationCode: LocationCode.STK_US_MAJOR,
    scanCode: ScanCode.TOP_PERC_GAIN,
    abovePrice: 5.5,
  };
  encoder.reqScannerSubscription(1, subscription, []);
}

Deno.test("what stoqey's encoder writes is read to its end, at every version from 100 to 193", () => {
  let count = 0;
  for (const version of EVERY_VERSION.filter((version) => version <= 193)) {
    for (const [type, since, call] of CALLS) {
      if (version < since) continue;
      equal(read(call, version).type, type, `${type} at ${version}`);
      count += 1;
    }
  }
  ok(count > 3000);
});

Deno.test("stoqey's encoder is asked for every request it can write and this codec reads", () => {
  const asked = new Set(CALLS.map(([type]) => type));
  const known = new Set<string>();
  for (let id = 1; id <= 105; id++) {
    try {
      const { type } = decodeRequest([String(id)], 200);
      if (type !== "unknown") known.add(String(id));
    } catch {
      known.add(String(id));
    }
  }
  // Itself writes startApi elsewhere, and does not know reqCurrentTimeInMillis.
  equal(asked.size, known.size - 2);
});

const FULL_ORDER: Order = {
  action: OrderAction.SELL,
  totalQuantity: 150.5,
  orderType: OrderType.PEG_BENCH,
  lmtPrice: 182.94,
  auxPrice: 181,
  tif: TimeInForce.GTC,
  ocaGroup: "oca-7",
  account: "DU1234567",
  orderRef: "rt-01J9ZQ",
  transmit: true,
  parentId: 41,
  displaySize: 25,
  outsideRth: true,
  ocaType: 2,
  minQty: 10,
  exemptCode: -1,
  deltaNeutralOrderType: OrderType.MKT,
  deltaNeutralConId: 77,
  deltaNeutralOpenClose: "O",
  trailStopPrice: 183.94,
  scalePriceIncrement: 0.02,
  scaleInitLevelSize: 40,
  scaleRandomPercent: true,
  hedgeType: "P",
  hedgeParam: "2",
  algoStrategy: "Adaptive",
  algoParams: [{ tag: "adaptivePriority", value: "Normal" }],
  whatIf: true,
  referenceContractId: 9001,
  referenceExchangeId: "ISLAND",
  conditions: [
    new PriceCondition(
      190.5,
      TriggerMethod.Last,
      265598,
      "SMART",
      true,
      ConjunctionConnection.AND,
    ),
    new MarginCondition(30, false, ConjunctionConnection.OR),
  ],
  conditionsIgnoreRth: true,
  conditionsCancelOrder: true,
  adjustedOrderType: OrderType.STP_LMT,
  triggerPrice: 184.5,
  cashQty: 1500,
  usePriceMgmtAlgo: true,
  duration: 120,
  autoCancelParent: true,
  manualOrderTime: "20261002 09:00:00 US/Eastern",
};

for (const version of [178, 193]) {
  Deno.test(`an order with every block that stoqey writes at ${version} is read as it was meant`, () => {
    const contract: Contract = {
      ...BAG,
      exchange: "IBKRATS",
      deltaNeutralContract: { conId: 11, delta: 0.25, price: 101.5 },
    };
    const order: Order = { ...FULL_ORDER, minTradeQty: 12, orderComboLegs: [{ price: 1.25 }, {}] };
    const request = read((encoder) => encoder.placeOrder(42, contract, order), version);
    ok(request.type === "placeOrder");
    equal(request.orderId, 42);
    deepEqual(request.contract.deltaNeutralContract, { conId: 11, delta: 0.25, price: 101.5 });
    deepEqual(request.contract.comboLegs.map(({ conId, ratio }) => [conId, ratio]), [
      [265598, 1],
      [272093, 2],
    ]);
    const o = request.order;
    deepEqual([o.action, o.totalQuantity, o.lmtPrice, o.auxPrice], [
      "SELL",
      150_500000n,
      182_940000n,
      181_000000n,
    ]);
    deepEqual([o.ocaGroup, o.account, o.orderRef, o.transmit, o.parentId, o.outsideRth], [
      "oca-7",
      "DU1234567",
      "rt-01J9ZQ",
      true,
      41,
      true,
    ]);
    deepEqual([o.deltaNeutral.conId, o.deltaNeutral.openClose], [77, "O"]);
    deepEqual([o.scaleInitLevelSize, o.scalePriceIncrement, o.scale.randomPercent], [
      40,
      0.02,
      true,
    ]);
    deepEqual([o.hedgeParam, o.algoParams], [
      "2",
      [{ tag: "adaptivePriority", value: "Normal" }],
    ]);
    deepEqual([o.orderComboLegPrices, o.peggedToBenchmark.referenceExchangeId], [
      [1.25, null],
      "ISLAND",
    ]);
    deepEqual(o.conditions, [
      {
        kind: "price",
        conjunction: "a",
        isMore: true,
        price: 190.5,
        conId: 265598,
        exchange: "SMART",
        triggerMethod: 2,
      },
      { kind: "margin", conjunction: "o", isMore: false, percent: 30 },
    ]);
    deepEqual([o.triggerPrice, o.cashQty, o.usePriceMgmtAlgo, o.duration, o.minTradeQty], [
      184_500000n,
      1500_000000n,
      true,
      120,
      12,
    ]);
    equal(o.manualOrderTime, "20261002 09:00:00 US/Eastern");
  });
}

Deno.test("a plain order is the same fields whether stoqey writes it or this codec", () => {
  const order: Order = {
    action: OrderAction.BUY,
    totalQuantity: 100,
    orderType: OrderType.LMT,
    lmtPrice: 182.94,
    tif: TimeInForce.DAY,
    transmit: true,
    exemptCode: -1,
  };
  for (const version of [178, 193]) {
    const theirs = writtenBy((encoder) => encoder.placeOrder(42, STOCK, order), version);
    const ours = fieldsOf(encodeRequest(decodeRequest(theirs, version), version));
    equal(ours.length, theirs.length);
    // Where it writes nothing, this codec writes 0, an unset number, or nothing.
    const different = theirs.filter((field, index) => field !== "" && field !== ours[index]);
    deepEqual(different, []);
  }
});
