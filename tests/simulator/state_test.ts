import assert from "node:assert/strict";
import { VirtualClock } from "../../lib/clock.ts";
import { parseMicros } from "../../lib/money.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { AccountTruth, GatewayInput } from "../../lib/simulator/options.ts";
import { beginningLine, inputLine, parseState } from "../../lib/simulator/state.ts";
import { at, cancelling, DATE, placing, withGateway } from "./raw_client.ts";

const m = parseMicros;
const BUY = { action: "BUY", totalQuantity: m("10") };
const BEGINNING = {
  seed: 1,
  date: DATE,
  accounts: [{ id: "DU1", cash: m("5000.25") }],
  commissions: "tiered",
  stepMs: 1000,
  originMs: at("09:25"),
  startedWallMs: 1_795_000_000_000,
  speed: 60,
} as const;

/** Trades for ten minutes; what was done, and what came of it. */
async function lived(): Promise<{ inputs: GatewayInput[]; truth: AccountTruth; nextId: number }> {
  const inputs: GatewayInput[] = [];
  let result: { truth: AccountTruth; nextId: number } | undefined;
  const onInput = (input: GatewayInput): void => void inputs.push(input);
  await withGateway({ from: "09:40", onInput }, async ({ connect, gateway }) => {
    const client = await connect({ clientId: 5 });
    await client.reply("nextValidId");
    client.send(placing(1, "AAPL", { ...BUY, orderType: "MKT" }));
    await client.pass(61_234);
    client.send(placing(2, "GM", { ...BUY, orderType: "LMT", lmtPrice: m("9"), transmit: false }));
    client.send(
      placing(3, "GM", { ...BUY, action: "SELL", orderType: "STP", auxPrice: m("8"), parentId: 2 }),
    );
    client.send({ type: "reqPositions" });
    await client.pass(5);
    client.send(placing(4, "ELTP", { ...BUY, totalQuantity: m("90000"), orderType: "MKT" }));
    client.send(placing(5, "AAPL", { ...BUY, orderType: "MKT", whatIf: true }));
    await client.pass(30);
    client.send(cancelling(4));
    gateway.tradeByHand({ symbol: "TSLA", side: "SELL", quantity: 3 });
    await client.pass(600_000);
    client.send({ type: "reqIds", numIds: 1 });
    const { orderId } = await client.reply("nextValidId", 2);
    result = { truth: gateway.truth(), nextId: orderId };
  });
  assert.ok(result);
  return { inputs, ...result };
}

Deno.test("a Gateway that was killed is, from its inputs alone, the one it was: cash, orders, executions, ids", async () => {
  const { inputs, truth } = await lived();
  assert.equal(inputs.length, 6);
  const clock = new VirtualClock(at("09:52"));
  const again = await startGateway({
    clock,
    port: 0,
    seed: 1,
    date: DATE,
    stepMs: 5000,
    replay: { originMs: at("09:40"), inputs },
  });
  try {
    assert.ok(truth.executions.length >= 3);
    assert.deepEqual(again.truth(), truth);
  } finally {
    await again.close();
  }
});

Deno.test("a Gateway that takes up a state weeks later finds the prices of then", async () => {
  const { inputs, truth } = await lived();
  const later = Temporal.PlainDate.from(DATE).add({ weeks: 3 });
  const again = await startGateway({
    clock: new VirtualClock(at("09:52") + 21 * 24 * 3_600_000),
    port: 0,
    seed: 1,
    date: later.toString(),
    stepMs: 5000,
    replay: { originMs: at("09:40"), inputs },
  });
  try {
    const { cash, executions } = again.truth();
    assert.deepEqual({ cash, executions }, { cash: truth.cash, executions: truth.executions });
  } finally {
    await again.close();
  }
});

Deno.test("the state file: written and read back, a torn last line is no line", () => {
  const input: GatewayInput = {
    kind: "request",
    at: 1_795_185_300_020,
    clientId: 5,
    serverVersion: 178,
    fields: ["4", "1", "12", ""],
  };
  const hand: GatewayInput = {
    kind: "hand",
    at: 1_795_185_400_000,
    trade: { symbol: "GM", side: "BUY", quantity: 5 },
  };
  const whole = beginningLine(BEGINNING) + inputLine(input) + inputLine(hand);
  const state = parseState(`${whole}{"kind":"request","at":17951`);
  assert.deepEqual(state, { beginning: BEGINNING, inputs: [input, hand], length: whole.length });
  assert.equal(parseState(""), null);
  assert.equal(parseState('{"version":1'), null);
});

Deno.test("a file that is no state is refused by line", () => {
  assert.throws(
    () => parseState("time,open\n"),
    /Cannot read line 1 of the state: it is not a Gateway's/,
  );
  assert.throws(() => parseState(`${beginningLine(BEGINNING)}{"kind":"dance"}\n`), /line 2/);
});
