import assert from "node:assert/strict";
import { parseFault } from "../../lib/simulator/faults.ts";
import { at, placing, quoting, stock } from "./raw_client.ts";
import { BUY, kinds, RESTING, underFault } from "./under_fault.ts";

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
