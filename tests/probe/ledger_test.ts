import assert from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { lookAtCalendar } from "../../lib/probe/calendar.ts";
import type { LedgerLooker } from "../../lib/probe/deps.ts";
import { ledgerLooker } from "../../lib/probe/ledger.ts";
import { blindLooker, seen } from "../../lib/probe/looker.ts";
import type { Reply } from "../../lib/wire/replies.ts";
import { EMPTY_CONTRACT } from "../../lib/wire/contract.ts";
import type { Request } from "../../lib/wire/requests.ts";
import { miniGateway } from "./mini_gateway.ts";
import { run, statusOf } from "./run.ts";

const BLIND = blindLooker("this test looks at nothing");

const BOUGHT: EntryBody = {
  kind: "execution",
  execId: "0000e0d5.6ab9ea82.01.01",
  intentId: null,
  orderId: 1,
  permId: 1,
  orderRef: "",
  account: "DU1234567",
  symbol: "AAPL",
  conId: 265598,
  side: "BUY",
  quantity: 100_000_000n,
  price: 189_500_000n,
  time: 0,
  exchange: "ISLAND",
  lastLiquidity: 1,
  quote: { bid: null, ask: null, time: 0 },
};

const OPENED: EntryBody = {
  kind: "session-opened",
  mode: "paper",
  account: "DU1234567",
  exchange: "XNYS",
  date: "2026-11-20",
  opensAt: 0,
  closesAt: 1,
  strategy: "none",
  parameters: {},
  symbols: ["AAPL"],
  clock: "wall",
  configHash: "x",
  codeVersion: "x",
  limits: {},
};

/** A ledger that holds 100 shares of AAPL. */
async function withLedger(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/ledger.sqlite`;
    const ledger = openLedger(path);
    ledger.append("2026-11-20-1", 1, [OPENED, BOUGHT]);
    ledger.close();
    await test(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function holding(quantity: bigint): (request: Request) => readonly Reply[] | undefined {
  return (request) =>
    request.type !== "reqPositions" ? undefined : [
      {
        type: "position",
        account: "DU1234567",
        contract: {
          ...EMPTY_CONTRACT,
          conId: 265598,
          symbol: "AAPL",
          secType: "STK",
          currency: "USD",
        },
        position: quantity,
        avgCost: 189_500_000n,
      },
      { type: "positionEnd" },
    ];
}

Deno.test("the ledger's positions are the Gateway's: open state passes", () =>
  withLedger(async (path) => {
    await using gateway = miniGateway({ reply: holding(100_000_000n) });
    const report = await run({ port: gateway.port }, { looker: BLIND, ledger: ledgerLooker(path) });
    assert.equal(statusOf(report, "openState"), "pass");
    assert.equal(statusOf(report, "ledger"), "pass");
    assert.equal(report.verdict, "ready");
  }));

Deno.test("a position the ledger does not have is a warning that names both numbers", () =>
  withLedger(async (path) => {
    await using gateway = miniGateway({ reply: holding(150_500_000n) });
    const report = await run({ port: gateway.port }, { looker: BLIND, ledger: ledgerLooker(path) });
    const evidence = report.checks.find(({ id }) => id === "openState")?.evidence;
    assert.deepEqual(evidence?.["differences"], ["AAPL: broker 150.5, ledger 100"]);
    assert.equal(report.verdict, "degraded");
  }));

Deno.test("a ledger of another account is not compared", () =>
  withLedger(async (path) => {
    await using gateway = miniGateway({ accounts: "DU7777777" });
    const report = await run({ port: gateway.port }, { looker: BLIND, ledger: ledgerLooker(path) });
    const evidence = report.checks.find(({ id }) => id === "openState")?.evidence;
    assert.equal(evidence?.["differences"], null);
  }));

Deno.test("no ledger yet is unknown, not a failure", async () => {
  const look = await ledgerLooker("/nonexistent/ledger.sqlite").look();
  assert.deepEqual(look, {
    seen: false,
    because: "there is no ledger at /nonexistent/ledger.sqlite yet",
  });
});

Deno.test("a file that is no ledger is unknown, with the reason", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/x.sqlite`, "not a database");
  const look = await ledgerLooker(`${folder}/x.sqlite`).look();
  assert.equal(look.seen, false);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a broken chain fails the ledger's check: not ready", async () => {
  const broken: LedgerLooker = {
    look: () =>
      Promise.resolve(seen({ entries: 9, verified: true, firstBreak: 4, freeBytes: null })),
    holdings: () => null,
  };
  await using gateway = miniGateway();
  const report = await run({ port: gateway.port }, { looker: BLIND, ledger: broken });
  assert.equal(statusOf(report, "ledger"), "fail");
  assert.equal(report.verdict, "not-ready");
});

const XNYS = calendar("XNYS");
const AT: readonly (readonly [string, boolean, string])[] = [
  ["2026-11-23T14:28:51Z", false, "XNYS is closed, opens 2026-11-23 09:30 (in 2 min)"],
  ["2026-11-23T14:30:00Z", true, "XNYS is open, closes 16:00 (in 7 h)"],
  ["2026-11-27T17:59:30Z", true, "XNYS is open, closes 13:00 (in 1 min)"],
  ["2026-11-27T18:00:00Z", false, "XNYS is closed, opens 2026-11-30 09:30 (in 3 days)"],
];
for (const [instant, open, text] of AT) {
  Deno.test(`calendar at ${instant}: ${text}`, () => {
    assert.deepEqual(
      lookAtCalendar(XNYS, Date.parse(instant)),
      seen({ exchange: "XNYS", open, text }),
    );
  });
}

Deno.test("calendar beyond its horizon is unknown", () => {
  assert.equal(lookAtCalendar(XNYS, Date.parse("2199-01-01T00:00:00Z")).seen, false);
});
