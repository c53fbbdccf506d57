import assert from "node:assert/strict";
import { causesMarkdown, explain } from "../../lib/probe/pages.ts";
import { ProbeUsageError } from "../../lib/probe/options.ts";
import { conclude } from "../../lib/probe/probe.ts";
import { CAUSE_CODES } from "../../lib/probe/report.ts";
import { renderReport, type TextStyle, wrap } from "../../lib/probe/text.ts";
import { seen, unseen } from "../../lib/probe/looker.ts";
import { CASES } from "./cases.ts";
import { evidence, holder, listening, READ, SESSION, SILENT, STARTED } from "./evidence.ts";

const PLAIN: TextStyle = {
  unicode: true,
  paint: (_colour, text) => text,
  nowMs: Date.parse("2026-11-23T14:28:51Z"),
};

const STUCK = conclude(
  evidence({
    listener: seen(listening(holder("ib-gateway", "IB Gateway"))),
    connections: [{
      ...SILENT,
      serverSide: seen({ ...READ, accepted: false, unreadBytes: 17, closeWaitCount: 3 }),
    }],
    timings: new Map([["handshake", 5_000]]),
  }),
  { elapsedMs: 5_204, strict: false },
);
const READY = conclude(
  evidence({
    listener: seen(listening(READ.owner)),
    connections: [STARTED],
    session: {
      ...SESSION,
      clock: { answered: true, skewMs: 38, roundTripMs: 2, resolutionMs: 1, limitMs: 1_000 },
      marketData: { symbol: "AAPL", kind: "live", priced: true, afterMs: 9, codes: [] },
      history: { symbol: "AAPL", bars: 1, afterMs: 9, codes: [], text: null },
      readOnly: { readOnly: false },
      openState: {
        refused: [],
        incomplete: [],
        positions: 2,
        workingOrders: 1,
        executions: 0,
        differences: [],
      },
    },
    calendar: seen({ exchange: "XNYS", open: false, text: "XNYS is closed" }),
    ledger: seen({ entries: 88_412, verified: true, firstBreak: null, freeBytes: 214e9 }),
  }),
  { elapsedMs: 812, strict: false },
);

Deno.test("text: no line is wider than 80 columns, whatever is in it", () => {
  const wordy = conclude(
    evidence({
      target: { ...evidence().target, host: "h".repeat(120) },
      listener: unseen("x".repeat(300)),
      programs: unseen("a reason of many words ".repeat(20)),
      connections: [{ ...SILENT, serverSide: unseen("y ".repeat(200)) }],
    }),
    { elapsedMs: 5_000, strict: false },
  );
  for (const report of [STUCK, READY, wordy]) {
    for (const unicode of [true, false]) {
      for (const line of renderReport(report, { ...PLAIN, unicode }).split("\n")) {
        assert.ok([...line].length <= 80, `${[...line].length}: ${line}`);
      }
    }
  }
});

Deno.test("text: a broken run shows the check that failed, what waits on it, and what to do", () => {
  const text = renderReport(STUCK, PLAIN);
  assert.match(text, /✗ Handshake {5}sent 17 bytes, received 0; no answer in 5\.0 s/);
  assert.match(text, /– Session start, Order id, Account, Link to IBKR, Clock: not run/);
  assert.match(text, /Not ready: TWS does not pick up connections any more\. +5\.2 s, exit 1/);
  assert.match(
    text,
    /seen {3}our connection sits unaccepted in the kernel's queue, 17 bytes unread/,
  );
  assert.match(text, /do {5}Restart IB Gateway\. No setting repairs this\./);
});

Deno.test("text: a healthy run is one line a check and one verdict", () => {
  const text = renderReport(READY, PLAIN);
  assert.match(text, /✓ Account {7}DU•••567: paper/);
  assert.match(text, /✓ Clock {9}Gateway 38 ms ahead \(limit 1\.0 s\)/);
  assert.match(text, /✓ Ledger, disk {2}88412 entries, chain unbroken, 214 GB free/);
  assert.match(text, /Ready on paper account DU•••567\. +812 ms, exit 0/);
  assert.ok(!text.includes("1. "));
});

Deno.test("text: where the locale knows no Unicode, everything is ASCII", () => {
  const text = renderReport(READY, { ...PLAIN, unicode: false });
  assert.match(text, /^\p{ASCII}*$/u);
  assert.match(text, /\[ok\] Account {7}DU\*\*\*567: paper/);
});

Deno.test("text: the head says paper or live, and the time in New York", () => {
  const [head] = renderReport(READY, PLAIN).split("\n");
  assert.equal(
    head,
    "IBKR probe   PAPER   127.0.0.1:4002   client 9001         Mon 23 Nov 09:28:51 ET",
  );
});

Deno.test("wrap() cuts a word that is longer than the line", () => {
  assert.deepEqual(wrap("ab cdefghij k", 4), ["ab", "cdef", "ghij", "k"]);
});

for (const code of CAUSE_CODES) {
  Deno.test(`explain() has a page for ${code}, in 80 columns`, () => {
    const page = explain(code);
    assert.ok(page.startsWith(`${code}: `));
    for (const line of page.split("\n")) assert.ok(line.length <= 80, line);
  });
}

Deno.test("explain() refuses a code that does not exist and lists the ones that do", () => {
  assert.throws(
    () => explain("gremlins"),
    (error) => error instanceof ProbeUsageError && error.message.includes("listener-stuck"),
  );
});

function page(name: string): string {
  return Deno.readTextFileSync(new URL(`../../docs/${name}`, import.meta.url));
}

Deno.test("docs/PROBE.md is what the code says; the page itself names the command that writes it", () => {
  assert.equal(page("PROBE.md").trimEnd(), causesMarkdown());
});

Deno.test("docs/PROBE_CASES.md lists every peer of the tests with its name", () => {
  const text = page("PROBE_CASES.md");
  const rows = text.split("\n").flatMap((line) => {
    const [, name, code] = /^\| (.+?) +\| `(.+)` +\|$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, code]];
  });
  assert.deepEqual(rows, CASES.map(({ name, expect }) => [name, expect]));
});
