import assert from "node:assert/strict";
import { openLedger, openLedgerReader } from "../../lib/ledger/sqlite.ts";
import { probeReportSchema } from "../../lib/probe/report_schema.ts";
import { Project } from "../cli/project.ts";
import { listen, miniGateway } from "./mini_gateway.ts";
import { freePort } from "./peers.ts";

/** The command as people and scripts run it, under the permissions of its task. */

/** With the live account of nobody: quotes are live, the clock agrees, the ledger is absent. */
const UTF8 = { LC_ALL: "C.UTF-8" };

Deno.test("probe: a healthy Gateway, exit 0, the result on stdout and nothing on stderr", async () => {
  using project = new Project();
  await using gateway = miniGateway();
  const ran = await project.run("probe", ["--port", String(gateway.port)], UTF8);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /Ready on paper account DU•••567\./);
  assert.equal(ran.stderr, "");
});

Deno.test("C19: probe --json: exactly one document, which fits the schema, with the same exit code", async () => {
  using project = new Project();
  await using gateway = miniGateway({ accounts: "U7654321" });
  const ran = await project.run("probe", ["--port", String(gateway.port), "--json"]);
  const report = probeReportSchema.parse(JSON.parse(ran.stdout));
  assert.equal(ran.code, report.exitCode);
  assert.equal(report.session?.mode, "live");
});

Deno.test("C19: probe: nobody listens, exit 1, with the cause and the remedy", async () => {
  using project = new Project();
  const ran = await project.run("probe", ["--port", String(freePort())], UTF8);
  assert.equal(ran.code, 1);
  assert.match(ran.stdout, /Not ready: .+exit 1/);
  assert.match(ran.stdout, /do {5}Start TWS or IB Gateway and log in\./);
});

Deno.test("probe --strict: a warning is exit 3", async () => {
  using project = new Project();
  const reply = (request: { readonly type: string }): undefined | [] =>
    request.type === "reqHistoricalData" ? [] : undefined;
  await using gateway = miniGateway({ reply });
  const args = ["--port", String(gateway.port), "--timeout", "0.5"];
  assert.equal((await project.run("probe", args)).code, 0);
  assert.equal((await project.run("probe", [...args, "--strict"])).code, 3);
});

const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
  [["--port", "0"], /Cannot use port "0": give a whole number from 1 to 65535/],
  [["--port", "70000"], /Cannot use port "70000"/],
  [["--timeout", "-1"], /Cannot use timeout "-1": give seconds/],
  [["--host", "no-such-host.invalid"], /Cannot find host "no-such-host.invalid"/],
  [["--only", "luck"], /Cannot look only at "luck": give one of observer, /],
  [["--explain", "gremlins"], /Cannot explain "gremlins"/],
  [["--log", "nowhere.log"], /Cannot read log "nowhere.log"/],
];
for (const [args, message] of WRONG) {
  Deno.test(`probe ${args.join(" ")}: one line on stderr, exit 2`, async () => {
    using project = new Project();
    const ran = await project.run("probe", args);
    assert.equal(ran.code, 2);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, message);
    assert.equal(ran.stderr.trim().split("\n").length, 1);
  });
}

/** Flags of Deno replace one kind of permission of the set. */
async function runWith(
  project: Project,
  flags: readonly string[],
  args: readonly string[],
): Promise<Deno.CommandOutput> {
  return await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=probe", ...flags, "--no-prompt", "main.ts", "probe", ...args],
    cwd: project.folder,
    env: { NO_COLOR: "1" },
  }).output();
}

Deno.test("probe: an address the permissions leave out is named as that, exit 2", async () => {
  using project = new Project();
  await using gateway = miniGateway();
  const ran = await runWith(project, ["--allow-net=127.0.0.1:9"], ["--port", String(gateway.port)]);
  assert.equal(ran.code, 2);
  assert.match(new TextDecoder().decode(ran.stderr), /this task's permissions do not include it/);
  assert.equal(gateway.guests.length, 0);
});

Deno.test("probe: without permission to run anything a healthy Gateway is still ready", async () => {
  using project = new Project();
  await using gateway = miniGateway();
  const ran = await runWith(project, ["--allow-run=/nonexistent/tool"], [
    "--port",
    String(gateway.port),
    "--json",
  ]);
  const report = probeReportSchema.parse(JSON.parse(new TextDecoder().decode(ran.stdout)));
  assert.equal(report.verdict, "ready");
  const listener = report.checks.find(({ id }) => id === "listener");
  assert.deepEqual([listener?.status, /no permission to run/.test(listener?.because ?? "")], [
    "unknown",
    true,
  ]);
});

Deno.test("probe --json with wrong usage is one document as well", async () => {
  using project = new Project();
  const ran = await project.run("probe", ["--port", "0", "--json"]);
  const report = probeReportSchema.parse(JSON.parse(ran.stdout));
  assert.deepEqual([report.exitCode, report.target, ran.code], [2, null, 2]);
  assert.match(report.error ?? "", /Cannot use port "0"/);
});

Deno.test("probe: Ctrl-C ends a wait at once with 130 and resets the connection", async () => {
  using project = new Project();
  const { promise: greeted, resolve: greet } = Promise.withResolvers<void>();
  await using server = listen((_connection, piece) => {
    if (piece.length > 0) greet();
  });
  const args = ["--port", String(server.port), "--timeout", "60"];
  const child = project.command("probe", args).spawn();
  await greeted;
  child.kill("SIGINT");
  const { code, stderr } = await child.output();
  assert.equal(code, 130);
  assert.match(new TextDecoder().decode(stderr), /Stopped before there was a verdict/);
  assert.equal(await server.guests[0]?.left, "rst");
});

Deno.test("probe --json: a reader that goes away is no crash", async () => {
  using project = new Project();
  await using gateway = miniGateway();
  const child = project.command("probe", ["--port", String(gateway.port), "--json"]).spawn();
  await child.stdout.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
});

Deno.test("probe: without a UTF-8 locale the text is ASCII", async () => {
  using project = new Project();
  const ran = await project.run("probe", ["--port", String(freePort())], {
    LC_ALL: "C",
    LANG: "C",
  });
  assert.match(ran.stdout, /^\p{ASCII}+$/u);
  assert.match(ran.stdout, /\[XX\] Listener|\[\?\?\] Listener/);
});

Deno.test("probe: the result goes into the ledger when there is one, and starts none", async () => {
  using project = new Project();
  await using gateway = miniGateway();
  const args = ["--port", String(gateway.port)];
  await project.run("probe", args);
  const path = project.path("data/ledger.sqlite");
  assert.throws(() => Deno.statSync(path), Deno.errors.NotFound);
  Deno.mkdirSync(project.path("data"), { recursive: true });
  openLedger(path).close();
  await project.run("probe", args);
  const ledger = openLedgerReader(path);
  const bodies = [...ledger.read()].map(({ body }) => body);
  assert.equal(ledger.firstBreak(), null);
  ledger.close();
  assert.deepEqual(
    bodies.map((body) => body.kind === "probe-result" && [body.verdict, body.diagnosis]),
    [
      ["ready", null],
    ],
  );
});

Deno.test("probe --log -: reads a log from standard input", async () => {
  using project = new Project();
  const log =
    "2026-11-22 21:55:02,179 ib_async.client INFO Connecting to 127.0.0.1:4002 with clientId 7...\n" +
    "2026-11-22 21:55:02,190 ib_async.wrapper ERROR Error 326, reqId -1: id is in use\n";
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=probe", "--no-prompt", "main.ts", "probe", "--log", "-", "--json"],
    cwd: project.folder,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Response(log).body?.pipeTo(child.stdin);
  const { code, stdout } = await child.output();
  const report = probeReportSchema.parse(JSON.parse(new TextDecoder().decode(stdout)));
  assert.deepEqual([code, report.diagnoses[0]?.code, report.target?.clientId], [
    1,
    "client-id-in-use",
    7,
  ]);
});

Deno.test("probe --explain: the page of a cause", async () => {
  using project = new Project();
  const ran = await project.run("probe", ["--explain", "listener-stuck"]);
  assert.equal(ran.code, 0);
  assert.match(ran.stdout, /^listener-stuck: /);
});

Deno.test("probe --all --json: one document, no connection", async () => {
  using project = new Project();
  await using gateway = miniGateway();
  const ran = await project.run("probe", ["--all", "--json"]);
  assert.equal(JSON.parse(ran.stdout).schema, "robo-trader/probe-all@1");
  assert.equal(gateway.guests.length, 0);
});

Deno.test("probe --via-library: the session's own client gets through as well", async () => {
  using project = new Project();
  await using gateway = miniGateway();
  const ran = await project.run("probe", [
    "--port",
    String(gateway.port),
    "--via-library",
    "--json",
  ]);
  const report = probeReportSchema.parse(JSON.parse(ran.stdout));
  assert.deepEqual([report.verdict, report.library?.ready], ["ready", true], ran.stderr);
  assert.equal(gateway.guests.length, 2);
});
