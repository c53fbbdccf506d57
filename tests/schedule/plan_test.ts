import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { calendar, type Session } from "../../lib/calendar/calendar.ts";
import {
  DEFAULT_TIMING,
  type MissedPolicy,
  nextRuns,
  type Run,
  runsOf,
  timeliness,
} from "../../lib/schedule/plan.ts";
import { describeExit, verdict } from "../../lib/schedule/outcome.ts";
import { MINUTE_MS, utc } from "./rig.ts";

const xnys = calendar("XNYS");

function sessionOn(date: string): Session {
  const session = xnys.session(date);
  if (session === null) throw new Error(`No session on ${date}`);
  return session;
}

function sessionRun(missed: MissedPolicy): Run {
  const run = runsOf(sessionOn("2026-11-20"), { ...DEFAULT_TIMING, missed })
    .find(({ step }) => step === "session");
  if (run === undefined) throw new Error("No session in the plan");
  return run;
}

const starts = (after: string, count: number): string[] =>
  nextRuns(xnys, utc(after), { count, timing: DEFAULT_TIMING })
    .map(({ step, atMs }) => `${Temporal.Instant.fromEpochMilliseconds(atMs)} ${step}`);

Deno.test("nextRuns() follows the open over both changes of 2026", () => {
  deepStrictEqual(starts("2026-03-06T22:00:00Z", 3), [
    "2026-03-09T13:10:00Z probe",
    "2026-03-09T13:20:00Z session",
    "2026-03-09T20:00:00Z report",
  ]);
  deepStrictEqual(starts("2026-10-30T21:00:00Z", 3), [
    "2026-11-02T14:10:00Z probe",
    "2026-11-02T14:20:00Z session",
    "2026-11-02T21:00:00Z report",
  ]);
});

Deno.test("nextRuns() leaves out a holiday and brings the report of a half day forward", () => {
  deepStrictEqual(starts("2026-11-25T22:00:00Z", 4), [
    "2026-11-27T14:10:00Z probe",
    "2026-11-27T14:20:00Z session",
    "2026-11-27T18:00:00Z report",
    "2026-11-30T14:10:00Z probe",
  ]);
});

Deno.test("nextRuns() begins in the middle of a day with what is left of it", () => {
  deepStrictEqual(starts("2026-11-20T14:15:00Z", 2), [
    "2026-11-20T14:20:00Z session",
    "2026-11-20T21:00:00Z report",
  ]);
  deepStrictEqual(starts("2026-11-20T15:00:00Z", 1), ["2026-11-20T21:00:00Z report"]);
});

Deno.test("nextRuns() lists what the calendar knows and no more", () => {
  deepStrictEqual(starts("2027-12-31T12:00:00Z", 10), [
    "2027-12-31T14:10:00Z probe",
    "2027-12-31T14:20:00Z session",
    "2027-12-31T21:00:00Z report",
  ]);
  deepStrictEqual(starts("2028-06-01T12:00:00Z", 10), []);
});

Deno.test("a session is late after a minute and missed by its policy's time", () => {
  const late = sessionRun({ kind: "late", untilMs: 30 * MINUTE_MS });
  strictEqual(timeliness(late, utc("2026-11-20T14:21:00Z")), "on-time");
  strictEqual(timeliness(late, utc("2026-11-20T14:21:00.001Z")), "late");
  strictEqual(timeliness(late, utc("2026-11-20T14:59:59Z")), "late");
  strictEqual(timeliness(late, utc("2026-11-20T15:00:00Z")), "missed");
  strictEqual(timeliness(sessionRun({ kind: "skip" }), utc("2026-11-20T14:21:01Z")), "missed");
  strictEqual(timeliness(sessionRun({ kind: "alert" }), utc("2026-11-20T14:21:01Z")), "missed");
});

Deno.test("a session is never started late past the close", () => {
  const run = sessionRun({ kind: "late", untilMs: 24 * 60 * MINUTE_MS });
  strictEqual(run.lateUntilMs, utc("2026-11-20T21:00:00Z"));
});

Deno.test("a probe is missed once its session is due, a report never", () => {
  const [probe, , report] = runsOf(sessionOn("2026-11-20"), DEFAULT_TIMING);
  if (probe === undefined || report === undefined) throw new Error("The plan is not complete");
  strictEqual(timeliness(probe, utc("2026-11-20T14:19:59Z")), "late");
  strictEqual(timeliness(probe, utc("2026-11-20T14:20:00Z")), "missed");
  strictEqual(timeliness(report, utc("2026-12-20T00:00:00Z")), "late");
});

Deno.test("verdict() starts a session again after a crash and when the Gateway was not ready, nothing else", () => {
  const codes = [0, 1, 2, 3, 4, 5, 130, 137];
  deepStrictEqual(codes.map((code) => verdict("session", code)), [
    "done",
    "again",
    "failed",
    "again",
    "failed",
    "elsewhere",
    "interrupted",
    "again",
  ]);
  deepStrictEqual(codes.map((code) => verdict("report", code)), [
    "done",
    "failed",
    "failed",
    "failed",
    "failed",
    "failed",
    "interrupted",
    "failed",
  ]);
});

Deno.test("describeExit() says what a code means, and of an unknown one nothing", () => {
  strictEqual(describeExit(4), "exit code 4, halted by risk");
  strictEqual(describeExit(137), "exit code 137");
});
