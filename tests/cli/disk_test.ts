import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { beaconPath } from "../../lib/beacon.ts";
import { calendar } from "../../lib/calendar/calendar.ts";
import { WallClock } from "../../lib/clock.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { openLog } from "../../lib/log.ts";
import type { Micros } from "../../lib/money.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { JournalFile } from "../chaos/journal_file.ts";
import { judge, readEvidence } from "../chaos/judge.ts";
import { freePort, leaveBeacon, Project } from "./project.ts";

/** The ledger on a disk of its own that fills up, or cannot be written: real processes on a real file system. */

const DATE = "2026-11-20";
const SPEED = 240;
/** Twenty seconds of the wall: two sessions have to start and one has to end in it, however busy the machine. */
const BEFORE_CLOSE_MS = 80 * 60_000;
const CONFIG = `
[session]
symbols = ["SOFI", "OPEN", "IXHL"]
parameters = { fast = 2, slow = 4, stop = "percent", stopPct = 1 }
no_entries_minutes_before_close = 6
flatten_minutes_before_close = 3
[risk]
cooldown_ms = 0
max_spread_pct = 20
price_collar_pct = 20
max_quote_age_ms = 120000
`;

function system(program: string, ...args: readonly string[]): boolean {
  return new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" })
    .outputSync().success;
}

/** A small disk at this folder; null where this user may not mount one. */
function disk(folder: string, sizeMb: number): Disposable | null {
  Deno.mkdirSync(folder, { recursive: true });
  if (!system("mount", "-t", "tmpfs", "-o", `size=${sizeMb}m`, "robo-trader-test", folder)) {
    return null;
  }
  return { [Symbol.dispose]: () => void system("umount", "-l", folder) };
}

function mayMount(): boolean {
  if (Deno.build.os !== "linux") return false;
  const folder = Deno.makeTempDirSync();
  try {
    using mounted = disk(folder, 1);
    return mounted !== null;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  } finally {
    Deno.removeSync(folder);
  }
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  const chunk = new Uint8Array(1 << 20);
  using file = Deno.openSync(path, { create: true, write: true });
  for (let size = chunk.length; size >= 1;) {
    try {
      file.writeSync(chunk.subarray(0, size));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      size = Math.floor(size / 2);
    }
  }
}

const ignore = !mayMount();

Deno.test({
  name:
    "the disk fills up in mid-trade: the session ends with 1 and the reason, the file is whole, no order is without its intent, the next session ends the day right",
  ignore,
  fn: async () => {
    using project = new Project();
    using _disk = disk(project.path("data"), 230);
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
    const judged = (): string[] => {
      journal.flush();
      const ledger = project.path("data/ledger.sqlite");
      const starting = { cash: gateway.truth().startingCash, positions: new Map<string, Micros>() };
      return judge(readEvidence({ ledger, journal: project.path("gateway.jsonl") }), { starting });
    };
    try {
      const { port } = gateway;
      const beacon = { port, pid: Deno.pid, originMs, startedWallMs, speed: SPEED, date: DATE };
      Deno.writeTextFileSync(beaconPath(project.path("data"), port), JSON.stringify(beacon));
      const args = ["--port", String(port), "--skip-probe"];
      const session = project.command("session", args).spawn();
      const reader = session.stderr.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let filled = false;;) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
        if (filled || text.split(" filled: ").length <= 3) continue;
        fill(project.path("data/filler"));
        filled = true;
      }
      strictEqual((await session.status).code, 1, text);
      await session.stdout.cancel();
      match(text, /error: Cannot write to ledger "data\/ledger\.sqlite": .*full/);
      strictEqual(text.includes("    at "), false, "a reason, not a stack");
      Deno.removeSync(project.path("data/filler"));
      const path = project.path("data/ledger.sqlite");
      const db = new DatabaseSync(path);
      strictEqual(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
      db.close();
      const full = openLedger(path);
      strictEqual(full.firstBreak(), null);
      full.close();
      const orphans = judged().filter((one) => one.startsWith("I1") || one.startsWith("I3"));
      deepStrictEqual(orphans, []);

      const next = await project.run("session", args);
      strictEqual(next.code, 0, next.stderr);
      deepStrictEqual(judged(), []);
    } finally {
      await gateway.close();
      journal.close();
    }
  },
});

Deno.test({
  name:
    "a disk with too little room, or none to write on: exit 1 and one line, before anything connects",
  ignore,
  fn: async () => {
    using project = new Project();
    using _disk = disk(project.path("data"), 64);
    const port = freePort();
    leaveBeacon(project, port);
    const small = await project.run("session", ["--port", String(port)]);
    strictEqual(small.code, 1);
    match(small.stderr, /error: Cannot trade with \d+ MB free on the ledger's disk/);
    strictEqual(system("mount", "-o", "remount,ro", project.path("data")), true);
    const readOnly = await project.run("session", ["--port", String(port)]);
    strictEqual(readOnly.code, 1, readOnly.stderr);
    match(readOnly.stderr, /error: .*(read-only|readonly|Read-only)/i);
    strictEqual(readOnly.stderr.includes("    at "), false, "a reason, not a stack");
    strictEqual((await project.run("halt", ["--reason", "a test"])).code, 1);
  },
});

Deno.test({
  name: "a log on a full disk says so once, and whoever logs goes on",
  ignore,
  fn: () => {
    using project = new Project();
    const folder = project.path("logs");
    using _disk = disk(folder, 1);
    const told: string[] = [];
    const file = `${folder}/session.log`;
    using log = openLog({ file, level: "info" }, (text) => void told.push(text));
    fill(`${folder}/filler`);
    for (const text of ["one", "two"]) {
      log.write({ time: "2026-11-20T14:30:00.000Z", level: "error", source: "test", text });
    }
    strictEqual(told.length, 1);
    match(told[0] ?? "", /^Cannot write log ".*session\.log": .*; nothing more is logged$/);
  },
});
