import assert from "node:assert/strict";
import { blindLooker, type Looker, seen } from "../../lib/probe/looker.ts";
import { machineLooker, TOOLS } from "../../lib/probe/machine.ts";
import { ProbeUsageError } from "../../lib/probe/options.ts";
import { probeReportSchema } from "../../lib/probe/report_schema.ts";
import type { Reply } from "../../lib/wire/replies.ts";
import type { Request } from "../../lib/wire/requests.ts";
import { deafListener, listen, miniGateway, notice } from "./mini_gateway.ts";
import { codesOf, run, statusOf } from "./run.ts";

/** How long to wait for what never comes. */
const SILENT_MS = 300;
const BLIND = blindLooker("this test looks at nothing");
/** Tests that look at the server's end of a connection need the program that shows it. */
const CANNOT_LOOK = !(await machineLooker().sockets(undefined)).seen;

Deno.test("a healthy Gateway is ready, and every check that ran has passed", async () => {
  await using gateway = miniGateway();
  const report = await run({ port: gateway.port }, { looker: BLIND });
  assert.equal(report.verdict, "ready");
  assert.equal(report.exitCode, 0);
  assert.deepEqual(report.diagnoses, []);
  assert.deepEqual(report.session?.accounts, ["DU•••567"]);
  assert.equal(report.session?.nextOrderId, 42);
  assert.equal(report.session?.mode, "paper");
  const statuses = new Set(report.checks.map(({ status }) => status));
  assert.deepEqual(statuses, new Set(["pass", "unknown"]));
});

Deno.test("a healthy run makes one connection, says goodbye, and sends no order", async () => {
  await using gateway = miniGateway();
  await run({ port: gateway.port }, { looker: BLIND });
  assert.equal(gateway.guests.length, 1);
  assert.equal(await gateway.guests[0]?.left, "fin");
});

Deno.test("the report fits its schema", async () => {
  await using gateway = miniGateway();
  const report = await run({ port: gateway.port }, { looker: BLIND });
  const parsed = probeReportSchema.parse(JSON.parse(JSON.stringify(report)));
  assert.deepEqual(parsed, JSON.parse(JSON.stringify(report)));
});

Deno.test("only: a check runs with what it needs and nothing else", async () => {
  await using gateway = miniGateway();
  const report = await run({ port: gateway.port, only: "handshake" }, { looker: BLIND });
  assert.equal(report.verdict, "ready");
  assert.equal(statusOf(report, "handshake"), "pass");
  assert.equal(statusOf(report, "startApi"), "not-run");
  assert.equal(statusOf(report, "process"), "not-run");
});

Deno.test("nobody listens: no connection is made, and what depends on it is not run", async () => {
  const nobody: Looker = { ...BLIND, sockets: () => Promise.resolve(seen([])) };
  await using gateway = miniGateway();
  const report = await run({ port: gateway.port }, { looker: nobody });
  assert.equal(gateway.guests.length, 0);
  assert.equal(statusOf(report, "listener"), "fail");
  assert.equal(statusOf(report, "tcp"), "not-run");
  assert.equal(report.checks.find(({ id }) => id === "accounts")?.because, "listener");
  assert.equal(report.exitCode, 1);
});

Deno.test("a refusal where nothing could be looked at is not called closed for a known reason", async () => {
  let port: number;
  {
    using listener = deafListener();
    port = listener.port;
  }
  const report = await run({ port }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["cannot-look", "not-running"]);
  assert.ok(report.diagnoses.every(({ confidence }) => confidence < 0.6));
  assert.equal(statusOf(report, "listener"), "unknown");
});

Deno.test("no permission to run ss leaves sockets unknown and a healthy Gateway ready", async () => {
  const nowhere = { ...TOOLS, ss: ["/nonexistent/ss"], netstat: [], powershell: [] };
  await using gateway = miniGateway();
  const report = await run({ port: gateway.port }, { looker: machineLooker(nowhere) });
  assert.equal(report.verdict, "ready");
  assert.equal(statusOf(report, "observer"), "unknown");
});

Deno.test({
  name: "a listener that never accepts is stuck: our greeting lies in the kernel's queue",
  ignore: CANNOT_LOOK,
  async fn(): Promise<void> {
    using listener = deafListener();
    const report = await run({ port: listener.port, timeoutMs: SILENT_MS });
    assert.deepEqual(codesOf(report), ["listener-stuck"]);
    assert.ok((report.diagnoses[0]?.confidence ?? 0) >= 0.9);
    const evidence = report.checks.find(({ id }) => id === "handshake")?.evidence;
    assert.equal(evidence?.["sentBytes"], 17);
    assert.equal(evidence?.["receivedBytes"], 0);
  },
});

Deno.test({
  name: "a server that accepts and never reads is stuck: our greeting lies unread",
  ignore: CANNOT_LOOK,
  async fn(): Promise<void> {
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    await using server = listen(() => over);
    const report = await run({ port: server.port, timeoutMs: SILENT_MS });
    end();
    assert.equal(report.diagnoses[0]?.code, "listener-stuck");
    assert.match(report.diagnoses[0]?.because.join() ?? "", /17 bytes of ours lie unread/);
  },
});

Deno.test({
  name: "a server that reads and says nothing withholds its answer: the cause stays open",
  ignore: CANNOT_LOOK,
  async fn(): Promise<void> {
    await using server = listen(() => {});
    const report = await run({ port: server.port, timeoutMs: SILENT_MS });
    assert.equal(report.diagnoses[0]?.code, "modal-dialog");
    assert.ok(report.diagnoses.every(({ confidence }) => confidence < 0.6));
  },
});

Deno.test("silence that cannot be looked into is called silent, and is left with a reset", async () => {
  await using server = listen(() => {});
  const report = await run({ port: server.port, timeoutMs: SILENT_MS }, { looker: BLIND });
  assert.equal(report.diagnoses[0]?.code, "silent");
  assert.equal(server.guests.length, 1);
  assert.equal(server.guests[0]?.received.length, 17);
  assert.equal(await server.guests[0]?.left, "rst");
});

Deno.test("a banner is named: SSH", async () => {
  await using server = listen(async (connection, piece) => {
    if (piece.length === 0) await connection.write(new TextEncoder().encode("SSH-2.0-x\r\n"));
  });
  const report = await run({ port: server.port }, { looker: BLIND });
  assert.equal(report.diagnoses[0]?.code, "not-the-api");
  assert.match(report.diagnoses[0]?.because[0] ?? "", /SSH/);
  assert.equal(statusOf(report, "service"), "fail");
  assert.equal(statusOf(report, "handshake"), "not-run");
});

Deno.test("a connection that ends at once without a byte is closed at once", async () => {
  await using server = listen((connection, piece) => {
    if (piece.length > 0) connection.close();
  });
  const report = await run({ port: server.port }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["closed-at-once", "relay-backend-dead"]);
});

Deno.test("a server older than every client is too old", async () => {
  await using gateway = miniGateway({ serverVersion: 76 });
  const report = await run({ port: gateway.port }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["server-too-old"]);
});

function answering(
  type: Request["type"],
  replies: readonly Reply[],
): (request: Request) => readonly Reply[] | undefined {
  return (request) => request.type === type ? replies : undefined;
}

Deno.test("326 names the client id as the cause, with certainty", async () => {
  const reply = answering("startApi", [
    notice(326, "Unable to connect as the client id is already in use."),
  ]);
  await using gateway = miniGateway({ reply, closeAfter: "startApi" });
  const report = await run({ port: gateway.port, clientId: 7 }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["client-id-in-use"]);
  assert.equal(report.diagnoses[0]?.confidence, 1);
  assert.equal(gateway.guests.length, 1);
});

Deno.test("10141 names the paper disclaimer, without waiting for the time limit", async () => {
  const reply = answering("startApi", [
    notice(10141, "Paper trading disclaimer must first be accepted for API connection."),
  ]);
  await using gateway = miniGateway({ reply });
  const report = await run({ port: gateway.port, timeoutMs: 60_000 }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["paper-disclaimer"]);
});

Deno.test("an unanswered start is told from an unanswered greeting", async () => {
  await using gateway = miniGateway({ reply: answering("startApi", []) });
  const report = await run({ port: gateway.port, timeoutMs: SILENT_MS }, { looker: BLIND });
  assert.equal(report.diagnoses[0]?.code, "start-api-unanswered");
  assert.equal(statusOf(report, "handshake"), "pass");
  assert.equal(statusOf(report, "startApi"), "fail");
  assert.equal(report.session?.serverVersion, 178);
});

Deno.test("an order id without accounts", async () => {
  const reply = answering("startApi", [
    { type: "managedAccounts", accounts: "" },
    { type: "nextValidId", orderId: 1 },
  ]);
  await using gateway = miniGateway({ reply });
  const report = await run({ port: gateway.port, timeoutMs: SILENT_MS }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["no-accounts"]);
});

Deno.test("accounts without an order id", async () => {
  const reply = (request: Request): readonly Reply[] | undefined =>
    request.type === "startApi"
      ? [{ type: "managedAccounts", accounts: "DU1234567" }]
      : request.type === "reqIds"
      ? []
      : undefined;
  await using gateway = miniGateway({ reply });
  const report = await run({ port: gateway.port, timeoutMs: SILENT_MS }, { looker: BLIND });
  assert.equal(report.diagnoses[0]?.code, "no-valid-id");
});

Deno.test("1100 right after the start is a lost link to IBKR, not a fault of the API", async () => {
  const reply = answering("startApi", [
    notice(1100, "Connectivity between IBKR and Trader Workstation has been lost."),
  ]);
  await using gateway = miniGateway({ reply });
  const report = await run({ port: gateway.port, timeoutMs: SILENT_MS }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["upstream-lost"]);
});

Deno.test("a live account where paper is expected is a mismatch, loud and not ready", async () => {
  await using gateway = miniGateway({ accounts: "U7654321" });
  const report = await run({ port: gateway.port, expectedMode: "paper" }, { looker: BLIND });
  assert.equal(report.verdict, "not-ready");
  assert.deepEqual(codesOf(report), ["mode-mismatch"]);
  assert.match(report.diagnoses[0]?.because.join() ?? "", /LIVE, real money/);
  assert.ok(!JSON.stringify(report).includes("U7654321"));
});

Deno.test("a configured account that the login does not have is not ready", async () => {
  await using gateway = miniGateway();
  const report = await run({ port: gateway.port, account: "DU7777777" }, { looker: BLIND });
  assert.equal(report.diagnoses[0]?.code, "mode-mismatch");
  assert.equal(statusOf(report, "accounts"), "fail");
});

Deno.test("a read-only API is a failure where orders are wanted, and a warning where not", async () => {
  const reply = answering("reqIds", [
    notice(
      321,
      "Error validating request.-'cp' : cause - The API interface is currently in Read-Only mode.",
    ),
  ]);
  await using gateway = miniGateway({ reply });
  const trading = await run({ port: gateway.port }, { looker: BLIND });
  assert.deepEqual([trading.verdict, codesOf(trading)], ["not-ready", ["read-only"]]);
  const watching = await run({ port: gateway.port, ordersWanted: false, strict: true }, {
    looker: BLIND,
  });
  assert.deepEqual([watching.verdict, watching.exitCode], ["degraded", 3]);
});

Deno.test("a list that does not end is named, and the others are not blamed", async () => {
  await using gateway = miniGateway({ reply: answering("reqCompletedOrders", []) });
  const report = await run({ port: gateway.port, timeoutMs: SILENT_MS }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["sync-incomplete"]);
  assert.deepEqual(report.diagnoses[0]?.because, ["the list of completed orders did not end"]);
});

Deno.test("delayed quotes are a warning: degraded, exit 0", async () => {
  const reply = (request: Request): readonly Reply[] | undefined =>
    request.type !== "reqMktData" ? undefined : [
      notice(
        10167,
        "Requested market data is not subscribed. Displaying delayed market data.",
        request.reqId,
      ),
      { type: "marketDataType", reqId: request.reqId, marketDataType: 3 },
      {
        type: "tickPrice",
        reqId: request.reqId,
        tickType: 68,
        price: 189.5,
        size: 0n,
        attribMask: 0,
      },
    ];
  await using gateway = miniGateway({ reply });
  const report = await run({ port: gateway.port }, { looker: BLIND });
  assert.deepEqual([report.verdict, report.exitCode], ["degraded", 0]);
  assert.deepEqual(codesOf(report), ["market-data-delayed"]);
});

const REFUSALS: readonly (readonly [number, string, string])[] = [
  [354, "Requested market data is not subscribed.", "market-data-not-subscribed"],
  [10168, "Delayed market data is not enabled", "market-data-not-subscribed"],
  [10197, "No market data during competing live session", "competing-session"],
];
for (const [code, text, cause] of REFUSALS) {
  Deno.test(`quotes refused with ${code}: ${cause}`, async () => {
    const reply = (request: Request): readonly Reply[] | undefined =>
      request.type === "reqMktData" ? [notice(code, text, request.reqId)] : undefined;
    await using gateway = miniGateway({ reply });
    const report = await run({ port: gateway.port }, { looker: BLIND });
    assert.deepEqual(codesOf(report), [cause]);
  });
}

Deno.test("a clock an hour off is named", async () => {
  const reply = answering("reqCurrentTime", [
    { type: "currentTime", time: Math.floor(Date.now() / 1000) + 3600 },
  ]);
  await using gateway = miniGateway({ reply });
  const report = await run({ port: gateway.port }, { looker: BLIND });
  assert.deepEqual(codesOf(report), ["clock-skew"]);
});

Deno.test("a message with fields nobody knows does not end the conversation", async () => {
  const reply = answering("reqPositions", [
    { type: "unknown", id: 61, fields: ["3", "odd"] },
    { type: "positionEnd" },
  ]);
  await using gateway = miniGateway({ reply });
  const report = await run({ port: gateway.port }, { looker: BLIND });
  assert.equal(report.verdict, "ready");
});

Deno.test("what a server says cannot command the terminal or reveal an account", async () => {
  const reply = answering("startApi", [notice(326, "\x1b[2J id of DU7654321 in use")]);
  await using gateway = miniGateway({ reply });
  const text = JSON.stringify(await run({ port: gateway.port }, { looker: BLIND }));
  assert.ok(!text.includes("\\u001b"));
  assert.ok(!text.includes("DU7654321"));
});

Deno.test("a host that does not exist is wrong usage, said in one line", async () => {
  await assert.rejects(
    run({ host: "no-such-host.invalid", port: 4002 }, { looker: BLIND }),
    (error) =>
      error instanceof ProbeUsageError && error.message.includes("no-such-host.invalid") &&
      !error.message.includes("\n"),
  );
});

Deno.test("localhost is tried on 127.0.0.1 first, then on ::1", async () => {
  await using six = listen(() => {}, "::1");
  const report = await run({ host: "localhost", port: six.port, timeoutMs: SILENT_MS }, {
    looker: BLIND,
  });
  const tcp = report.checks.find(({ id }) => id === "tcp")?.evidence;
  assert.equal(tcp?.["address"], "::1");
  assert.deepEqual(tcp?.["addresses"], ["127.0.0.1", "::1"]);
});

Deno.test("an interrupted run rejects at once and resets its connection", async () => {
  const controller = new AbortController();
  await using server = listen((_connection, piece) => {
    if (piece.length > 0) controller.abort(new DOMException("Stopped", "AbortError"));
  });
  await assert.rejects(
    run({ port: server.port, timeoutMs: 60_000 }, { looker: BLIND, signal: controller.signal }),
    { name: "AbortError" },
  );
});
