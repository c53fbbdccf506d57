import assert from "node:assert/strict";
import type { Request } from "../../lib/wire/requests.ts";
import { at, quoting, type RawClient, stock, withGateway } from "./raw_client.ts";

function seconds(reqId: number, symbol: string): Request {
  return {
    type: "reqHistoricalData",
    reqId,
    contract: stock(symbol),
    includeExpired: false,
    endDateTime: "",
    barSizeSetting: "5 secs",
    durationStr: "60 S",
    useRTH: true,
    whatToShow: "TRADES",
    formatDate: 1,
    comboLegs: [],
    keepUpToDate: false,
    chartOptions: [],
  };
}

/** Last price of each of these ticks. */
function prices(client: RawClient, tickTypes: readonly number[]): (number | undefined)[] {
  return tickTypes.map((type) =>
    client.of("tickPrice").findLast(({ tickType }) => tickType === type)?.price
  );
}

Deno.test("50 messages in a second pass, the 51st is told, the third time the connection is closed", async () => {
  await withGateway({ from: "09:40" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    const burst = (messages: number): void => {
      for (let sent = 0; sent < messages; sent++) client.send({ type: "reqCurrentTime" });
    };
    burst(50);
    await client.pass(1000);
    assert.deepEqual(client.errors(-1).filter(({ code }) => code === 100), []);
    for (let violation = 1; violation <= 2; violation++) {
      burst(60);
      await client.pass(2000);
      assert.deepEqual(client.errors(-1).filter(({ code }) => code === 100).at(-1), {
        code: 100,
        text: `Max rate of messages per second has been exceeded:max=50 rec=51 (${violation})`,
      });
    }
    assert.equal(client.isClosed, false);
    burst(60);
    await client.until(() => client.isClosed);
  });
});

Deno.test("a client that leaves the pacing to TWS may send as fast as it likes", async () => {
  await withGateway({ from: "09:40" }, async ({ connect }) => {
    const client = await connect({ start: false, connectOptions: "+PACEAPI" });
    await client.until(() => client.serverVersion > 0);
    client.send({ type: "startApi", clientId: 1, optionalCapabilities: "" });
    for (let sent = 0; sent < 500; sent++) client.send({ type: "reqCurrentTime" });
    await client.reply("currentTime", 500);
  });
});

Deno.test("small bars are paced: identical within 15 s, six for a contract in 2 s, sixty in ten minutes", async () => {
  await withGateway({ from: "09:40" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(seconds(1, "AAPL"));
    await client.reply("historicalData");
    client.send(seconds(2, "AAPL"));
    await client.until(() => client.errors(2).length > 0);
    assert.deepEqual(client.errors(2), [{
      code: 162,
      text: "Historical Market Data Service error message:Historical data request pacing violation",
    }]);
    await client.pass(15_000);
    client.send(seconds(3, "AAPL"));
    await client.reply("historicalData", 2);
    const symbols = ["GM", "IBM", "SPY", "AMD", "QQQ", "QLD"];
    for (let id = 4; id <= 61; id++) {
      client.send(seconds(id, symbols[id % symbols.length] ?? "GM"));
      await client.pass(3000);
    }
    assert.equal(client.of("historicalData").length, 59);
    assert.equal(client.errors(61)[0]?.code, 162);
    await client.pass(600_000);
    client.send(seconds(99, "GM"));
    await client.reply("historicalData", 60);
  });
});

Deno.test("who has no subscription and asks for delayed data gets the prices of a quarter of an hour ago", async () => {
  const fault = { name: "not-subscribed", args: { delayed: 1 } };
  await withGateway({ from: "09:50", faults: [fault] }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(quoting(1, "AAPL"));
    await client.until(() => client.errors(1).length > 0);
    assert.equal(client.errors(1)[0]?.code, 354);
    client.send({ type: "reqMarketDataType", marketDataType: 3 });
    client.send(quoting(2, "AAPL"));
    await client.until(() => prices(client, [66, 67, 68]).every((price) => price !== undefined));
    assert.equal(client.errors(2)[0]?.code, 10167);
    assert.equal(client.of("marketDataType").at(-1)?.marketDataType, 3);
    assert.deepEqual(prices(client, [1, 2, 4]), [undefined, undefined, undefined]);
    const [bid, ask] = prices(client, [66, 67]);
    await withGateway({ from: "09:35" }, async (earlier) => {
      const live = await earlier.connect();
      await live.reply("nextValidId");
      live.send(quoting(1, "AAPL"));
      await live.until(() => prices(live, [1, 2]).every((price) => price !== undefined));
      assert.deepEqual(prices(live, [1, 2]), [bid, ask]);
    });
  });
});

Deno.test("at night there is no quote; frozen data shows the last one of the session", async () => {
  await withGateway({ from: "21:00" }, async ({ connect, clock }) => {
    const client = await connect();
    await client.reply("nextValidId");
    assert.equal(clock.now(), at("21:00"));
    client.send(quoting(1, "AAPL"));
    await client.reply("tickGeneric");
    assert.deepEqual(prices(client, [1, 2]), [-1, -1]);
    client.send({ type: "reqMarketDataType", marketDataType: 2 });
    client.send(quoting(2, "AAPL"));
    await client.reply("tickGeneric", 2);
    assert.equal(client.of("marketDataType").at(-1)?.marketDataType, 2);
    const [bid = 0, ask = 0] = prices(client, [1, 2]);
    assert.ok(bid > 0 && bid < ask);
  });
});
