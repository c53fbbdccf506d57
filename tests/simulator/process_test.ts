import assert from "node:assert/strict";
import { FrameReader, payloadFields } from "../../lib/wire/frame.ts";
import { encodeClientGreeting } from "../../lib/wire/greeting.ts";
import { encodeRequest } from "../../lib/wire/requests.ts";
import { Project } from "../cli/project.ts";
import { placing } from "./raw_client.ts";

interface Ready {
  readonly event: string;
  readonly port: number;
  readonly date: string;
  readonly accounts: readonly string[];
}

/** A Gateway as a process of its own, once it has said that it is ready. */
async function started(
  project: Project,
  args: readonly string[],
): Promise<{ readonly child: Deno.ChildProcess; readonly ready: Ready }> {
  const child = project.command("gateway", ["--port", "0", "--json", ...args]).spawn();
  let text = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The Gateway ended before it was ready: ${text}`);
    text += value;
  }
  reader.releaseLock();
  return { child, ready: JSON.parse(text) };
}

async function ended(child: Deno.ChildProcess): Promise<number> {
  await child.stderr.cancel();
  return (await child.status).code;
}

Deno.test("the gateway task listens, leaves its clock for sessions, and takes both away on SIGTERM", async () => {
  using project = new Project();
  const args = ["--date", "2026-11-20", "--speed", "10", "--account", "DU42", "--account", "DU43"];
  const { child, ready } = await started(project, args);
  const beaconFile = project.path(`data/gateway-${ready.port}.json`);
  const beacon = JSON.parse(Deno.readTextFileSync(beaconFile));
  assert.deepEqual(ready.accounts, ["DU42", "DU43"]);
  assert.equal(beacon.port, ready.port);
  assert.equal(beacon.speed, 10);
  assert.equal(beacon.date, "2026-11-20");
  assert.equal(beacon.originMs, Date.UTC(2026, 10, 20, 14, 25));
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: ready.port });
  await connection.write(
    encodeClientGreeting({ minVersion: 100, maxVersion: 225, connectOptions: "" }),
  );
  const buffer = new Uint8Array(1000);
  const length = await connection.read(buffer);
  assert.ok(length !== null);
  const [payload] = [...new FrameReader().push(buffer.subarray(0, length))];
  assert.ok(payload);
  const [version, time] = payloadFields(payload);
  assert.equal(version, "178");
  assert.match(time ?? "", /^20261120 09:2[5-9]:\d\d US\/Eastern$/);
  const second = await project.run("gateway", ["--port", String(ready.port)]);
  assert.equal(second.code, 1);
  assert.match(
    second.stderr,
    /^error: Cannot listen on 127\.0\.0\.1:\d+: the port is in use\. Stop its owner or choose another --port\n$/,
  );
  child.kill("SIGTERM");
  assert.equal(await ended(child), 0);
  assert.throws(() => Deno.statSync(beaconFile), Deno.errors.NotFound);
});

Deno.test("what the gateway task cannot do is one line and exit 2", async () => {
  using project = new Project();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--date", "2026-11-26"], /Cannot simulate 2026-11-26: XNYS is closed \(Thanksgiving Day\)/],
    [["--server-version", "205"], /Cannot speak server version 205: use 178, 193, 200/],
    [["--fault", "earthquake"], /Unknown fault "earthquake": use --list-faults/],
    [["--journal", "elsewhere/day.jsonl"], /Cannot write "elsewhere\/day\.jsonl": .* below data\//],
    [["--fault", "feed-silence@25:99"], /Cannot read the time "25:99" of fault "feed-silence"/],
  ];
  for (const [args, complaint] of cases) {
    const ran = await project.run("gateway", ["--port", "0", ...args]);
    assert.equal(ran.code, 2, ran.stderr);
    assert.match(ran.stderr, complaint);
    assert.equal(ran.stderr.trim().split("\n").length, 1);
  }
});

Deno.test("a folder without recorded bars is refused, not taken for the made-up market", async () => {
  using project = new Project();
  const { code, stderr } = await project.run("gateway", ["--bars", "data/nowhere"]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: Cannot find recorded bars in "data\/nowhere": put files such as AAPL\.csv/,
  );
});

Deno.test("--list-faults names every fault with its arguments", async () => {
  using project = new Project();
  const { code, stdout } = await project.run("gateway", ["--list-faults"]);
  assert.equal(code, 0);
  assert.match(stdout, /^late-answer=ms:6000 +Answers the greeting that many ms late$/m);
  assert.match(stdout, /^never-accept +Listens, but never accepts/m);
});

Deno.test("--journal keeps a line for every frame and order event", async () => {
  using project = new Project();
  const { child, ready } = await started(project, [
    "--date",
    "2026-11-20",
    "--journal",
    "data/journal.jsonl",
  ]);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: ready.port });
  const greeting = { minVersion: 100, maxVersion: 178, connectOptions: "" };
  await connection.write(encodeClientGreeting(greeting));
  await connection.read(new Uint8Array(100));
  connection.close();
  child.kill("SIGTERM");
  assert.equal(await ended(child), 0);
  const lines = Deno.readTextFileSync(project.path("data/journal.jsonl")).trim().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ kind }) => kind), ["connected", "disconnected"]);
  for (const line of lines) assert.ok(line.at > 0 && line.wallMs > 0);
});

Deno.test("--master-client-id hears of another client's order, and --commissions tiered charges its own minimum", async () => {
  using project = new Project();
  const args = ["--date", "2026-11-20", "--start", "09:40", "--speed", "10"];
  const { child, ready } = await started(project, [
    ...args,
    "--master-client-id",
    "9",
    "--commissions",
    "tiered",
  ]);
  using master = await spoken(ready.port, 9);
  using other = await spoken(ready.port, 3);
  const buy = { action: "BUY", orderType: "MKT", totalQuantity: 1_000_000n };
  await other.write(encodeRequest(placing(1, "AAPL", buy), 178));
  const reader = new FrameReader();
  const heard = new Map<string, readonly string[]>(); // message id → its last fields
  const buffer = new Uint8Array(100_000);
  while (!heard.has("59")) {
    const length = await master.read(buffer);
    assert.ok(length !== null);
    for (const payload of reader.push(buffer.slice(0, length))) {
      const fields = payloadFields(payload);
      heard.set(fields[0] ?? "", fields);
    }
  }
  assert.ok(heard.has("3") && heard.has("5") && heard.has("11"));
  const commission = Number(heard.get("59")?.[3]);
  assert.ok(commission >= 0.35 && commission < 0.4, `${commission}`);
  child.kill("SIGTERM");
  await ended(child);
});

/** A connection that has started its session. */
async function spoken(port: number, clientId: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const versions = { minVersion: 100, maxVersion: 178 };
  await connection.write(encodeClientGreeting({ ...versions, connectOptions: "" }));
  await connection.read(new Uint8Array(1000));
  const start = { type: "startApi", clientId, optionalCapabilities: "" } as const;
  await connection.write(encodeRequest(start, 178));
  return connection;
}
