import { deepStrictEqual as deepEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Condition } from "../../lib/wire/condition.ts";
import { EMPTY_ORDER_CONTRACT, type OrderContract } from "../../lib/wire/contract.ts";
import type { WireOrder } from "../../lib/wire/order.ts";
import { UNSET_ORDER } from "../../lib/wire/order_defaults.ts";
import { UNSET_ORDER_STATE } from "../../lib/wire/order_state.ts";
import { decodeReply, encodeReply, type Reply } from "../../lib/wire/replies.ts";
import {
  decodeRequest,
  encodeRequest,
  type Request,
  RequestError,
} from "../../lib/wire/requests.ts";
import { fieldsOf } from "./fields_of.ts";
import { sampleReplies } from "./sample_replies.ts";
import { sampleRequests } from "./sample_requests.ts";

/** Orders of every shape: what is on the wire depends on what the order is. */

/** Plain objects, as the codec makes them. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

const version = fc.constantFrom(178, 193, 200);
const text = fc.stringMatching(/^[ -~]{0,12}$/);
/** `;` and `=` separate options. */
const word = fc.stringMatching(/^[A-Za-z0-9 .-]{1,8}$/);
const int = fc.integer({ min: -2147483648, max: 2147483646 });
const micros = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const double = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value);
const pairs = fc.array(record({ tag: word, value: word }), { maxLength: 3 });

const conjunction = fc.constantFrom<"a" | "o">("a", "o");
const ofContract = { conjunction, isMore: fc.boolean(), conId: int, exchange: text };
const condition: fc.Arbitrary<Condition> = fc.oneof(
  record({ kind: fc.constant("price"), ...ofContract, price: double, triggerMethod: int }),
  record({ kind: fc.constant("time"), conjunction, isMore: fc.boolean(), time: text }),
  record({ kind: fc.constant("margin"), conjunction, isMore: fc.boolean(), percent: int }),
  record({
    kind: fc.constant("execution"),
    conjunction,
    secType: text,
    exchange: text,
    symbol: text,
  }),
  record({ kind: fc.constant("volume"), ...ofContract, volume: int }),
  record({ kind: fc.constant("percent-change"), ...ofContract, percent: double }),
);

const leg = record({
  conId: int,
  ratio: int,
  action: text,
  exchange: text,
  openClose: int,
  shortSaleSlot: int,
  designatedLocation: text,
  exemptCode: int,
});

const contract: fc.Arbitrary<OrderContract> = record({
  conId: int,
  symbol: text,
  secType: fc.constantFrom("STK", "BAG", "OPT"),
  exchange: fc.constantFrom("SMART", "IBKRATS"),
  comboLegs: fc.array(leg, { maxLength: 3 }),
  deltaNeutralContract: maybe(record({ conId: int, delta: double, price: double })),
}).map((some) => ({ ...EMPTY_ORDER_CONTRACT, ...some }));

const order: fc.Arbitrary<WireOrder> = record({
  action: text,
  totalQuantity: micros,
  orderType: fc.constantFrom("LMT", "MKT", "PEG BENCH", "PEG BEST", "PEGMID", "TRAIL"),
  lmtPrice: maybe(micros),
  trailStopPrice: maybe(micros),
  deltaNeutralOrderType: fc.constantFrom("", "None", "MKT"),
  scalePriceIncrement: maybe(double),
  scale: record({
    priceAdjustValue: maybe(double),
    priceAdjustInterval: maybe(int),
    profitOffset: maybe(double),
    autoReset: fc.boolean(),
    initPosition: maybe(int),
    initFillQty: maybe(int),
    randomPercent: fc.boolean(),
  }),
  hedgeType: fc.constantFrom("", "D"),
  hedgeParam: text,
  algoStrategy: fc.constantFrom("", "Vwap"),
  algoParams: pairs,
  orderMiscOptions: pairs,
  smartComboRoutingParams: pairs,
  orderComboLegPrices: fc.array(maybe(double), { maxLength: 3 }),
  conditions: fc.array(condition, { maxLength: 4 }),
  conditionsIgnoreRth: fc.boolean(),
  conditionsCancelOrder: fc.boolean(),
  competeAgainstBestOffset: maybe(fc.constantFrom(0.25, Infinity)),
  midOffsetAtHalf: maybe(double),
  usePriceMgmtAlgo: maybe(fc.boolean()),
  cashQty: maybe(micros),
}).map((some) => ({ ...UNSET_ORDER, ...some }));

/** Reading what was written drops only what has no place on the wire: read again it is the same. */
function survivesRequest(request: Request, serverVersion: number): Request {
  const fields = fieldsOf(encodeRequest(request, serverVersion));
  const read = decodeRequest(fields, serverVersion);
  deepEqual(fieldsOf(encodeRequest(read, serverVersion)), fields);
  deepEqual(decodeRequest(fields, serverVersion), read);
  return read;
}

function survivesReply(reply: Reply, serverVersion: number): Reply {
  const fields = fieldsOf(encodeReply(reply, serverVersion));
  const read = decodeReply(fields, serverVersion);
  deepEqual(fieldsOf(encodeReply(read, serverVersion)), fields);
  return read;
}

/** What every order message carries, whatever the order is. */
function core({ action, totalQuantity, orderType, lmtPrice, conditions }: WireOrder): unknown {
  return { action, totalQuantity, orderType, lmtPrice, conditions };
}

Deno.test("any order is placed, and read as it was placed", () => {
  fc.assert(fc.property(order, contract, version, (o, c, v) => {
    const read = survivesRequest({ type: "placeOrder", orderId: 42, contract: c, order: o }, v);
    if (read.type !== "placeOrder") throw new Error(`Expected an order, got ${read.type}`);
    deepEqual(core(read.order), core(o));
    deepEqual(read.contract.comboLegs, c.secType === "BAG" ? c.comboLegs : []);
    deepEqual(read.contract.deltaNeutralContract, c.deltaNeutralContract);
    deepEqual(read.order.algoParams, o.algoStrategy === "" ? [] : o.algoParams);
    deepEqual(read.order.orderMiscOptions, o.orderMiscOptions);
  }));
});

Deno.test("any order is reported open and completed, and read as it was reported", () => {
  fc.assert(fc.property(order, contract, version, (o, c, v) => {
    const open = survivesReply(
      { type: "openOrder", orderId: 42, contract: c, order: o, state: UNSET_ORDER_STATE },
      v,
    );
    const completed = survivesReply({
      type: "completedOrder",
      contract: c,
      order: o,
      status: "Filled",
      completedTime: "",
      completedStatus: "",
    }, v);
    for (const read of [open, completed]) {
      if (!("order" in read)) throw new Error(`Expected an order, got ${read.type}`);
      deepEqual(core(read.order), core(o));
      deepEqual(read.order.competeAgainstBestOffset, o.competeAgainstBestOffset);
      deepEqual(read.contract.comboLegs, c.comboLegs);
    }
  }));
});

Deno.test("any single field replaced by garbage is read or refused, never crashed on", () => {
  const messages = Object.values(sampleRequests(200)).map((request) =>
    fieldsOf(encodeRequest(request, 200))
  );
  fc.assert(
    fc.property(fc.constantFrom(...messages), fc.nat(), fc.string(), (fields, at, garbage) => {
      try {
        decodeRequest(fields.with(at % fields.length, garbage), 200);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("ticks and bars of any price and size survive", () => {
  const { tickPrice, realtimeBar } = sampleReplies(178);
  fc.assert(fc.property(double, micros, int, (price, size, tickType) => {
    for (
      const reply of [
        { ...tickPrice, price, size, tickType },
        { ...realtimeBar, open: price, close: -price + 0, volume: size, count: tickType },
      ]
    ) {
      deepEqual(decodeReply(fieldsOf(encodeReply(reply, 178)), 178), reply);
    }
  }));
});
