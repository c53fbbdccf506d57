import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { beaconPath } from "../../lib/beacon.ts";
import { calendar } from "../../lib/calendar/calendar.ts";
import { WallClock } from "../../lib/clock.ts";
import { takeLease } from "../../lib/ledger/lease.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { takeLock } from "../../lib/lock.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { Project } from "../cli/project.ts";
import type { Micros } from "../../lib/money.ts";
import { JournalFile } from "./journal_file.ts";
import { judge, readEvidence } from "./judge.ts";

const DATE = "2026-11-20";
const SPEED = 240;
/** The session starts this long before the close. */
const BEFORE_CLOSE_MS = 45 * 60_000;

const CONFIG = `
[session]
symbols = ["SOFI", "OPEN", "IXHL"]
parameters = { fast = 2, slow = 4, stop = "percent", stopPct = 1 }
no_entries_minutes_before_close = 6
flatten_minutes_before_close = 3
[risk]
cooldown_ms = 0
max_spread_pct = 20
price_collar_pct = 4
max_quote_age_ms = 120000
`;

/** Reads the child's stderr until the n-th line with this word. */
async function untilSaid(child: Deno.ChildProcess, word: string, times: number): Promise<void> {
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.split(word).length <= times) {
    const { value, done } = await reader.read();
    if (done) {
      throw new Error(`The session ended before it said "${word}" ${times} times:\n${text}`);
    }
    text += value;
  }
  // What it says from now on must not block it.
  (async () => {
    while (!(await reader.read()).done);
  })();
}

Deno.test("C9: a real session process killed with SIGKILL in mid-trade: the next process ends the day right", async () => {
  using project = new Project();
  Deno.mkdirSync(project.path("data"));
  Deno.writeTextFileSync(project.path("robo-trader.toml"), CONFIG);
  const day = calendar("XNYS").session(DATE);
  if (day === null) throw new Error("No session");
  const originMs = day.closesAt - BEFORE_CLOSE_MS;
  const startedWallMs = Date.now();
  const clock = new WallClock({ originMs, speed: SPEED });
  const journal = new JournalFile(project.path("gateway.jsonl"));
  const gateway = await startGateway({
    clock,
    port: 0,
    seed: 5,
    date: DATE,
    journal: journal.write,
  });
  try {
    const { port } = gateway;
    const beacon = { port, pid: Deno.pid, originMs, startedWallMs, speed: SPEED, date: DATE };
    Deno.writeTextFileSync(beaconPath(project.path("data"), port), JSON.stringify(beacon));

    const args = ["--port", String(port), "--skip-probe"];
    const victim = project.command("session", args).spawn();
    await untilSaid(victim, " filled: ", 3);
    victim.kill("SIGKILL");
    strictEqual((await victim.status).signal, "SIGKILL");
    await victim.stdout.cancel();

    const next = await project.run("session", args);
    strictEqual(next.code, 0, next.stderr);
    journal.close();
    const truth = gateway.truth();
    const files = {
      ledger: project.path("data/ledger.sqlite"),
      journal: project.path("gateway.jsonl"),
    };
    const starting = { cash: truth.startingCash, positions: new Map<string, Micros>() };
    deepStrictEqual(judge(readEvidence(files), { starting }), []);
    deepStrictEqual(truth.positions, []);
    ok(truth.executions.length >= 4);
  } finally {
    await gateway.close();
  }
});

Deno.test("C10: a session that sleeps until the open and is told to end leaves with 130, and lock, lease and ledger free", async () => {
  using project = new Project();
  Deno.mkdirSync(project.path("data"));
  Deno.writeTextFileSync(project.path("robo-trader.toml"), CONFIG);
  const day = calendar("XNYS").session(DATE);
  if (day === null) throw new Error("No session");
  const originMs = day.opensAt - BEFORE_CLOSE_MS;
  const startedWallMs = Date.now();
  const gateway = await startGateway({
    clock: new WallClock({ originMs }),
    port: 0,
    seed: 5,
    date: DATE,
  });
  try {
    const { port } = gateway;
    const beacon = { port, pid: Deno.pid, originMs, startedWallMs, speed: 1, date: DATE };
    Deno.writeTextFileSync(beaconPath(project.path("data"), port), JSON.stringify(beacon));
    const session = project.command("session", ["--port", String(port), "--skip-probe"]).spawn();
    await untilSaid(session, "waiting-for-open", 1);
    session.kill("SIGTERM");
    strictEqual((await session.status).code, 130);
    await session.stdout.cancel();
    takeLock(project.path("data/session.lock"), { pid: Deno.pid, task: "test", since: 0 })
      .release();
    const path = project.path("data/ledger.sqlite");
    takeLease(path, { host: "elsewhere", pid: 1, date: DATE, since: 0 }).release();
    const ledger = openLedger(path);
    strictEqual(bodiesOf([...ledger.read()], "session-closed").at(-1)?.outcome, "interrupted");
    ledger.close();
  } finally {
    await gateway.close();
  }
});
