import { match, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { takeLease } from "../../lib/ledger/lease.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { takeLock } from "../../lib/lock.ts";
import { BEFORE_THE_OPEN, freePort, leaveBeacon, Project, type Ran } from "./project.ts";

function complaint({ stderr }: Ran): string {
  const lines = stderr.split("\n").filter((line) => line.startsWith("error:"));
  strictEqual(lines.length, 1, `expected one line of complaint in:\n${stderr}`);
  return lines[0] ?? "";
}

Deno.test("an unknown flag: the nearest one is suggested, exit 2", async () => {
  using project = new Project();
  const ran = await project.run("session", ["--portt", "4002"]);
  strictEqual(ran.code, 2);
  match(ran.stderr, /unknown option '--portt'\n\(Did you mean --port\?\)/);
});

Deno.test("a symbol that is not one: it is quoted, exit 2", async () => {
  using project = new Project();
  const ran = await project.run("session", ["--symbols", "AAPL,b@d"]);
  strictEqual(ran.code, 2);
  match(complaint(ran), /session\.symbols = "b@d" from --symbols: not a symbol/);
});

Deno.test("a negative size: the setting, the value and the variable are named, exit 2", async () => {
  using project = new Project();
  const ran = await project.run("session", [], { ROBO_TRADER_RISK_SIZE_NOTIONAL_USD: "-5" });
  strictEqual(ran.code, 2);
  match(complaint(ran), /risk\.size_notional_usd = -5 from ROBO_TRADER_RISK_SIZE_NOTIONAL_USD/);
});

Deno.test("a date that is no session day: the reason is named, exit 2, nothing is written", async () => {
  using project = new Project();
  const ran = await project.run("demo", ["--date", "2026-11-26"]);
  strictEqual(ran.code, 2);
  match(complaint(ran), /Cannot trade 2026-11-26: XNYS is closed \(Thanksgiving/);
  strictEqual([...Deno.readDirSync(project.folder)].some(({ name }) => name === "data"), false);
});

Deno.test("a date past the calendar's horizon: exit 2, and what to do", async () => {
  using project = new Project();
  const ran = await project.run("demo", ["--date", "2031-01-02"]);
  strictEqual(ran.code, 2);
  match(complaint(ran), /the XNYS calendar knows 2020-01-01 to 2027-12-31/);
});

Deno.test("a port nobody listens on: the session is not ready, exit 3, and nothing was connected", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  const ran = await project.run("session", ["--port", String(port)]);
  strictEqual(ran.code, 3);
  // A Gateway of another test on another port makes it a wrong port, which is as true.
  match(complaint(ran), /not-running|wrong-port/);
});

Deno.test("the live ports: the session task has no permission for them, exit 2", async () => {
  using project = new Project();
  for (const port of ["4001", "7496"]) {
    const ran = await project.run("session", ["--port", port]);
    strictEqual(ran.code, 2);
    match(complaint(ran), /Cannot reach 127\.0\.0\.1:\d+: this task is not permitted to/);
  }
});

Deno.test("a ledger from the future: exit 1, and the file is left as it was", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  const path = project.path("data/ledger.sqlite");
  openLedger(path).close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 99");
  db.close();
  for (const [task, args] of [["session", ["--port", String(port)]], ["report", []]] as const) {
    const ran = await project.run(task, args);
    strictEqual(ran.code, 1);
    match(complaint(ran), /schema version 99 is newer than this program's/);
  }
});

Deno.test("a data folder that cannot be written: exit 1, one line", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  Deno.mkdirSync(project.path("data/ledger.sqlite"));
  const ran = await project.run("session", ["--port", String(port)]);
  strictEqual(ran.code, 1);
  match(complaint(ran), /Cannot open ledger "data\/ledger\.sqlite"/);
});

Deno.test("C9: two sessions at once: the second names the first and leaves with 5", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  const owner = { pid: 4711, task: "session of 2026-11-20", since: BEFORE_THE_OPEN };
  using _lock = takeLock(project.path("data/session.lock"), owner);
  const ran = await project.run("session", ["--port", String(port)]);
  strictEqual(ran.code, 5);
  match(complaint(ran), /session of 2026-11-20 \(pid 4711, since 2026-11-20T14:25:00\.000Z\)/);
});

Deno.test("a ledger another machine trades on: the session names it and leaves with 5", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  const path = project.path("data/ledger.sqlite");
  openLedger(path).close();
  takeLease(path, { host: "elsewhere", pid: 7, date: "2026-11-20", since: 0 });
  const ran = await project.run("session", ["--port", String(port)]);
  strictEqual(ran.code, 5);
  match(complaint(ran), /elsewhere \(pid 7\) trades on ledger/);
});

Deno.test("a report without a ledger, or of a day that is not in it: exit 1, one line", async () => {
  using project = new Project();
  const without = await project.run("report", []);
  strictEqual(without.code, 1);
  match(complaint(without), /Cannot open ledger "data\/ledger\.sqlite"/);
  // What is said before the word counts as what is said after it.
  const traced = await project.run("report", ["--ledger", "data/other.sqlite", "trace", "day.net"]);
  match(complaint(traced), /Cannot open ledger "data\/other\.sqlite"/);
  Deno.mkdirSync(project.path("data"));
  openLedger(project.path("data/ledger.sqlite")).close();
  const missing = await project.run("report", ["--date", "2026-11-20"]);
  strictEqual(missing.code, 1);
  match(complaint(missing), /the ledger has no session yet/);
});

Deno.test("session --print-config shows every setting with its source and starts nothing", async () => {
  using project = new Project();
  Deno.writeTextFileSync(project.path("robo-trader.toml"), "[risk]\nmax_open_positions = 3\n");
  const ran = await project.run("session", ["--print-config", "--port", "7497"], {
    ROBO_TRADER_SESSION_AT_CLOSE: "hold",
  });
  strictEqual(ran.code, 0);
  match(ran.stdout, /^gateway\.port +7497 +\(--port\)$/m);
  match(ran.stdout, /^risk\.max_open_positions +3 +\(robo-trader\.toml\)$/m);
  match(ran.stdout, /^session\.at_close +hold +\(ROBO_TRADER_SESSION_AT_CLOSE\)$/m);
  match(ran.stdout, /^risk\.max_daily_loss_pct +2 +\(default\)$/m);
});

Deno.test("every command has help that costs no permission", async () => {
  using project = new Project();
  for (const task of ["demo", "probe", "session", "report", "schedule", "gateway"]) {
    const ran = await project.run(task, ["--help"]);
    strictEqual(ran.code, 0, ran.stderr);
    match(ran.stdout, new RegExp(`^Usage: robo-trader ${task} `));
  }
});
