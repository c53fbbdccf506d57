import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { Broker, BrokerEvent } from "../../lib/broker/broker.ts";
import { connectIb } from "../../lib/broker/ib.ts";
import { sleep, VirtualClock } from "../../lib/clock.ts";
import type { Instrument } from "../../lib/market/market.ts";
import { multiply, parseMicros, toNumber } from "../../lib/money.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { AccountTruth, Gateway } from "../../lib/simulator/options.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import { ofType, order, states } from "./rig.ts";

/** The broker against the simulated Gateway, over loopback, in virtual time. */

/** Ten minutes into a trading day. */
const START_MS = Date.UTC(2026, 10, 20, 14, 40);
const ACCOUNT = "DU1234567";
const CLIENT_ID = 7;

interface Day {
  readonly clock: VirtualClock;
  readonly gateway: Gateway;
  readonly broker: Broker;
  readonly events: BrokerEvent[];
  readonly truth: () => AccountTruth;
}

async function inSimulatedDay(
  serverVersionMax: number,
  test: (day: Day) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock(START_MS);
  const traffic = new Traffic();
  const gateway = await startGateway({
    clock,
    traffic,
    port: 0,
    seed: 1,
    date: "2026-11-20",
    stepMs: 5_000,
    serverVersionMax,
  });
  const events: BrokerEvent[] = [];
  const work = async (): Promise<void> => {
    const broker = await connectIb({
      host: "127.0.0.1",
      port: gateway.port,
      clientId: CLIENT_ID,
      clock,
      traffic,
      connectTimeoutMs: 5_000,
      handshakeTimeoutMs: 5_000,
      answerTimeoutMs: 5_000,
      onEvent: (event) => void events.push(event),
    });
    await test({ clock, gateway, broker, events, truth: () => gateway.truth() });
    await broker.close();
  };
  try {
    await driveVirtualTime(work(), { clock, traffic });
  } finally {
    await gateway.close();
  }
}

async function apple(broker: Broker): Promise<Instrument> {
  const instrument = await broker.instrument("AAPL");
  ok(instrument !== null);
  return instrument;
}

for (const version of [178, 193]) {
  Deno.test(`the simulated Gateway at ${version} answers every question of the port`, async () => {
    await inSimulatedDay(version, async ({ broker, clock, events }) => {
      strictEqual(broker.ready.serverVersion, version);
      deepStrictEqual(broker.ready.accounts, [ACCOUNT]);
      strictEqual(await broker.currentTime(), START_MS);
      deepStrictEqual(await broker.openOrders(), []);
      deepStrictEqual(await broker.completedOrders(), []);
      deepStrictEqual(await broker.executions(), { executions: [], commissions: [] });
      deepStrictEqual(await broker.positions(), []);
      const { values } = await broker.accountValues(ACCOUNT);
      strictEqual(values.get("TotalCashValue"), "100000.00");
      strictEqual(values.get("NetLiquidation"), "100000.00");
      strictEqual(await broker.instrument("PRTGX"), null);
      const instrument = await apple(broker);
      deepStrictEqual([instrument.conId, instrument.timeZoneId], [265598, "US/Eastern"]);
      const bars = await broker.history({
        instrument,
        endMs: null,
        duration: "600 S",
        barSize: "5 secs",
        barMs: 5_000,
      });
      deepStrictEqual(
        [bars.length, bars[0]?.time, bars.at(-1)?.time],
        [120, START_MS - 600_000, START_MS - 5_000],
      );
      broker.subscribe([instrument]);
      await sleep(clock, 30_000);
      const kinds = new Set(ofType(events, "feed").map(({ event }) => event.type));
      deepStrictEqual([...kinds].sort(), ["bar", "quote"]);
      deepStrictEqual(states(events), ["connecting", "ready"]);
    });
  });

  Deno.test(`a what-if at ${version} says the margin, leaves no order, and its refusal is an answer`, async () => {
    await inSimulatedDay(version, async ({ broker, clock, events }) => {
      const instrument = await apple(broker);
      const preview = async (side: "BUY" | "SELL", shares: string): Promise<number> => {
        const wanted = { instrument, side, quantity: parseMicros(shares) };
        return toNumber((await broker.preview(wanted)).initMarginChange ?? 0n);
      };
      const [one, hundred] = [await preview("BUY", "1"), await preview("BUY", "100")];
      ok(one > 25 && one < 125, String(one));
      ok(Math.abs(hundred / one - 100) < 0.1, String(hundred));
      ok(await preview("SELL", "1") > 0);
      await rejects(preview("BUY", "0"), { name: "RequestRefusedError" });
      await sleep(clock, 5_000);
      deepStrictEqual(await broker.openOrders(), []);
      deepStrictEqual(ofType(events, "open-order"), []);
      deepStrictEqual(ofType(events, "order-status"), []);
      deepStrictEqual(ofType(events, "order-message"), []);
    });
  });

  Deno.test(`an order is placed and filled at the simulated Gateway at ${version}`, async () => {
    await inSimulatedDay(version, async ({ broker, clock, events, truth }) => {
      const { conId } = await apple(broker);
      const market = { conId, orderType: "MKT", lmtPrice: null, deadlineMs: START_MS + 60_000 };
      const { orderId } = broker.place(order(market));
      await sleep(clock, 30_000);
      const filled = ofType(events, "order-status").findLast(({ status }) => status === "Filled");
      deepStrictEqual([filled?.orderId, filled?.filled], [orderId, parseMicros("100")]);
      const [execution] = ofType(events, "execution").map((event) => event.execution);
      const [commission] = ofType(events, "commission").map((event) => event.commission);
      ok(execution !== undefined && commission !== undefined);
      strictEqual(commission.execId, execution.execId);
      // What was told adds up to the Gateway's own cash, to the micro.
      const paid = multiply(execution.quantity, execution.price) + commission.amount;
      strictEqual(parseMicros("100000") - paid, truth().cash);
      const asked = await broker.executions();
      deepStrictEqual(asked, { executions: [execution], commissions: [commission] });
      const [position] = await broker.positions();
      deepStrictEqual([position?.symbol, position?.quantity], ["AAPL", parseMicros("100")]);
      const [completed] = await broker.completedOrders();
      deepStrictEqual(
        [completed?.status, completed?.permId, completed?.filled],
        ["Filled", execution.permId, parseMicros("100")],
      );
    });
  });

  Deno.test(`a bracket waits, and is cancelled, at the simulated Gateway at ${version}`, async () => {
    await inSimulatedDay(version, async ({ broker, clock, events }) => {
      const { conId } = await apple(broker);
      const base = { conId, deadlineMs: START_MS + 60_000, quantity: parseMicros("10") };
      const parent = broker.place(order({
        ...base,
        intentId: "P",
        orderRef: "rt-P",
        lmtPrice: parseMicros("10"),
        transmit: false,
      }));
      const stop = broker.place(order({
        ...base,
        intentId: "S",
        orderRef: "rt-S",
        role: "stop",
        side: "SELL",
        orderType: "STP",
        lmtPrice: null,
        auxPrice: parseMicros("9"),
        tif: "GTC",
        parentIntentId: "P",
        ocaGroup: "oca-P",
      }));
      await sleep(clock, 10_000);
      const open = await broker.openOrders();
      deepStrictEqual(
        open.map(({ orderId, parentId, orderRef }) => [orderId, parentId, orderRef]),
        [
          [parent.orderId, 0, "rt-P"],
          [stop.orderId, parent.orderId, "rt-S"],
        ],
      );
      broker.cancel(parent.orderId);
      await sleep(clock, 10_000);
      deepStrictEqual(await broker.openOrders(), []);
      const cancelled = ofType(events, "order-status")
        .filter(({ status }) => status === "Cancelled")
        .map(({ orderId }) => orderId);
      deepStrictEqual(cancelled.sort(), [parent.orderId, stop.orderId]);
    });
  });
}

Deno.test("the same seed makes the same day, event for event", async () => {
  const days: string[] = [];
  for (let i = 0; i < 2; i++) {
    await inSimulatedDay(178, async ({ broker, clock, events }) => {
      const instrument = await apple(broker);
      broker.subscribe([instrument]);
      await sleep(clock, 20_000);
      const market = { conId: instrument.conId, orderType: "MKT", lmtPrice: null };
      broker.place(order({ ...market, deadlineMs: clock.now() }));
      await sleep(clock, 60_000);
      // The port of the connection is the machine's choice, and the only difference.
      const said = events.slice(1);
      days.push(JSON.stringify(said, (_, value) => typeof value === "bigint" ? `${value}` : value));
    });
  }
  ok((days[0]?.length ?? 0) > 1_000);
  strictEqual(days[0], days[1]);
});
