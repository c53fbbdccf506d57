import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { RequestRefusedError } from "../../lib/broker/failures.ts";
import { parseMicros } from "../../lib/money.ts";
import { UNSET_ORDER } from "../../lib/wire/order_defaults.ts";
import { EMPTY_ORDER_CONTRACT } from "../../lib/wire/contract.ts";
import { answering } from "./hostile_tws.ts";
import { ofType, rig, tellTime } from "./rig.ts";
import {
  contractDetails,
  execDetails,
  fieldsOf,
  openOrder,
  orderStatus,
  positionRow,
} from "./words.ts";

/** What each question asks and what its answer means. */

Deno.test(
  "openOrders() asks for everybody's orders and merges each with its status",
  rig({
    onRequest: answering({
      "16": (_, peer) => {
        peer.send(...openOrder({ orderId: 1, permId: 1001 }));
        peer.send(...orderStatus({ orderId: 1, permId: 1001, filled: "40" }));
        // TWS repeats itself: one order stays one.
        peer.send(...openOrder({ orderId: 1, permId: 1001 }));
        peer.send(...orderStatus({ orderId: 1, permId: 1001, filled: "40" }));
        // Entered by hand: no order id.
        peer.send(...openOrder({ orderId: 0, permId: 1002, clientId: 0, orderRef: "" }));
        peer.send(53, 1);
      },
    }),
  }, async ({ connect, events }) => {
    const rows = await (await connect()).openOrders();
    deepStrictEqual(rows, [
      {
        orderId: 1,
        permId: 1001,
        clientId: 7,
        orderRef: "rt-1",
        symbol: "AAPL",
        conId: 265598,
        account: "DU1",
        side: "BUY",
        orderType: "LMT",
        quantity: parseMicros("100"),
        lmtPrice: parseMicros("182.94"),
        auxPrice: null,
        status: "Submitted",
        filled: parseMicros("40"),
        parentId: 0,
      },
      { ...rows[0], orderId: 0, permId: 1002, clientId: 0, orderRef: "", filled: null },
    ]);
    strictEqual(ofType(events, "open-order").length, 3);
  }),
);

Deno.test("completedOrders() reads what became of them, from old servers too", async (t) => {
  for (const version of [160, 178, 193]) {
    const completed = fieldsOf({
      type: "completedOrder",
      contract: { ...EMPTY_ORDER_CONTRACT, conId: 265598, symbol: "AAPL", secType: "STK" },
      order: {
        ...UNSET_ORDER,
        action: "SELL",
        totalQuantity: parseMicros("100"),
        orderType: "MKT",
        orderRef: "rt-9",
        permId: 1009,
        account: "DU1",
        filledQuantity: parseMicros("60"),
      },
      status: "Cancelled",
      completedTime: "20260402 10:00:00 US/Eastern",
      completedStatus: "Cancelled by Trader",
    }, version);
    await t.step(
      `version ${version}`,
      rig({
        onGreeting: (peer) => peer.greet(version),
        onRequest: answering({
          "99": (_, peer) => {
            peer.send(...completed);
            peer.send(102);
          },
        }),
      }, async ({ connect }) => {
        const [row, ...others] = await (await connect()).completedOrders();
        strictEqual(others.length, 0);
        deepStrictEqual(
          [row?.permId, row?.orderRef, row?.status, row?.side, row?.account],
          [1009, "rt-9", "Cancelled", "SELL", "DU1"],
        );
        deepStrictEqual([row?.quantity, row?.filled], [parseMicros("100"), parseMicros("60")]);
      }),
    );
  }
});

Deno.test(
  "positions() ends its subscription, and what is held no more is no position",
  rig({
    onRequest: answering({
      "61": (_, peer) => {
        peer.send(...positionRow("DU1", 1, "100"));
        peer.send(...positionRow("DU1", 2, "0"));
        peer.send(...positionRow("DU2", 1, "-7.5"));
        peer.send(62, 1);
      },
      "49": tellTime,
    }),
  }, async ({ connect, tws, events }) => {
    const broker = await connect();
    const rows = await broker.positions();
    deepStrictEqual(rows.map(({ account, conId, quantity }) => [account, conId, quantity]), [
      ["DU1", 1, parseMicros("100")],
      ["DU2", 1, parseMicros("-7.5")],
    ]);
    strictEqual(rows[0]?.avgCost, parseMicros("10.5"));
    await broker.currentTime();
    strictEqual(tws.peer.requestsOf(64).length, 1);
    deepStrictEqual(ofType(events, "position"), []);
    // Unasked, it is news.
    tws.peer.send(...positionRow("DU1", 3, "5"));
    await broker.currentTime();
    strictEqual(ofType(events, "position").length, 1);
  }),
);

Deno.test(
  "executions() comes with the commissions that came, and no executions as news",
  rig({
    onRequest: answering({
      "7": ([, , reqId], peer) => {
        peer.send(...execDetails({ reqId: Number(reqId), execId: "a.01" }));
        peer.send(59, 1, "a.01", "1.000003", "USD", "1.7976931348623157E308", "", 0);
        peer.send(...execDetails({ reqId: Number(reqId), execId: "b.01", side: "SLD" }));
        peer.send(59, 1, "b.01", "1.7976931348623157E308", "USD", "", "", 0);
        peer.send(59, 1, "other.01", "2", "USD", "3.5", "", 0);
        peer.send(55, 1, reqId);
      },
    }),
  }, async ({ connect, events }) => {
    const answer = await (await connect()).executions();
    deepStrictEqual(answer.executions.map(({ execId, side }) => [execId, side]), [
      ["a.01", "BUY"],
      ["b.01", "SELL"],
    ]);
    deepStrictEqual(answer.commissions, [
      { execId: "a.01", amount: parseMicros("1.000003"), currency: "USD", realizedPnl: null },
    ]);
    deepStrictEqual(ofType(events, "execution"), []);
    deepStrictEqual(ofType(events, "commission").map(({ commission }) => commission.execId), [
      "a.01",
      "other.01",
    ]);
  }),
);

Deno.test(
  "a commission TWS does not know yet is no commission",
  rig({ onRequest: answering({ "49": tellTime }) }, async ({ connect, tws, events }) => {
    const broker = await connect();
    tws.peer.send(59, 1, "a", "-1", "USD", "1.7976931348623157E308", "", 0);
    tws.peer.send(59, 1, "a", "1.7976931348623157E308", "USD", "", "", 0);
    tws.peer.send(59, 1, "a", "-0.35", "USD", "-1", "", 0);
    tws.peer.send(59, 1, "b", "1", "USD", "-12.25", "", 0);
    await broker.currentTime();
    const said = ofType(events, "commission").map(({ commission }) => commission);
    deepStrictEqual(said.map(({ amount, realizedPnl }) => [amount, realizedPnl]), [
      [parseMicros("-0.35"), null],
      [parseMicros("1"), parseMicros("-12.25")],
    ]);
  }),
);

Deno.test(
  "an execution says when, where and for which order it was",
  rig({ onRequest: answering({ "49": tellTime }) }, async ({ connect, tws, events }) => {
    const broker = await connect();
    tws.peer.send(...execDetails({ orderId: 5 }));
    await broker.currentTime();
    deepStrictEqual(ofType(events, "execution").map(({ execution }) => execution), [{
      execId: "0000e0d5.6ab9ea82.01.01",
      orderId: 5,
      permId: 1001,
      clientId: 7,
      orderRef: "rt-1",
      account: "DU1",
      symbol: "AAPL",
      conId: 265598,
      side: "BUY",
      quantity: parseMicros("100"),
      price: parseMicros("182.94"),
      time: Date.UTC(2026, 3, 13, 19, 27, 4),
      exchange: "ISLAND",
      cumQty: parseMicros("100"),
      lastLiquidity: 2,
    }]);
  }),
);

Deno.test(
  "accountValues() keeps the text, of this account alone, and ends its subscription",
  rig({
    onRequest: answering({
      "62": ([, , reqId], peer) => {
        peer.send(63, 1, reqId, "DU1", "NetLiquidation", "100000.000003", "USD");
        peer.send(63, 1, reqId, "DU2", "NetLiquidation", "7", "USD");
        peer.send(63, 1, reqId, "DU1", "TotalCashValue", "99999.50", "USD");
        peer.send(64, 1, reqId);
      },
      "49": tellTime,
    }),
  }, async ({ connect, tws }) => {
    const broker = await connect();
    const { account, values } = await broker.accountValues("DU1");
    strictEqual(account, "DU1");
    deepStrictEqual([...values], [
      ["NetLiquidation", "100000.000003"],
      ["TotalCashValue", "99999.50"],
    ]);
    await broker.currentTime();
    deepStrictEqual(tws.peer.requestsOf(63), [["63", "1", tws.peer.requestsOf(62)[0]?.[2]]]);
    await rejects(broker.accountValues("DU3"), /says nothing of account "DU3"/);
  }),
);

Deno.test("instrument()", async (t) => {
  await t.step(
    "knows the contract",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => {
          peer.send(...contractDetails(Number(reqId)));
          peer.send(52, 1, reqId);
        },
      }),
    }, async ({ connect }) => {
      deepStrictEqual(await (await connect()).instrument("AAPL"), {
        symbol: "AAPL",
        conId: 265598,
        exchange: "SMART",
        primaryExchange: "NASDAQ",
        currency: "USD",
        minTick: parseMicros("0.01"),
        longName: "APPLE INC",
        industry: "Technology",
        timeZoneId: "US/Eastern",
        liquidHours: "20260402:0930-20260402:1600",
      });
    }),
  );
  await t.step(
    "is null when TWS has no such stock",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => peer.send(4, 2, reqId, 200, "No security definition", ""),
      }),
    }, async ({ connect }) => strictEqual(await (await connect()).instrument("PRTG"), null)),
  );
  await t.step(
    "refuses to choose between two",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => {
          peer.send(...contractDetails(Number(reqId), { conId: 1 }));
          peer.send(...contractDetails(Number(reqId), { conId: 2 }));
          peer.send(52, 1, reqId);
        },
      }),
    }, async ({ connect }) => {
      await rejects((await connect()).instrument("AAPL"), /ambiguous: 1 at NASDAQ, 2 at NASDAQ/);
    }),
  );
  await t.step(
    "fails for any other refusal",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => peer.send(4, 2, reqId, 321, "Error validating request", ""),
      }),
    }, async ({ connect }) => {
      await rejects((await connect()).instrument("AAPL"), (error) => {
        ok(error instanceof RequestRefusedError);
        strictEqual(error.code, 321);
        return true;
      });
    }),
  );
});
