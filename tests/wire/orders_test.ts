import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { EMPTY_ORDER_CONTRACT, type OrderContract } from "../../lib/wire/contract.ts";
import type { WireOrder } from "../../lib/wire/order.ts";
import { UNSET_ORDER } from "../../lib/wire/order_defaults.ts";
import { UNSET_ORDER_STATE } from "../../lib/wire/order_state.ts";
import { decodeReply, encodeReply } from "../../lib/wire/replies.ts";
import { decodeRequest, encodeRequest, RequestError } from "../../lib/wire/requests.ts";
import type { PlaceOrder } from "../../lib/wire/requests_orders.ts";
import { EVERY_VERSION, fieldsOf } from "./fields_of.ts";
import { PLAIN_CONTRACT } from "./sample_orders.ts";
import { sampleRequests } from "./sample_requests.ts";

const PLAIN: WireOrder = {
  ...UNSET_ORDER,
  action: "BUY",
  totalQuantity: 100_000000n,
  orderType: "LMT",
  lmtPrice: 182_940000n,
  tif: "DAY",
};

function place(order: Partial<WireOrder>, contract: Partial<OrderContract> = {}): PlaceOrder {
  return {
    type: "placeOrder",
    orderId: 42,
    contract: { ...PLAIN_CONTRACT, ...contract },
    order: { ...PLAIN, ...order },
  };
}

function placed(order: Partial<WireOrder>, version: number, exchange = "SMART"): string[] {
  return fieldsOf(encodeRequest(place(order, { exchange }), version));
}

Deno.test("a plain placeOrder has 114 fields at 178 and grows with the versions", () => {
  equal(placed({}, 178).length, 114);
  equal(placed({}, 193).length, 118);
  equal(placed({}, 200).length, 119);
  // Before 145 the message has a version field.
  equal(placed({}, 144)[1], "45");
  equal(placed({}, 145)[1], "42");
});

/** Position of a field in a plain placeOrder at 178. */
const PLACED_AT = {
  orderId: 1,
  secIdType: 14,
  action: 16,
  totalQuantity: 17,
  lmtPrice: 19,
  auxPrice: 20,
  tif: 21,
  transmit: 27,
  displaySize: 31,
  discretionaryAmt: 36,
  exemptCode: 45,
  ocaType: 46,
  minQty: 50,
  auctionStrategy: 55,
  volatilityType: 63,
  deltaNeutralOrderType: 64,
  continuousUpdate: 66,
  trailStopPrice: 68,
  scalePriceIncrement: 72,
  hedgeType: 76,
  algoStrategy: 82,
  whatIf: 84,
  conditions: 89,
  triggerPrice: 91,
  adjustableTrailingUnit: 96,
  cashQty: 100,
  usePriceMgmtAlgo: 108,
  duration: 109,
  manualOrderTime: 113,
} as const;

Deno.test("a plain placeOrder carries its fields at the documented positions", () => {
  const fields = placed({ whatIf: true, manualOrderTime: "now", duration: 30 }, 178);
  const at = (name: keyof typeof PLACED_AT): string | undefined => fields[PLACED_AT[name]];
  deepEqual([at("orderId"), at("action"), at("totalQuantity")], ["42", "BUY", "100"]);
  deepEqual([at("lmtPrice"), at("auxPrice"), at("tif"), at("transmit")], [
    "182.94",
    "",
    "DAY",
    "1",
  ]);
  deepEqual([at("exemptCode"), at("whatIf"), at("duration"), at("manualOrderTime")], [
    "-1",
    "1",
    "30",
    "now",
  ]);
});

Deno.test("every client's spelling of unset reads as null", () => {
  const plain = placed({}, 178);
  const doubles = [
    "",
    "1.7976931348623157e+308",
    "1.7976931348623157E308",
    "1.79769313486232E+308",
    "1.797693135e+308",
    "1.7976931348623e+308",
  ];
  for (const unset of doubles) {
    const request = decodeRequest(
      plain
        .with(PLACED_AT.lmtPrice, unset)
        .with(PLACED_AT.auxPrice, unset)
        .with(PLACED_AT.discretionaryAmt, unset)
        .with(PLACED_AT.triggerPrice, unset)
        .with(PLACED_AT.cashQty, unset),
      178,
    );
    ok(request.type === "placeOrder");
    const { lmtPrice, auxPrice, discretionaryAmt, triggerPrice, cashQty } = request.order;
    deepEqual([lmtPrice, auxPrice, triggerPrice, cashQty], [null, null, null, null]);
    equal(discretionaryAmt, 0);
  }
  for (const unset of ["", "2147483647"]) {
    const request = decodeRequest(
      plain
        .with(PLACED_AT.displaySize, unset)
        .with(PLACED_AT.minQty, unset)
        .with(PLACED_AT.volatilityType, unset)
        .with(PLACED_AT.adjustableTrailingUnit, unset)
        .with(PLACED_AT.usePriceMgmtAlgo, unset)
        .with(PLACED_AT.duration, unset),
      178,
    );
    ok(request.type === "placeOrder");
    const { displaySize, minQty, volatilityType, usePriceMgmtAlgo, duration } = request.order;
    deepEqual(
      [displaySize, minQty, volatilityType, usePriceMgmtAlgo, duration],
      Array(5).fill(null),
    );
  }
});

Deno.test("a client that leaves nearly everything empty is understood", () => {
  const bare = placed({}, 178).map((field, index) =>
    ["1", "3", "16", "17", "18", "19", "27"].includes(String(index)) || index === 0 ? field : ""
  );
  const request = decodeRequest(bare, 178);
  ok(request.type === "placeOrder");
  deepEqual(request.contract, { ...EMPTY_ORDER_CONTRACT, symbol: "AAPL" });
  deepEqual(request.order, { ...PLAIN, tif: "", exemptCode: 0 });
});

Deno.test("quantities are read exactly in every client's spelling", () => {
  const spelled: readonly (readonly [string, bigint])[] = [
    ["100", 100_000000n],
    ["100.0", 100_000000n],
    ["1E+2", 100_000000n],
    ["+100E+0", 100_000000n],
    ["0.5", 500000n],
    ["0.1", 100000n],
    ["", 0n],
    ["9223372036854775807", 0n],
    ["170141183460469231731687303715884105727", 0n],
  ];
  for (const [text, quantity] of spelled) {
    const request = decodeRequest(placed({}, 178).with(PLACED_AT.totalQuantity, text), 178);
    ok(request.type === "placeOrder");
    equal(request.order.totalQuantity, quantity, text);
  }
});

Deno.test("a price that is no number refuses the whole order: it must not pass for an unset one", () => {
  for (const bad of ["NaN", "Infinity", "abc", "1,000.5", "0x10", " 1", "1e400x"]) {
    throws(
      () => decodeRequest(placed({}, 178).with(PLACED_AT.lmtPrice, bad), 178),
      (error: unknown) => error instanceof RequestError && error.id === 42,
      bad,
    );
  }
});

Deno.test("the offset to the best price may be infinite, in two spellings", () => {
  const request = place({
    orderType: "PEG BEST",
    minCompeteSize: 100,
    competeAgainstBestOffset: Infinity,
    midOffsetAtWhole: 0.02,
    midOffsetAtHalf: 0.01,
  });
  const fields = fieldsOf(encodeRequest(request, 178));
  deepEqual(fields.slice(-4), ["100", "Infinity", "0.02", "0.01"]);
  deepEqual(decodeRequest(fields, 178), request);
  deepEqual(decodeRequest(fields.with(-3, "Infinite"), 178), request);
});

Deno.test("the pegged fields of placeOrder depend on destination and order type", () => {
  equal(placed({ minTradeQty: 5 }, 178, "IBKRATS").length, 115);
  equal(placed({ orderType: "PEG BEST", competeAgainstBestOffset: 0.1 }, 178).length, 116);
  equal(placed({ orderType: "PEGBEST", competeAgainstBestOffset: Infinity }, 178).length, 118);
  equal(placed({ orderType: "PEG MID" }, 178).length, 116);
  equal(placed({ orderType: "PEGMID" }, 178, "IBKRATS").length, 117);
  // At 169 without the offsets, but still with faProfile.
  equal(placed({ orderType: "PEG MID" }, 169).length, 115);
});

Deno.test("the conditional blocks of placeOrder are there only under their condition", () => {
  const plain = placed({}, 178).length;
  equal(placed({ deltaNeutralOrderType: "MKT" }, 178).length, plain + 8);
  equal(placed({ scalePriceIncrement: 0.1 }, 178).length, plain + 7);
  equal(placed({ scalePriceIncrement: 0 }, 178).length, plain);
  equal(placed({ hedgeType: "D" }, 178).length, plain + 1);
  equal(placed({ algoStrategy: "Twap" }, 178).length, plain + 1);
  equal(placed({ orderType: "PEG BENCH" }, 178).length, plain + 5);
  equal(
    placed({ conditions: [{ kind: "margin", conjunction: "a", isMore: true, percent: 30 }] }, 178)
      .length,
    plain + 4 + 2,
  );
  const bag = place({}, { secType: "BAG" });
  equal(fieldsOf(encodeRequest(bag, 178)).length, plain + 3);
});

const MAX = "1.7976931348623157E308";

/** What a gateway at server version 165 said of a market order, recorded. */
const TSLA =
  ("5|13|76792991|TSLA|STK||0|?||SMART|USD|TSLA|NMS|BUY|100|MKT|0.0|0.0|DAY||DU1234567||0||100" +
    "|1376327563|0|0|0||1376327563.0/DU1234567/100||||||||||0||-1|0||||||2147483647|0|0|0||3|0|0||0|0||0" +
    "|None||0||||?|0|0||0|0||||||0|0|0|2147483647|2147483647|||0||IB|0|0||0|0|PreSubmitted|" +
    `${Array(9).fill(MAX).join("|")}||||||0|0|0|None|${Array(6).fill(MAX).join("|")}` +
    "|0||||0|1|0|0|0|||0").split("|");

Deno.test("a recorded openOrder reads and writes the same", () => {
  const reply = decodeReply(TSLA, 165);
  ok(reply.type === "openOrder");
  const { orderId, contract, order, state } = reply;
  deepEqual([orderId, contract.conId, contract.symbol, contract.right], [
    13,
    76792991,
    "TSLA",
    "?",
  ]);
  deepEqual([order.action, order.totalQuantity, order.orderType], ["BUY", 100_000000n, "MKT"]);
  deepEqual([order.lmtPrice, order.auxPrice, order.trailStopPrice], [0n, 0n, null]);
  deepEqual([order.clientId, order.permId, order.account], [100, 1376327563, "DU1234567"]);
  deepEqual([order.displaySize, order.ocaType, order.exemptCode], [null, 3, -1]);
  deepEqual([order.deltaNeutralOrderType, order.deltaNeutral.openClose], ["None", "?"]);
  deepEqual([order.clearingIntent, order.dontUseAutoPriceForHedge], ["IB", true]);
  deepEqual([state.status, state.margins.initMarginChange, state.commission], [
    "PreSubmitted",
    null,
    null,
  ]);
  deepEqual(fieldsOf(encodeReply(reply, 165)), TSLA);
});

Deno.test("the recorded order has 135 fields at 178 and 141 at 193", () => {
  const reply = decodeReply(TSLA, 165);
  const count = (version: number): number => fieldsOf(encodeReply(reply, version)).length;
  equal(count(178), 135);
  equal(count(193), 141);
  // Twelve preview fields and the count of allocations, then submitter, then imbalanceOnly.
  equal(count(195), 141 + 13);
  equal(count(198), 155);
  equal(count(200), 156);
  // Before 145 with a message version, before 177 with faProfile.
  equal(fieldsOf(encodeReply(reply, 144))[1], "34");
  equal(count(176), count(177) + 1);
});

const COMPLETED = {
  type: "completedOrder",
  contract: PLAIN_CONTRACT,
  order: { ...PLAIN, permId: 1376327563, deltaNeutralOrderType: "None" },
  status: "Cancelled",
  completedTime: "20250708 02:34:46 America/New_York",
  completedStatus: "Cancelled by Trader",
} as const;

Deno.test("a completedOrder has 100 fields at 178 and 102 at 193", () => {
  const count = (version: number): number => fieldsOf(encodeReply(COMPLETED, version)).length;
  equal(count(178), 100);
  equal(count(193), 102);
  equal(count(200), 103);
  equal(count(169), 100 - 5 + 1);
});

Deno.test("the end of a completedOrder is written as recorded from a gateway", () => {
  const order: WireOrder = {
    ...COMPLETED.order,
    trailStopPrice: 5801_000000n,
    cashQty: 0n,
    dontUseAutoPriceForHedge: true,
    shareholder: "Not an insider or substantial shareholder",
  };
  const fields = fieldsOf(encodeReply({ ...COMPLETED, order }, 178));
  equal(
    fields.slice(-25).join("|"),
    "0|Cancelled|0|0|0|5801.0|1.7976931348623157E308|0|1|0||0|2147483647|0|Not an insider or substantial shareholder" +
      "|0|0|9223372036854775807|20250708 02:34:46 America/New_York|Cancelled by Trader|||||",
  );
});

Deno.test("openOrder carries the what-if margins and the commission", () => {
  const margins = { ...UNSET_ORDER_STATE.margins, initMarginChange: 5_250_500000n };
  const reply = {
    type: "openOrder",
    orderId: 42,
    contract: PLAIN_CONTRACT,
    order: PLAIN,
    state: {
      ...UNSET_ORDER_STATE,
      status: "PreSubmitted",
      margins,
      commission: 1_000003n,
      commissionCurrency: "USD",
      warningText: "careful",
    },
  } as const;
  const fields = fieldsOf(encodeReply(reply, 178));
  const status = fields.indexOf("PreSubmitted");
  deepEqual(fields.slice(status, status + 15), [
    "PreSubmitted",
    MAX,
    MAX,
    MAX,
    "5250.5",
    ...Array(5).fill(MAX),
    "1.000003",
    "",
    "",
    "USD",
    "careful",
  ]);
});

Deno.test("only the last three margins exist before 142", () => {
  const reply = decodeReply(TSLA, 165);
  const count = (version: number): number => fieldsOf(encodeReply(reply, version)).length;
  equal(count(142) - count(141), 6);
});

Deno.test("every version from 100 on writes no fewer fields than the one before, but for the documented cuts", () => {
  const reply = decodeReply(TSLA, 165);
  const order = sampleRequests(200).placeOrder;
  const shrinks = EVERY_VERSION.slice(1).filter((version) =>
    fieldsOf(encodeReply(reply, version)).length < fieldsOf(encodeReply(reply, version - 1)).length
  );
  const orderShrinks = EVERY_VERSION.slice(1).filter((version) =>
    fieldsOf(encodeRequest(order, version)).length <
      fieldsOf(encodeRequest(order, version - 1)).length
  );
  // 177 drops faProfile; 190 takes back two fields of 187.
  deepEqual(shrinks, [177]);
  deepEqual(orderShrinks, [177, 190]);
});
