import assert from "node:assert/strict";
import { WallClock } from "../../lib/clock.ts";
import { machineLooker } from "../../lib/probe/machine.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { JournalLine } from "../../lib/simulator/journal.ts";
import { parseFault } from "../../lib/simulator/faults.ts";
import type { ProbeOptions } from "../../lib/probe/options.ts";
import type { ProbeReport } from "../../lib/probe/report.ts";
import { GATEWAY_NOW_MS } from "./cases_simulator.ts";
import { run } from "./run.ts";

/** How the probe behaves as a guest, by the word of the Gateway's journal and of the kernel. */

const CANNOT_LOOK = !(await machineLooker().sockets(undefined)).seen;

interface Visit {
  readonly report: ProbeReport;
  readonly journal: readonly JournalLine[];
  /** States of what is left of our connections at the Gateway's end. */
  readonly debris: readonly string[];
}

async function visit(
  options: Partial<ProbeOptions> = {},
  { faults = [], accounts = ["DU1234567"] }: {
    readonly faults?: readonly string[];
    readonly accounts?: readonly string[];
  } = {},
): Promise<Visit> {
  const journal: JournalLine[] = [];
  const clock = new WallClock({ originMs: GATEWAY_NOW_MS });
  const gateway = await startGateway({
    clock,
    port: 0,
    seed: 1,
    date: "2026-11-20",
    accounts: accounts.map((id) => ({ id, cash: 100_000_000_000n })),
    faults: faults.map(parseFault),
    journal: (line) => journal.push(line),
  });
  try {
    const report = await run({ port: gateway.port, ...options }, { clock });
    const rows = await machineLooker().sockets(undefined);
    const debris = !rows.seen ? [] : rows.value
      .filter(({ local, peer }) => local.port === gateway.port && peer !== null)
      .map(({ state }) => state);
    return { report, journal, debris };
  } finally {
    await gateway.close();
  }
}

function requests(journal: readonly JournalLine[]): string[] {
  return journal.flatMap((line) => line.kind === "in" ? [line.fields[0] ?? ""] : []);
}

const PLACE_ORDER = "3";
const WRITES = new Set([PLACE_ORDER, "4", "58", "21"]);

Deno.test("a healthy visit: one connection, a goodbye, and nothing that places or cancels an order", async () => {
  const { report, journal } = await visit();
  assert.equal(report.verdict, "ready");
  assert.equal(journal.filter(({ kind }) => kind === "disconnected").length, 1);
  assert.deepEqual(requests(journal).filter((id) => WRITES.has(id)), []);
});

Deno.test("a healthy visit withdraws what it subscribed to", async () => {
  const ids = requests((await visit()).journal);
  for (const [subscribe, withdraw] of [["1", "2"], ["61", "64"], ["62", "63"]]) {
    assert.ok(subscribe !== undefined && ids.includes(subscribe), `asks ${subscribe}`);
    assert.ok(withdraw !== undefined && ids.lastIndexOf(withdraw) > ids.indexOf(subscribe));
  }
});

Deno.test("a healthy visit asks for no dialog's sake: it never subscribes to account updates", async () => {
  assert.ok(!requests((await visit()).journal).includes("6"));
});

Deno.test("a visit stays under half the messages that a second allows", async () => {
  const { journal } = await visit({ whatIf: true });
  assert.ok(requests(journal).length <= 25, String(requests(journal).length));
});

Deno.test({
  name: "no visit leaves a connection in CLOSE_WAIT, healthy or not",
  ignore: CANNOT_LOOK,
  async fn(): Promise<void> {
    for (
      const fault of [[], ["silent"], ["never-read"], ["start-unanswered"], [
        "missing-end=of:positions",
      ]]
    ) {
      const { debris } = await visit({ timeoutMs: 400 }, { faults: fault });
      assert.ok(!debris.includes("CLOSE_WAIT"), `${fault}: ${debris.join()}`);
    }
  },
});

Deno.test("a client id is free again after the visit", async () => {
  const clock = new WallClock({ originMs: GATEWAY_NOW_MS });
  const gateway = await startGateway({ clock, port: 0, seed: 1, date: "2026-11-20" });
  const first = await run({ port: gateway.port, clientId: 77 }, { clock });
  const second = await run({ port: gateway.port, clientId: 77 }, { clock });
  await gateway.close();
  assert.deepEqual([first.verdict, second.verdict], ["ready", "ready"]);
});

Deno.test("what-if: one order with the what-if flag goes out, and nothing is placed", async () => {
  const { report, journal } = await visit({ whatIf: true });
  assert.equal(requests(journal).filter((id) => id === PLACE_ORDER).length, 1);
  assert.ok(!journal.some(({ kind }) => kind === "order"));
  const evidence = report.checks.find(({ id }) => id === "readOnly")?.evidence;
  assert.deepEqual(evidence?.["whatIf"], { outcome: "accepted", code: null, text: null });
  assert.equal(report.verdict, "ready");
});

Deno.test("what-if: on a live account no order goes out at all", async () => {
  const { report, journal } = await visit({ whatIf: true, expectedMode: "live" }, {
    accounts: ["U7654321"],
  });
  assert.ok(!requests(journal).includes(PLACE_ORDER));
  const evidence = report.checks.find(({ id }) => id === "readOnly")?.evidence;
  assert.deepEqual(evidence?.["whatIf"], {
    outcome: "not-a-paper-account",
    code: null,
    text: null,
  });
});

Deno.test("what-if: one live account among paper ones is enough to send no order", async () => {
  const { journal } = await visit({ whatIf: true }, { accounts: ["DU1234567", "U7654321"] });
  assert.ok(!requests(journal).includes(PLACE_ORDER));
});

Deno.test("nothing of an account id is in the report", async () => {
  const { report } = await visit();
  assert.ok(!JSON.stringify(report).includes("DU1234567"));
});

Deno.test("only what is asked for is asked", async () => {
  const { journal } = await visit({ only: "accounts" });
  assert.deepEqual(requests(journal), ["71"]);
});
