import assert from "node:assert/strict";
import fc from "fast-check";
import { checksOf } from "../../lib/probe/checks.ts";
import { diagnose } from "../../lib/probe/diagnose.ts";
import type { Evidence } from "../../lib/probe/evidence.ts";
import { seen, unseen } from "../../lib/probe/looker.ts";
import { conclude } from "../../lib/probe/probe.ts";
import { elsewhere, ROWS, silent } from "./diagnose_rows.ts";
import { evidence, holder, listening, READ, SESSION, STARTED } from "./evidence.ts";

for (const row of ROWS) {
  Deno.test(`diagnose(): ${row.name} is ${row.first}`, () => {
    const [first, ...others] = diagnose(row.evidence);
    assert.equal(first?.code, row.first, JSON.stringify(first));
    if (row.shows !== undefined) assert.match(first.because.join("\n"), row.shows);
    if (row.open === true) {
      assert.ok(
        first.confidence < 0.6 && others.length > 0,
        "not sure, and says what else it may be",
      );
      assert.notEqual(first.wouldSeparate, "");
    } else assert.ok(first.confidence >= 0.6);
  });
}

Deno.test("diagnose() names the client to stop first, and only then a restart", () => {
  const culprit = {
    holder: holder("other", "python3 bot.py"),
    localPort: 51_000,
    unreadBytes: 0,
    accepted: true,
    serverUnreadBytes: 0,
  };
  const [first] = diagnose(silent({ accepted: false, unreadBytes: 17, halfOpen: [culprit] }));
  assert.match(first?.remedy[0] ?? "", /First stop python3 bot\.py \(pid 4711\)/);
  assert.match(first?.remedy[1] ?? "", /restart IB Gateway/);
});

Deno.test("diagnose() warns when the port that does listen is for live trading", () => {
  const [first] = diagnose(evidence({ listener: elsewhere(4001) }));
  assert.ok(first?.remedy.some((step) => step.includes("LIVE")));
});

const LOST = { code: 1100, text: "Connectivity has been lost.", requestId: -1, afterMs: 5 };
const HOURS: readonly (readonly [string, RegExp])[] = [
  ["2026-11-24T05:30:00Z", /nightly reset of America's servers/],
  ["2026-11-21T04:30:00Z", /weekend maintenance/],
  ["2026-11-21T07:59:00Z", /weekend maintenance/],
  ["2026-11-21T08:00:00Z", /outside IBKR's hours of reset/],
  ["2026-11-24T15:00:00Z", /outside IBKR's hours of reset/],
  // Europe's and Asia's hours say nothing about a paper account.
  ["2026-11-24T06:00:00Z", /nightly reset of America's servers/],
  ["2026-11-24T12:30:00Z", /outside IBKR's hours of reset/],
];
for (const [at, reason] of HOURS) {
  Deno.test(`1100 at ${at} on a paper account: ${reason.source}`, () => {
    const [first] = diagnose(evidence({
      atMs: Date.parse(at),
      listener: seen(listening(READ.owner)),
      connections: [STARTED],
      session: { ...SESSION, messages: [LOST] },
    }));
    assert.equal(first?.code, "upstream-lost");
    assert.match(first.because.join(), reason);
  });
}

Deno.test("a farm that reports itself well again is not down", () => {
  const [broken, well] = [2103, 2104].map((code) => ({
    code,
    text: `Market data farm connection is ${code === 2103 ? "broken" : "OK"}:usfarm`,
    requestId: -1,
    afterMs: 5,
  }));
  assert.ok(broken !== undefined && well !== undefined);
  const flapped = evidence({
    listener: seen(listening(READ.owner)),
    connections: [STARTED],
    session: { ...SESSION, messages: [broken, well] },
  });
  assert.deepEqual(diagnose(flapped), []);
});

Deno.test("checks: what could not be looked at is unknown, never failed", () => {
  const blind = evidence({
    programs: unseen("no permission"),
    listener: unseen("no permission"),
    observer: { platform: "linux", namespace: unseen("no permission") },
  });
  const statuses = Object.fromEntries(checksOf(blind).map(({ id, status }) => [id, status]));
  assert.deepEqual([statuses["observer"], statuses["process"], statuses["listener"]], [
    "unknown",
    "unknown",
    "unknown",
  ]);
});

Deno.test("whatever combination of rows: three diagnoses at most, best first, no code twice", () => {
  const rows = ROWS.map((row) => row.evidence);
  fc.assert(fc.property(fc.constantFrom(...rows), fc.constantFrom(...rows), (a, b) => {
    const mixed: Evidence = { ...a, connections: b.connections, session: b.session };
    const { diagnoses, checks } = conclude(mixed, { elapsedMs: 1, strict: false });
    assert.ok(diagnoses.length <= 3);
    assert.equal(new Set(diagnoses.map(({ code }) => code)).size, diagnoses.length);
    const confidences = diagnoses.map(({ confidence }) => confidence);
    assert.deepEqual(confidences, confidences.toSorted((x, y) => y - x));
    assert.equal(checks.length, 17);
  }));
});
