import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Entry } from "../../lib/ledger/entry.ts";
import { foldPositions } from "../../lib/ledger/positions.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { parseMicros } from "../../lib/money.ts";
import { MemoryAccount, type MemoryBroker } from "./memory_broker.ts";
import { at, HILL, run } from "./run.ts";
import { FLAT, scripted } from "./scripted.ts";

/** The end of a day whose commissions are late, and nights in which something happens to what is held. */

const codes = (entries: readonly Entry[]): string[] =>
  bodiesOf(entries, "incident").map(({ code }) => code);

/** Says nothing of commissions before this. */
function lateCommissions(broker: MemoryBroker, isLate: () => boolean): void {
  const { executions } = broker;
  const listen = broker.listen.bind(broker);
  broker.listen = (listener) =>
    listen((event) => event.type === "commission" && isLate() ? undefined : listener(event));
  broker.executions = async () => {
    const known = await executions.call(broker);
    return isLate() ? { ...known, commissions: [] } : known;
  };
}

Deno.test("a commission that is never said: the books close provisionally, with the fills and the cash that waits for it", async () => {
  const { outcome, entries } = await run({
    script: ({ broker }) => lateCommissions(broker, () => true),
  });
  strictEqual(outcome.outcome, "done", outcome.because);
  const told = bodiesOf(entries, "incident").at(-1);
  strictEqual(told?.code, "commission-missing");
  match(told?.text ?? "", /0000\.01\.01, .*0001\.01\.01; its cash is 2 below ours/);
  strictEqual(foldPositions(entries).withoutCommission().length, 2);
});

Deno.test("a commission that comes hours late is booked in the evening, to the cent", async () => {
  const { outcome, entries } = await run({
    script: ({ clock, broker }) => lateCommissions(broker, () => clock.now() < at(389)),
  });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(codes(entries), []);
  deepStrictEqual(foldPositions(entries).withoutCommission(), []);
});

Deno.test("cash that no commission can explain is a difference, whatever is missing beside it", async () => {
  const { outcome } = await run({
    path: HILL,
    script: ({ clock, broker }) => {
      lateCommissions(broker, () => true);
      clock.at(at(300), () => broker.account.cash -= parseMicros("100"));
    },
  });
  deepStrictEqual(outcome, {
    outcome: "failed",
    because: "The ledger and the broker differ at the end of the day",
  });
});

/** A ledger whose yesterday ended with ten shares. */
async function held(): Promise<ReturnType<typeof openLedger>> {
  const day = await run({ path: FLAT, chosen: scripted(() => []) });
  const [opened] = bodiesOf(day.entries, "session-opened");
  const [start] = bodiesOf(day.entries, "account-snapshot");
  if (opened === undefined || start === undefined) throw new Error("No session");
  const ledger = openLedger(":memory:");
  const [quantity, avgCost] = [parseMicros("10"), parseMicros("100")];
  ledger.append("2026-11-19-1", at(-1_000), [
    { ...opened, date: "2026-11-19" },
    { ...start, positions: [{ symbol: "AAPL", conId: 1, quantity, avgCost }] },
  ]);
  return ledger;
}

for (const [what, shares] of [["a split", "20"], ["an exercised option", "110"]] as const) {
  Deno.test(`${what} over night: the position is not the one we left, so nothing trades before a person has looked`, async () => {
    const account = new MemoryAccount();
    account.shares.set("AAPL", parseMicros(shares));
    const { outcome, entries, broker } = await run({ ledger: await held(), account, path: FLAT });
    strictEqual(outcome.outcome, "failed");
    deepStrictEqual(bodiesOf(entries, "reconciled").at(-1)?.differences, [
      { what: "position", key: "AAPL", ledger: "10", broker: shares },
    ]);
    deepStrictEqual(broker.placed, []);
  });
}

Deno.test("a dividend over night: the day begins with the broker's cash, and its books agree in the evening", async () => {
  const account = new MemoryAccount("100025.50");
  account.shares.set("AAPL", parseMicros("10"));
  const { outcome, entries } = await run({
    ledger: await held(),
    account,
    path: FLAT,
    chosen: scripted(() => []),
  });
  strictEqual(outcome.outcome, "done", outcome.because);
  deepStrictEqual(bodiesOf(entries, "reconciled").at(-1)?.differences, []);
});
