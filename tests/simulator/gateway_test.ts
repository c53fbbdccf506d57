import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { EVERY_EXECUTION } from "../../lib/wire/requests_orders.ts";
import { bars, history } from "./asking.ts";
import {
  at,
  cancelling,
  placing,
  quoting,
  type RawClient,
  stock,
  withGateway,
} from "./raw_client.ts";

const m = parseMicros;

/** Types of the replies so far, in order. */
function types(client: RawClient): string[] {
  return client.received.map(({ reply }) => reply.type);
}

Deno.test("a client is greeted in the order of a live Gateway: accounts, next id, farms", async () => {
  await withGateway({ from: "09:25" }, async ({ connect }) => {
    const client = await connect({ maxVersion: 193 });
    await client.until(() => client.received.length === 5);
    assert.equal(client.serverVersion, 178);
    assert.equal(client.connectionTime, "20261120 09:25:00 US/Eastern");
    assert.deepEqual(client.received.map(({ fields }) => fields.join("|")), [
      "15|1|DU1234567",
      "9|1|1",
      "4|2|-1|2104|Market data farm connection is OK:usfarm|",
      "4|2|-1|2106|HMDS data farm connection is OK:ushmds|",
      "4|2|-1|2158|Sec-def data farm connection is OK:secdefil|",
    ]);
  });
});

for (const version of [155, 176, 178, 193, 200]) {
  Deno.test(`server version ${version}: quotes, bars, history, an order with its fill, and the account`, async () => {
    await withGateway({ from: "09:31", serverVersionMax: 200 }, async ({ connect, gateway }) => {
      const client = await connect({ maxVersion: version });
      await client.reply("nextValidId");
      assert.equal(client.serverVersion, version);
      client.send(quoting(11, "AAPL"));
      client.send(bars(12, "AAPL"));
      client.send(history({ formatDate: 2 }));
      client.send({ type: "reqAccountUpdates", subscribe: true, acctCode: "" });
      client.send({
        type: "reqAccountSummary",
        reqId: 13,
        group: "All",
        tags: "NetLiquidation,$LEDGER:USD",
      });
      client.send({ type: "reqPositions" });
      client.send(
        placing(1, "AAPL", { action: "BUY", totalQuantity: m("10"), orderType: "MKT" }),
      );
      await client.reply("commissionReport");
      await client.reply("realtimeBar");
      await client.reply("historicalData");
      client.send({ type: "reqExecutions", reqId: 14, filter: EVERY_EXECUTION });
      client.send({ type: "reqOpenOrders" });
      client.send({ type: "reqCompletedOrders", apiOnly: false });
      await client.reply("completedOrdersEnd");
      assert.deepEqual(
        types(client).filter((type) =>
          ["openOrder", "orderStatus", "execDetails", "commissionReport"].includes(type)
        ).slice(0, 8),
        [
          "openOrder",
          "orderStatus",
          "execDetails",
          "openOrder",
          "orderStatus",
          "openOrder",
          "orderStatus",
          "commissionReport",
        ],
      );
      const [execution] = gateway.truth().executions;
      assert.ok(execution);
      assert.equal(client.of("execDetails")[0]?.execution.price, execution.price);
      assert.equal(client.of("commissionReport")[0]?.commission, execution.commission);
      assert.equal(client.of("completedOrder").length, 1);
      assert.equal(client.of("historicalDataEnd").length, version >= 196 ? 1 : 0);
    });
  });
}

Deno.test("a client that wants a newer server is closed, and so is one that speaks something else", async () => {
  await withGateway({ from: "09:25" }, async ({ connect }) => {
    const modern = await connect({ minVersion: 213, maxVersion: 225 });
    await modern.until(() => modern.isClosed);
    const browser = await connect({ start: false });
    browser.write(new TextEncoder().encode("not a frame: a length far too long"));
    await browser.until(() => browser.isClosed);
    assert.deepEqual([...modern.received, ...browser.received], []);
  });
});

Deno.test("what comes before startApi is ignored, an unknown message too", async () => {
  await withGateway({ from: "09:25" }, async ({ connect }) => {
    const client = await connect({ start: false });
    await client.until(() => client.serverVersion > 0);
    client.send({ type: "reqCurrentTime" });
    client.send({ type: "startApi", clientId: 5, optionalCapabilities: "" });
    client.send({ type: "unknown", id: 4711, fields: ["1"] });
    client.send({ type: "reqCurrentTime" });
    await client.reply("currentTime");
    assert.equal(client.received[0]?.reply.type, "managedAccounts");
    assert.equal(client.of("currentTime").length, 1);
    assert.deepEqual(client.of("currentTime")[0]?.time, at("09:25") / 1000);
  });
});

Deno.test("a message that cannot be read is answered 320 and the connection lives on", async () => {
  await withGateway({ from: "09:25" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send({ type: "unknown", id: 1, fields: ["11", "33", "not a number"] });
    client.send({ type: "reqCurrentTime" });
    await client.reply("currentTime");
    const error = client.of("error").find(({ code }) => code === 320);
    assert.equal(error?.id, 33);
    assert.match(error.text, /^Error reading request:/);
  });
});

Deno.test("a client id in use: 326 to the second, which is closed 100 ms later, and the first trades on", async () => {
  await withGateway({ from: "09:25" }, async ({ connect, clock }) => {
    const first = await connect({ clientId: 9 });
    await first.reply("nextValidId");
    const second = await connect({ clientId: 9 });
    await second.until(() => second.received.length > 0);
    const toldAt = clock.now();
    await second.until(() => second.isClosed);
    assert.equal(clock.now() - toldAt, 100);
    assert.deepEqual(second.errors(-1), [{
      code: 326,
      text: "Unable connect as the client id is already in use. Retry with a unique client id.",
    }]);
    first.send({ type: "reqCurrentTime" });
    await first.reply("currentTime");
    first.close();
    await first.pass(1);
    const third = await connect({ clientId: 9 });
    await third.reply("nextValidId");
  });
});

Deno.test("an unknown stock is answered 200, a known one with its details and hours", async () => {
  await withGateway({ from: "09:25", date: "2026-11-25" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    const ask = (reqId: number, symbol: string): void =>
      client.send({
        type: "reqContractData",
        reqId,
        contract: stock(symbol),
        includeExpired: false,
        secIdType: "",
        secId: "",
        issuerId: "",
      });
    ask(1, "NOSUCHXX");
    ask(2, "ELTP");
    const { details } = await client.reply("contractDetails");
    await client.reply("contractDetailsEnd");
    assert.deepEqual(client.errors(1), [{
      code: 200,
      text: "No security definition has been found for the request",
    }]);
    assert.equal(details.contract.primaryExchange, "PINK");
    assert.equal(details.minTick, 0.0001);
    assert.equal(details.timeZoneId, "US/Eastern");
    assert.equal(
      details.liquidHours,
      "20261125:0930-20261125:1600;20261126:CLOSED;20261127:0930-20261127:1300;20261128:CLOSED;" +
        "20261129:CLOSED;20261130:0930-20261130:1600",
    );
  });
});

Deno.test("market data starts with its type and parameters, and then tells what changes", async () => {
  await withGateway({ from: "09:29:58" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    const before = client.received.length;
    client.send(quoting(21, "AAPL"));
    await client.reply("tickGeneric");
    const first = client.received.slice(before).map(({ fields }) => fields.slice(0, 4).join("|"));
    assert.deepEqual(first.slice(0, 2), ["58|1|21|1", "81|21|0.01|9c0001"]);
    await client.pass(8000);
    const bid = client.of("tickPrice").filter(({ tickType }) => tickType === 1).at(-1);
    const ask = client.of("tickPrice").filter(({ tickType }) => tickType === 2).at(-1);
    assert.ok(bid && ask && bid.price < ask.price, `${bid?.price} ${ask?.price}`);
    client.send({ type: "cancelMktData", reqId: 21 });
    client.send({ type: "cancelMktData", reqId: 21 });
    await client.until(() => client.errors(21).length > 0);
    const after = client.of("tickPrice").length;
    await client.pass(20_000);
    assert.equal(client.of("tickPrice").length, after);
    assert.deepEqual(client.errors(21), [{
      code: 300,
      text: "Can't find EId with tickerId:21",
    }]);
  });
});

Deno.test("generic ticks: what is known comes, what TWS does not know is refused with the legal ones", async () => {
  await withGateway({ from: "09:40" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    const ask = (reqId: number, symbol: string, genericTickList: string): void =>
      client.send({
        type: "reqMktData",
        reqId,
        contract: stock(symbol),
        comboLegs: [],
        deltaNeutralContract: null,
        genericTickList,
        snapshot: false,
        regulatorySnapshot: false,
        mktDataOptions: [],
      });
    ask(1, "ELTP", "165,236");
    ask(2, "AAPL", "233,999");
    await client.until(() => client.errors(2).length > 0);
    assert.match(
      client.errors(2)[0]?.text ?? "",
      /Incorrect generic tick list of 999\. {2}Legal ones for \(STK\) are: 100\(Option Volume\)/,
    );
    assert.equal(client.of("tickSize").find(({ tickType }) => tickType === 21)?.size, m("16000"));
    assert.equal(client.of("tickGeneric").find(({ tickType }) => tickType === 46)?.value, 1);
  });
});

Deno.test("32 clients at once, and the 33rd is closed", async () => {
  await withGateway({ from: "09:40" }, async ({ connect }) => {
    for (let clientId = 1; clientId <= 32; clientId++) {
      const client = await connect({ clientId });
      await client.reply("nextValidId");
    }
    const late = await connect({ clientId: 33 });
    await late.until(() => late.isClosed);
    assert.equal(late.serverVersion, 0);
  });
});

Deno.test("the account tells what the truth is: cash, position, portfolio", async () => {
  await withGateway({ from: "09:35" }, async ({ connect, gateway }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send({ type: "reqAccountUpdates", subscribe: true, acctCode: "DU1234567" });
    client.send({ type: "reqPositions" });
    await client.reply("positionEnd");
    const keys = client.of("updateAccountValue").map(({ key }) => key);
    assert.deepEqual(keys, [...keys].sort());
    client.send(placing(1, "QQQ", { action: "BUY", totalQuantity: m("5"), orderType: "MKT" }));
    await client.reply("commissionReport");
    const truth = gateway.truth();
    const [held] = truth.positions;
    assert.ok(held);
    assert.equal(client.of("position")[0]?.position, m("5"));
    assert.equal(client.of("position")[0]?.avgCost, held.avgCost);
    assert.equal(client.of("updatePortfolio")[0]?.averageCost, held.avgCost);
    client.send({ type: "reqAccountUpdates", subscribe: true, acctCode: "" });
    await client.reply("accountDownloadEnd", 2);
    const cash = client.of("updateAccountValue").filter(({ key, currency }) =>
      key === "CashBalance" && currency === "USD"
    ).at(-1);
    assert.equal(cash?.value, (Number(truth.cash) / 1e6).toFixed(2));
  });
});

Deno.test("clients hear of their own orders alone, see everybody's when they ask, and the master client hears all", async () => {
  await withGateway({ from: "09:35", masterClientId: 3 }, async ({ connect }) => {
    const [one, two, master] = [
      await connect({ clientId: 1 }),
      await connect({ clientId: 2 }),
      await connect({ clientId: 3 }),
    ];
    for (const client of [one, two, master]) await client.reply("nextValidId");
    const buy = { action: "BUY", totalQuantity: m("5"), orderType: "LMT", lmtPrice: m("10") };
    one.send(placing(1, "QQQ", { ...buy, orderRef: "mine" }));
    await one.reply("orderStatus", 2);
    await master.reply("orderStatus", 2);
    assert.deepEqual(two.of("openOrder"), []);
    two.send({ type: "reqOpenOrders" });
    await two.reply("openOrderEnd");
    assert.deepEqual(two.of("openOrder"), []);
    two.send({ type: "reqAllOpenOrders" });
    await two.reply("openOrderEnd", 2);
    const [seen] = two.of("openOrder");
    assert.equal(seen?.order.orderRef, "mine");
    assert.equal(seen.order.clientId, 1);
    two.send(cancelling(1));
    await two.until(() => two.errors(1).length > 0);
    assert.equal(two.errors(1)[0]?.code, 10147);
    two.send({
      type: "reqGlobalCancel",
      extOperator: "",
      manualOrderIndicator: null,
    });
    await one.until(() => one.errors(1).some(({ code }) => code === 202));
  });
});

Deno.test("orders and positions outlive their client; executions are told to whoever asks", async () => {
  await withGateway({ from: "09:35" }, async ({ connect }) => {
    const first = await connect({ clientId: 1 });
    await first.reply("nextValidId");
    first.send(
      placing(1, "GM", { action: "BUY", totalQuantity: m("7"), orderType: "MKT", orderRef: "r1" }),
    );
    await first.reply("commissionReport");
    first.close();
    await first.pass(10);
    const second = await connect({ clientId: 1 });
    const { orderId } = await second.reply("nextValidId");
    assert.equal(orderId, 2);
    const ask = (reqId: number, filter: Partial<typeof EVERY_EXECUTION>): void =>
      second.send({ type: "reqExecutions", reqId, filter: { ...EVERY_EXECUTION, ...filter } });
    ask(5, {});
    ask(6, { symbol: "AAPL" });
    ask(7, { time: "20261120 10:00:00 US/Eastern" });
    ask(8, { side: "BUY", time: "20261120-14:35:00", clientId: 1 });
    await second.reply("execDetailsEnd", 4);
    assert.deepEqual(second.of("execDetails").map(({ reqId }) => reqId), [5, 8]);
    assert.equal(second.of("execDetails")[0]?.execution.orderRef, "r1");
    assert.deepEqual(second.of("execDetailsEnd").map(({ reqId }) => reqId), [5, 6, 7, 8]);
  });
});

Deno.test("a what-if order is answered once, with margins and commission, and leaves no order", async () => {
  await withGateway({ from: "09:35" }, async ({ connect, gateway }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(placing(1, "AAPL", {
      action: "BUY",
      totalQuantity: m("100"),
      orderType: "LMT",
      lmtPrice: m("200"),
      whatIf: true,
    }));
    const { state } = await client.reply("openOrder");
    assert.equal(state.margins.initMarginChange, m("5000"));
    assert.equal(state.commission, m("1.0003"));
    await client.pass(1000);
    assert.deepEqual(client.of("orderStatus"), []);
    assert.deepEqual(gateway.truth().orders, []);
  });
});

Deno.test("the same seed and the same messages give the same bytes, another seed does not", async () => {
  const run = async (seed: number): Promise<string> => {
    let text = "";
    await withGateway({ from: "09:29", seed }, async ({ connect }) => {
      const client = await connect({ clientId: 4 });
      await client.reply("nextValidId");
      for (const [index, symbol] of ["AAPL", "ELTP", "GM"].entries()) {
        client.send(quoting(20 + index, symbol));
        client.send(bars(40 + index, symbol));
      }
      client.send(
        placing(1, "ELTP", { action: "BUY", totalQuantity: m("40000"), orderType: "MKT" }),
      );
      await client.pass(5 * 60_000);
      text = client.received.map(({ at, fields }) => `${at} ${fields.join("|")}`).join("\n");
    });
    return text;
  };
  const first = await run(11);
  assert.equal(await run(11), first);
  assert.notEqual(await run(12), first);
});
