import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { parseFault } from "../../lib/simulator/faults.ts";
import type { Reply } from "../../lib/wire/replies.ts";
import { EVERY_EXECUTION } from "../../lib/wire/requests_orders.ts";
import {
  at,
  cancelling,
  placing,
  quoting,
  type RawClient,
  stock,
  withGateway,
  type World,
} from "./raw_client.ts";

const m = parseMicros;
const BUY = { action: "BUY", totalQuantity: m("10"), orderType: "MKT" };
const RESTING = { action: "BUY", totalQuantity: m("10"), orderType: "LMT", lmtPrice: m("9") };

/** A client at 09:40 of a Gateway with this fault, ready to trade. */
function underFault(
  fault: string,
  test: (client: RawClient, world: World) => Promise<void>,
): Promise<void> {
  return withGateway({ from: "09:40", faults: [parseFault(fault)] }, async (world) => {
    const client = await world.connect();
    await client.reply("nextValidId");
    client.received.length = 0;
    await test(client, world);
  });
}

function kinds(client: RawClient): Reply["type"][] {
  return client.received.map(({ reply }) => reply.type);
}

function asking(reqId: number): Parameters<RawClient["send"]>[0] {
  return { type: "reqExecutions", reqId, filter: EVERY_EXECUTION };
}

const BARS = {
  type: "reqRealTimeBars",
  reqId: 50,
  contract: stock("AAPL"),
  barSize: 5,
  whatToShow: "TRADES",
  useRTH: true,
  realTimeBarsOptions: [],
} as const;

Deno.test("parseFault() reads the hours of a fault", () => {
  assert.deepEqual(parseFault("feed-silence@09:45-09:50"), {
    name: "feed-silence",
    args: {},
    from: "09:45",
    to: "09:50",
  });
  assert.deepEqual(parseFault("manual-trade=symbol:GM,quantity:5@10:00:30"), {
    name: "manual-trade",
    args: { symbol: "GM", quantity: 5 },
    from: "10:00:30",
  });
  assert.throws(() => parseFault("feed-silence@soon"), /Cannot read fault/);
});

Deno.test("connection-lost: 1100, no data and no fills; then 1102, and everything goes on", () =>
  underFault("connection-lost@09:41-09:43", async (client, { clock, gateway }) => {
    client.send(quoting(1, "AAPL"));
    client.send(BARS);
    await client.pass(59_000);
    await client.until(() => client.of("error").some(({ code }) => code === 1100));
    assert.equal(clock.now(), at("09:41"));
    await client.pass(1);
    client.received.length = 0;
    client.send(placing(1, "AAPL", BUY));
    await client.pass(110_000);
    assert.deepEqual(kinds(client), []);
    await client.until(() => client.of("error").some(({ code }) => code === 1102));
    await client.reply("commissionReport");
    await client.reply("realtimeBar");
    await client.reply("tickPrice");
    assert.equal(gateway.truth().executions.length, 1);
  }));

Deno.test("connection-lost with data lost: after 1101 the subscriptions are gone", () =>
  underFault("connection-lost=restored:1101@09:41-09:42", async (client) => {
    client.send(quoting(1, "AAPL"));
    await client.until(() => client.of("error").some(({ code }) => code === 1101));
    client.received.length = 0;
    await client.pass(60_000);
    assert.deepEqual(kinds(client), []);
    client.send(quoting(1, "AAPL"));
    await client.reply("tickPrice");
  }));

Deno.test("farm-down: 2103 and silence, 2104 and data, while orders go on", () =>
  underFault("farm-down@09:41-09:42", async (client) => {
    client.send(quoting(1, "AAPL"));
    await client.until(() => client.of("error").some(({ code }) => code === 2103));
    client.received.length = 0;
    client.send(placing(1, "AAPL", BUY));
    await client.reply("commissionReport");
    assert.equal(client.of("tickPrice").length, 0);
    await client.until(() => client.of("error").some(({ code }) => code === 2104));
    await client.reply("tickPrice");
    assert.equal(client.of("error")[0]?.text, "Market data farm connection is OK:usfarm");
  }));

Deno.test("farm-down of the definitions: 2157, a stock that exists is not found, 2158 and it is", () =>
  underFault("farm-down=farm:secdefil@09:41-09:42", async (client) => {
    const asked = {
      type: "reqContractData",
      contract: stock("AAPL"),
      includeExpired: false,
      secIdType: "",
      secId: "",
      issuerId: "",
    } as const;
    client.send(quoting(1, "AAPL"));
    await client.until(() => client.of("error").some(({ code }) => code === 2157));
    client.send({ ...asked, reqId: 8 });
    await client.until(() => client.errors(8).some(({ code }) => code === 200));
    client.received.length = 0;
    await client.reply("tickPrice");
    await client.until(() => client.of("error").some(({ code }) => code === 2158));
    client.send({ ...asked, reqId: 9 });
    assert.equal((await client.reply("contractDetails")).reqId, 9);
  }));

Deno.test("connection-lost in the words of 2110", () =>
  underFault("connection-lost=lost:2110@09:41-09:42", async (client) => {
    await client.until(() => client.of("error").some(({ code }) => code === 1102));
    const lost = client.of("error").find(({ code }) => code === 2110);
    assert.match(lost?.text ?? "", /is broken\. It will be restored automatically\.$/);
  }));

Deno.test("port-reset: 1300 names the new port, every connection ends, and the new port serves", () =>
  underFault("port-reset@09:41", async (client, { gateway, connect }) => {
    const before = gateway.port;
    await client.until(() => client.isClosed);
    const reset = client.of("error").find(({ code }) => code === 1300);
    assert.equal(reset?.text.split(" ").at(-1), String(gateway.port));
    assert.notEqual(gateway.port, before);
    const again = await connect({ clientId: 1 });
    await again.reply("nextValidId");
  }));

Deno.test("slow-answers carries out a request later", () =>
  underFault("slow-answers=ms:3000", async (client, { clock }) => {
    const askedAt = clock.now();
    client.send({ type: "reqCurrentTime" });
    await client.reply("currentTime");
    assert.equal(clock.now() - askedAt, 3000);
  }));

Deno.test("restart: every connection ends, the port refuses, then all is back with the same ids", () =>
  underFault("restart@09:41-09:43", async (client, { connect, clock }) => {
    client.send(placing(7, "GM", RESTING));
    await client.reply("orderStatus", 2);
    await client.until(() => client.isClosed);
    assert.equal(clock.now(), at("09:41"));
    await assert.rejects(connect({ clientId: 1 }), /ECONNREFUSED/);
    await client.pass(at("09:43") - clock.now() + 1);
    const again = await connect({ clientId: 1 });
    assert.equal((await again.reply("nextValidId")).orderId, 8);
    again.send({ type: "reqOpenOrders" });
    await again.reply("openOrderEnd");
    assert.equal(again.of("openOrder").length, 1);
  }));

Deno.test("restart with rollback: ids of finished orders are given out again", () =>
  underFault("restart=ids:rollback@09:41-09:42", async (client, { connect, clock, gateway }) => {
    client.send(placing(7, "GM", BUY));
    await client.reply("commissionReport");
    await client.until(() => client.isClosed);
    await client.pass(at("09:42") - clock.now() + 1);
    const again = await connect({ clientId: 1 });
    assert.equal((await again.reply("nextValidId")).orderId, 1);
    again.send(placing(7, "GM", BUY));
    await again.reply("commissionReport");
    const [first, second] = gateway.truth().orders;
    assert.equal(first?.orderId, second?.orderId);
    assert.notEqual(first?.permId, second?.permId);
  }));

Deno.test("feed-silence and stale-quotes: nothing, and trades without quotes", async () => {
  await underFault("feed-silence@09:41-09:42", async (client, { clock }) => {
    client.send(quoting(1, "AAPL"));
    client.send(BARS);
    await client.pass(at("09:41") - clock.now() + 1);
    client.received.length = 0;
    await client.pass(50_000);
    assert.deepEqual(kinds(client), []);
    await client.reply("realtimeBar");
  });
  await underFault("stale-quotes", async (client) => {
    client.send(quoting(1, "AAPL"));
    await client.pass(20_000);
    assert.deepEqual(
      client.of("tickPrice").filter(({ tickType }) => tickType === 1 || tickType === 2),
      [],
    );
    assert.ok(client.of("tickPrice").some(({ tickType }) => tickType === 4));
  });
});

Deno.test("price-spike, zero-prices and crossed-quotes spoil the feed and leave the exchange alone", async () => {
  await underFault("price-spike=factor:10", async (client, { gateway }) => {
    client.send(BARS);
    client.send(placing(1, "AAPL", BUY));
    const bar = await client.reply("realtimeBar");
    await client.reply("commissionReport");
    const [execution] = gateway.truth().executions;
    assert.ok(execution);
    assert.ok(bar.close > 5 * Number(execution.price) / 1e6, `${bar.close}`);
  });
  await underFault("zero-prices", async (client) => {
    client.send(quoting(1, "AAPL"));
    await client.reply("tickPrice", 4);
    const bid = client.of("tickPrice").find(({ tickType }) => tickType === 1);
    assert.equal(bid?.price, 0);
  });
  await underFault("crossed-quotes", async (client) => {
    client.send(quoting(1, "AAPL"));
    await client.pass(1000);
    const price = (type: number) =>
      client.of("tickPrice").find(({ tickType }) => tickType === type)?.price;
    assert.ok((price(1) ?? 0) > (price(2) ?? 0));
  });
});

Deno.test("halt: the tick says so, nothing trades, market orders wait for its end", () =>
  underFault("halt=symbol:AAPL@09:41-09:45", async (client, { clock, gateway }) => {
    client.send(quoting(1, "AAPL"));
    await client.until(() => client.of("tickGeneric").some(({ value }) => value === 1));
    assert.equal(clock.now(), at("09:41"));
    client.send(placing(1, "AAPL", BUY));
    await client.pass(120_000);
    assert.equal(gateway.truth().executions.length, 0);
    await client.reply("execDetails");
    assert.ok(clock.now() >= at("09:45"));
    assert.equal(client.of("tickGeneric").at(-1)?.value, 0);
  }));

Deno.test("lost-order: the connection ends and the order never was", () =>
  underFault("lost-order=order:2", async (client, { gateway }) => {
    client.send(placing(1, "GM", RESTING));
    await client.reply("orderStatus", 2);
    client.send(placing(2, "GM", RESTING));
    await client.until(() => client.isClosed);
    assert.deepEqual(gateway.truth().orders.map(({ orderId }) => orderId), [1]);
  }));

Deno.test("reject-order rejects the n-th with its reason", () =>
  underFault("reject-order=order:2,reason:No locate", async (client) => {
    client.send(placing(1, "GM", RESTING));
    client.send(placing(2, "GM", RESTING));
    await client.pass(100);
    assert.deepEqual(client.errors(1), []);
    assert.deepEqual(client.errors(2), [{ code: 201, text: "Order rejected - reason:No locate" }]);
    assert.equal(client.of("orderStatus").at(-1)?.status, "Submitted");
  }));

Deno.test("no-status: executions and openOrders, and never an orderStatus", () =>
  underFault("no-status", async (client) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("commissionReport");
    assert.equal(client.of("orderStatus").length, 0);
    assert.equal(client.of("execDetails").length, 1);
  }));

Deno.test("duplicate-messages and reordered-messages say the same, twice and backwards", async () => {
  await underFault("duplicate-messages", async (client) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("commissionReport", 2);
    assert.deepEqual(client.received.slice(0, 4).map(({ fields }) => fields[0]), [
      "5",
      "5",
      "3",
      "3",
    ]);
    assert.equal(client.of("execDetails").length, 2);
  });
  await underFault("reordered-messages", async (client) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("commissionReport");
    assert.deepEqual(kinds(client), [
      "orderStatus",
      "openOrder",
      "orderStatus",
      "openOrder",
      "execDetails",
      "commissionReport",
      "orderStatus",
      "openOrder",
    ]);
  });
});

Deno.test("delayed-messages: the fill comes before the order is acknowledged", () =>
  underFault("delayed-messages=of:openOrder,ms:3000", async (client) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("openOrder");
    assert.equal(client.of("execDetails").length, 1);
    assert.equal(
      client.received.find(({ reply }) => reply.type === "openOrder")?.at,
      at("09:40:03"),
    );
  }));

Deno.test("late-commission and odd-commission", async () => {
  await underFault("late-commission=ms:600000", async (client, { clock }) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("execDetails");
    await client.reply("commissionReport");
    assert.ok(clock.now() >= at("09:50"));
  });
  await underFault("odd-commission=text:-1", async (client) => {
    client.send(placing(1, "AAPL", BUY));
    await client.until(() => client.received.some(({ fields }) => fields[0] === "59"));
    const report = client.received.find(({ fields }) => fields[0] === "59");
    assert.equal(report?.fields[3], "-1");
  });
});

Deno.test("correction: the execution again with .02 and a price a cent higher, and the cash follows", () =>
  underFault("correction=dollars:0.01@09:41", async (client, { gateway }) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("commissionReport");
    const before = gateway.truth();
    await client.reply("execDetails", 2);
    const [first, second] = client.of("execDetails");
    assert.ok(first && second);
    assert.equal(second.execution.execId, first.execution.execId.replace(/\.01$/, ".02"));
    assert.equal(second.execution.price, first.execution.price + m("0.01"));
    assert.equal(gateway.truth().cash, before.cash - m("0.1"));
    assert.deepEqual(gateway.truth().executions.map(({ execId }) => execId), [
      second.execution.execId,
    ]);
    client.send(asking(9));
    await client.reply("execDetailsEnd");
    assert.equal(client.of("execDetails").filter(({ reqId }) => reqId === 9).length, 2);
  }));

Deno.test("bust: the execution again with no shares, and cash and position are as before it", () =>
  underFault("bust@09:41", async (client, { gateway }) => {
    client.send({ type: "reqPositions" });
    client.send(placing(1, "AAPL", BUY));
    await client.reply("execDetails", 2);
    assert.equal(client.of("execDetails")[1]?.execution.shares, 0n);
    const { cash, startingCash, positions } = gateway.truth();
    assert.equal(cash, startingCash);
    assert.deepEqual(positions, []);
    assert.equal(client.of("position").at(-1)?.position, 0n);
  }));

Deno.test("manual-trade: the position changes; the order is nobody's until client 0 binds it", () =>
  underFault("manual-trade=symbol:GM,side:BUY,quantity:5@09:41", async (client, world) => {
    client.send({ type: "reqPositions" });
    await client.reply("position");
    assert.equal(client.of("position")[0]?.position, m("5"));
    assert.deepEqual(client.of("openOrder"), []);
    client.send(asking(9));
    await client.reply("execDetailsEnd");
    assert.equal(client.of("execDetails")[0]?.orderId, 0);
    client.send({ type: "reqAutoOpenOrders", autoBind: true });
    await client.until(() => client.errors(-1).length > 0);
    assert.equal(client.errors(-1)[0]?.code, 321);
    const zero = await world.connect({ clientId: 0 });
    await zero.reply("nextValidId");
    zero.send({ type: "reqAutoOpenOrders", autoBind: true });
    await zero.pass(1);
    world.gateway.tradeByHand({ symbol: "GM", side: "SELL", quantity: 5 });
    await zero.reply("execDetails");
    assert.equal(zero.of("execDetails")[0]?.orderId, 1);
  }));

Deno.test("empty-answer answers a list as if it were empty, once", () =>
  underFault("empty-answer=of:executions", async (client) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("commissionReport");
    client.send(asking(8));
    client.send(asking(9));
    await client.reply("execDetailsEnd", 2);
    assert.deepEqual(client.of("execDetails").map(({ reqId }) => reqId), [-1, 9]);
  }));

Deno.test("slow-cancel lets the fill overtake", () =>
  underFault("slow-cancel=ms:60000", async (client) => {
    client.send(placing(1, "AAPL", { ...RESTING, lmtPrice: m("9") }));
    await client.reply("orderStatus", 2);
    client.send(cancelling(1));
    await client.pass(1000);
    client.send(cancelling(1));
    await client.until(() => client.errors(1).length > 0);
    assert.match(client.errors(1)[0]?.text ?? "", /state: PendingCancel\.$/);
    await client.until(() => client.errors(1).some(({ code }) => code === 202));
  }));

Deno.test("half-frame sends half of a message and closes", () =>
  underFault("half-frame=of:execDetails,n:1", async (client, { gateway }) => {
    client.send(placing(1, "AAPL", BUY));
    await client.until(() => client.isClosed);
    assert.equal(client.of("execDetails").length, 0);
    assert.equal(gateway.truth().executions.length, 1);
  }));

Deno.test("pacing and silence of history", async () => {
  const history = {
    type: "reqHistoricalData",
    reqId: 3,
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
  } as const;
  await underFault("pacing", async (client) => {
    client.send(history);
    await client.until(() => client.errors(3).length > 0);
    assert.match(client.errors(3)[0]?.text ?? "", /pacing violation$/);
  });
  await underFault("history-silent", async (client) => {
    client.send(history);
    await client.pass(60_000);
    assert.deepEqual(client.of("historicalData"), []);
    assert.deepEqual(client.errors(3), []);
  });
  await underFault("farm-down=farm:ushmds@09:40-09:45", async (client) => {
    client.send(history);
    await client.pass(60_000);
    assert.deepEqual(client.of("historicalData"), []);
  });
});
