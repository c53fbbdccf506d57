import assert from "node:assert/strict";
import { diagnoseLog } from "../../lib/probe/log_diagnosis.ts";
import { readLog } from "../../lib/probe/log_events.ts";
import { logReport } from "../../lib/probe/log_report.ts";
import type { CauseCode, ProbeReport } from "../../lib/probe/report.ts";

/** Logs as real clients wrote them against peers that did what the name says. */

const HEAD =
  `2026-11-22 21:55:02,179 ib_async.client INFO Connecting to 127.0.0.1:4002 with clientId 7...
2026-11-22 21:55:02,180 ib_async.client INFO Connected
`;
const VERSION = `${HEAD}2026-11-22 21:55:02,186 ib_async.client INFO Logged on to server version 178
`;
const FARMS =
  `2026-11-22 21:55:02,188 ib_async.wrapper INFO Warning 2104, reqId -1: Market data farm connection is OK:usfarm
`;
const GIVES_UP = `2026-11-22 21:55:06,188 ib_async.client INFO Disconnecting
2026-11-22 21:55:06,189 ib_async.client ERROR API connection failed: TimeoutError()
`;
const TAIL = `${GIVES_UP}2026-11-22 21:55:06,189 ib_async.client INFO Disconnected.
`;

interface Case {
  readonly name: string;
  readonly log: string;
  readonly first: CauseCode | null;
  readonly shows?: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: "ib_async: all well",
    log: `${VERSION}${FARMS}2026-11-22 21:55:02,190 ib_async.client INFO API connection ready
2026-11-22 21:55:02,194 ib_async.ib INFO Synchronization complete
2026-11-22 21:55:02,195 ib_async.ib INFO Disconnecting from 127.0.0.1:4002, 117 B sent in 8 messages
`,
    first: null,
  },
  {
    name: "ib_async: silence, and the end comes after the giving up",
    log: HEAD + TAIL,
    first: "silent",
    shows: /gave up, after 4\.0 s/,
  },
  {
    name: "ib_async: the end comes at once, long before the giving up",
    log: `${HEAD}2026-11-22 21:55:02,184 ib_async.client INFO Disconnected.\n${GIVES_UP}`,
    first: "closed-at-once",
  },
  {
    name: "ib_async: the end comes after half a second",
    log: `${HEAD}2026-11-22 21:55:02,687 ib_async.client INFO Disconnected.\n${GIVES_UP}`,
    first: "closed-later",
  },
  {
    name: "ib_async: 326",
    log:
      `${VERSION}2026-11-22 21:55:02,190 ib_async.wrapper ERROR Error 326, reqId -1: Unable connect as the client id is already in use. Retry with a unique client id.
2026-11-22 21:55:02,293 ib_async.client ERROR Peer closed connection. clientId 7 already in use?
${GIVES_UP}`,
    first: "client-id-in-use",
  },
  {
    name: "ib_async: its guess that the id is in use proves nothing",
    log:
      `${VERSION}2026-11-22 21:55:02,293 ib_async.client ERROR Peer closed connection. clientId 7 already in use?
${GIVES_UP}`,
    first: "client-id-in-use",
    shows: /without saying why/,
  },
  {
    name: "ib_async: the start is not answered",
    log: VERSION + TAIL,
    first: "start-api-unanswered",
  },
  { name: "ib_async: farms, but no accounts", log: VERSION + FARMS + TAIL, first: "no-accounts" },
  {
    name: "ib_async: the paper disclaimer",
    log:
      `${VERSION}2026-11-22 21:55:02,190 ib_async.wrapper ERROR Error 10141, reqId -1: Paper trading disclaimer must first be accepted for API connection.
${TAIL}`,
    first: "paper-disclaimer",
  },
  {
    name: "ib_async: 1100",
    log:
      `${VERSION}2026-11-22 21:55:02,190 ib_async.wrapper ERROR Error 1100, reqId -1: Connectivity between IBKR and Trader Workstation has been lost.
${TAIL}`,
    first: "upstream-lost",
  },
  {
    name: "ib_async: ready, but executions do not end",
    log: `${VERSION}2026-11-22 21:55:02,190 ib_async.client INFO API connection ready
2026-11-22 21:55:06,044 ib_async.ib ERROR executions request timed out
2026-11-22 21:55:06,044 ib_async.ib INFO Synchronization complete
`,
    first: "sync-incomplete",
    shows: /executions/,
  },
  {
    name: "ib_async: refused",
    log:
      `2026-11-22 21:55:51,840 ib_async.client INFO Connecting to 127.0.0.1:7497 with clientId 7...
2026-11-22 21:55:51,841 ib_async.client INFO Disconnecting
2026-11-22 21:55:51,841 ib_async.client ERROR API connection failed: ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 7497)")
2026-11-22 21:55:51,841 ib_async.client ERROR Make sure API port on TWS/IBG is open
`,
    first: "not-running",
  },
  {
    name: "ib_insync: a server too old",
    log:
      `${HEAD}2026-11-22 21:55:02,190 ib_insync.client ERROR TWS/gateway version must be >= 972\n${TAIL}`,
    first: "server-too-old",
  },
  {
    name: "ibapi: 326",
    log: `2026-11-22 21:55:58,991 ibapi.client INFO sent startApi
2026-11-22 21:55:58,991 ibapi.wrapper INFO ANSWER connectAck {}
2026-11-22 21:55:58,993 ibapi.wrapper INFO ANSWER error {'reqId': -1, 'errorCode': 326, 'errorString': 'Unable connect as the client id is already in use. Retry with a unique client id.', 'advancedOrderRejectJson': ''}
2026-11-22 21:55:59,194 ibapi.client INFO disconnecting
2026-11-22 21:55:59,194 ibapi.wrapper INFO ANSWER connectionClosed {}
`,
    first: "client-id-in-use",
  },
  {
    name: "ibapi: 502",
    log:
      `2026-11-22 21:54:37,697 ibapi.wrapper ERROR ERROR -1 502 Couldn't connect to TWS. Confirm that "Enable ActiveX
2026-11-22 21:54:37,697 ibapi.client INFO could not connect
2026-11-22 21:54:37,697 ibapi.client INFO disconnecting
`,
    first: "not-running",
  },
  {
    name: "ibapi: closed at once",
    log: "2026-11-22 21:55:56,755 ibapi.client WARNING Disconnected; resetting connection\n",
    first: "closed-at-once",
  },
  {
    name: "ibapi: the start is not answered",
    log: `2026-11-22 21:56:01,231 ibapi.client INFO sent startApi
2026-11-22 21:56:01,231 ibapi.wrapper INFO ANSWER connectAck {}
2026-11-22 21:56:03,227 ibapi.client INFO disconnecting
2026-11-22 21:56:03,227 ibapi.wrapper INFO ANSWER connectionClosed {}
`,
    first: "start-api-unanswered",
  },
  {
    name: "ibapi: all well",
    log: `2026-11-22 21:55:52,185 ibapi.wrapper INFO ANSWER connectAck {}
2026-11-22 21:55:52,188 ibapi.wrapper INFO ANSWER managedAccounts {'accountsList': 'DU1234567'}
2026-11-22 21:55:52,188 ibapi.wrapper INFO ANSWER nextValidId {'orderId': 1}
2026-11-22 21:55:54,180 ibapi.client INFO disconnecting
`,
    first: null,
  },
  {
    name: "@stoqey/ib: refused",
    log: "error: connect ECONNREFUSED 127.0.0.1:4002 - code: 502 - reqId: -1\n",
    first: "not-running",
  },
  {
    name: "@stoqey/ib: 326, as its README prints errors",
    log:
      "Connected\nerror: Unable connect as the client id is already in use. - code: 326 - reqId: -1\n",
    first: "client-id-in-use",
  },
];

function report(log: string): ProbeReport {
  return logReport(diagnoseLog(readLog(log)));
}

for (const { name, log, first, shows } of CASES) {
  Deno.test(`log of ${name}`, () => {
    const { diagnoses, verdict } = report(log);
    assert.equal(diagnoses[0]?.code ?? null, first, JSON.stringify(diagnoses));
    if (first === null) assert.equal(verdict, "ready");
    if (shows !== undefined) assert.match(diagnoses[0]?.because.join("\n") ?? "", shows);
  });
}

Deno.test("a log is judged by its last attempt", () => {
  const { diagnoses, attempts } = diagnoseLog(readLog(
    `${
      CASES[11]?.log ?? ""
    }${VERSION}2026-11-22 21:55:02,190 ib_async.client INFO API connection ready\n`,
  ));
  assert.equal(attempts, 2);
  assert.deepEqual(diagnoses, []);
});

Deno.test("a log names where its client went", () => {
  assert.deepEqual(report(HEAD + TAIL).target, {
    host: "127.0.0.1",
    port: 4002,
    clientId: 7,
    expectedMode: "paper",
  });
});

Deno.test("a text that is no client's log has no attempts in it", () => {
  assert.equal(diagnoseLog(readLog("The quick brown fox\njumps over\n")).attempts, 0);
});

Deno.test("an account in a log does not reach the report", () => {
  const log = `${VERSION}ERROR Error 326, reqId -1: id of DU7654321 is in use\n`;
  assert.ok(!JSON.stringify(report(log)).includes("DU7654321"));
});
