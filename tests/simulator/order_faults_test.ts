import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { EVERY_EXECUTION } from "../../lib/wire/requests_orders.ts";
import { at, cancelling, placing, type RawClient } from "./raw_client.ts";
import { BUY, kinds, RESTING, underFault } from "./under_fault.ts";

const m = parseMicros;

function asking(reqId: number): Parameters<RawClient["send"]>[0] {
  return { type: "reqExecutions", reqId, filter: EVERY_EXECUTION };
}

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

Deno.test("delayed-messages: an execution that is pushed late is in the list that is asked for", () =>
  underFault("delayed-messages=of:execDetails,ms:3000", async (client) => {
    client.send(placing(1, "AAPL", BUY));
    await client.reply("commissionReport");
    client.send(asking(9));
    await client.reply("execDetailsEnd");
    assert.deepEqual(client.of("execDetails").map(({ reqId }) => reqId), [9]);
    await client.reply("execDetails", 2);
    assert.deepEqual(client.of("execDetails").map(({ reqId }) => reqId), [9, -1]);
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
