import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { writeState } from "../../lib/schedule/state.ts";
import { FULL_DAY_MS, MINUTE_MS, rig } from "./rig.ts";

Deno.test("an ordinary day: probe 20 minutes and session 10 before the open, report when the session ends", async () => {
  using r = rig();
  strictEqual(await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:00:00Z" }), 130);
  deepStrictEqual(r.events, [
    "2026-11-20T14:10:00Z probe",
    "2026-11-20T14:20:00Z session",
    "2026-11-20T21:10:00Z report",
  ]);
  deepStrictEqual(r.notices, []);
});

Deno.test("over the change to summer time, in UTC the tasks start an hour earlier", async () => {
  using r = rig();
  await r.run({ from: "2026-03-06T12:00:00Z", to: "2026-03-09T23:00:00Z" });
  deepStrictEqual(r.events.filter((event) => event.endsWith("session")), [
    "2026-03-06T14:20:00Z session",
    "2026-03-09T13:20:00Z session",
  ]);
});

Deno.test("nothing starts on Thanksgiving", async () => {
  using r = rig();
  await r.run({ from: "2026-11-25T12:00:00Z", to: "2026-11-28T12:00:00Z" }, {
    acts: { session: { codes: [0], lastsMs: 200 * MINUTE_MS } },
  });
  deepStrictEqual(r.events, [
    "2026-11-25T14:10:00Z probe",
    "2026-11-25T14:20:00Z session",
    "2026-11-25T17:40:00Z report",
    "2026-11-27T14:10:00Z probe",
    "2026-11-27T14:20:00Z session",
    "2026-11-27T17:40:00Z report",
  ]);
});

Deno.test("the sign of life is the last completed step; the next one is known beside it", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T14:15:00Z" });
  deepStrictEqual(r.state().lastCompleted, {
    exchange: "XNYS",
    date: "2026-11-20",
    step: "probe",
    exitCode: 0,
    at: "2026-11-20T14:10:03Z",
  });
  deepStrictEqual(r.state().next, {
    exchange: "XNYS",
    date: "2026-11-20",
    step: "session",
    at: "2026-11-20T14:20:00Z",
  });
});

Deno.test("a probe that says not ready does not keep the session from looking for itself", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T15:00:00Z" }, {
    acts: { probe: { codes: [1], lastsMs: 3_000 } },
  });
  deepStrictEqual(r.events.slice(0, 2), [
    "2026-11-20T14:10:00Z probe",
    "2026-11-20T14:20:00Z session",
  ]);
  strictEqual(r.state().day?.steps.probe?.because, "exit code 1, failed");
});

Deno.test("a probe that hangs is stopped when the session is due", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T15:00:00Z" }, {
    acts: { probe: { codes: [0], lastsMs: FULL_DAY_MS } },
  });
  deepStrictEqual(r.events.slice(0, 3), [
    "2026-11-20T14:10:00Z probe",
    "2026-11-20T14:20:00Z probe stop",
    "2026-11-20T14:20:00Z session",
  ]);
});

Deno.test("P8: a session that keeps failing is started three times, one notice goes out, the report is made", async () => {
  using r = rig();
  await r.run({ from: "2026-11-19T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
    acts: { session: { codes: [3], lastsMs: 5_000 } },
  });
  deepStrictEqual(r.events.slice(0, 6), [
    "2026-11-19T14:10:00Z probe",
    "2026-11-19T14:20:00Z session",
    "2026-11-19T14:20:35Z session",
    "2026-11-19T14:22:40Z session",
    "2026-11-19T14:22:45Z report",
    "2026-11-20T14:10:00Z probe",
  ]);
  strictEqual(r.events.filter((event) => event.endsWith("session")).length, 6);
  deepStrictEqual(r.notices, [{
    title: "robo-trader: session failed",
    text: "XNYS 2026-11-19 session: exit code 3, not ready; 3 in a row",
  }]);
  strictEqual(
    r.state().day?.steps.session?.because,
    "given up after attempt 3 of 3: exit code 3, not ready",
  );
});

Deno.test("a notice that nobody took is tried again at the next failure, not forgotten", async () => {
  using r = rig();
  const { NotifyError } = await import("../../lib/schedule/notify.ts");
  let asked = 0;
  await r.run({ from: "2026-11-19T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
    acts: { session: { codes: [3], lastsMs: 5_000 } },
    notify: () => {
      asked++;
      return asked === 1
        ? Promise.reject(new NotifyError("Cannot notify: no connection"))
        : Promise.resolve();
    },
  });
  strictEqual(asked, 2);
  strictEqual(r.state().failures.session.notified, true);
});

Deno.test("a session that is done ends the row of failures, and the next row notifies again", async () => {
  using r = rig();
  await r.run({ from: "2026-11-18T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
    acts: { session: { codes: [1, 1, 0, 1, 1, 1, 1, 1, 1], lastsMs: MINUTE_MS } },
  });
  strictEqual(r.notices.length, 1);
  match(r.notices[0]?.text ?? "", /^XNYS 2026-11-19 session/);
});

Deno.test("a crash is recovered from after 30 s; the report waits for the session that succeeds", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
    acts: { session: { codes: [137, 0], lastsMs: 60 * MINUTE_MS } },
  });
  deepStrictEqual(r.events.slice(1), [
    "2026-11-20T14:20:00Z session",
    "2026-11-20T15:20:30Z session",
    "2026-11-20T16:20:30Z report",
  ]);
});

Deno.test("no session is started again after the close", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
    acts: { session: { codes: [1], lastsMs: FULL_DAY_MS } },
  });
  deepStrictEqual(r.events.slice(1), [
    "2026-11-20T14:20:00Z session",
    "2026-11-20T21:10:30Z report",
  ]);
});

Deno.test("a wrong configuration and a halt are not tried again", async () => {
  for (const [code, events] of [[2, ["session"]], [4, ["session", "report"]]] as const) {
    using r = rig();
    await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
      acts: { session: { codes: [code], lastsMs: MINUTE_MS } },
    });
    deepStrictEqual(r.events.slice(1).map((event) => event.split(" ")[1]), events);
    strictEqual(r.state().failures.session.inARow, 1);
  }
});

Deno.test("a session in other hands is no failure; its report waits until 15 minutes after the close", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
    acts: { session: { codes: [5], lastsMs: 1_000 } },
  });
  deepStrictEqual(r.events.slice(1), [
    "2026-11-20T14:20:00Z session",
    "2026-11-20T21:15:00Z report",
  ]);
  strictEqual(r.state().failures.session.inARow, 0);
});

Deno.test("a session that a person interrupted is not started again, and its report is made", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:00:00Z" }, {
    acts: { session: { codes: [130], lastsMs: 60 * MINUTE_MS } },
  });
  deepStrictEqual(r.events.slice(1), [
    "2026-11-20T14:20:00Z session",
    "2026-11-20T15:20:00Z report",
  ]);
  strictEqual(r.state().failures.session.inARow, 0);
});

Deno.test("a session that hangs is stopped two hours after the close, and killed when it does not heed that", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:59:00Z" }, {
    acts: { session: { codes: [0], lastsMs: 24 * 60 * MINUTE_MS, heedsStop: false } },
  });
  deepStrictEqual(r.events.slice(1), [
    "2026-11-20T14:20:00Z session",
    "2026-11-20T23:00:00Z session stop",
    "2026-11-20T23:00:30Z session kill",
    "2026-11-20T23:01:00Z report",
  ]);
});

Deno.test("asleep over the open, policy late: starts until 30 minutes after the open", async () => {
  using early = rig();
  await early.run({ from: "2026-11-20T14:59:00Z", to: "2026-11-20T23:00:00Z" });
  strictEqual(early.events[0], "2026-11-20T14:59:00Z session");
  match(early.lines.join("\n"), /session: late, it was due at 2026-11-20T14:20:00Z/);
  using late = rig();
  await late.run({ from: "2026-11-20T15:00:00Z", to: "2026-11-20T23:00:00Z" });
  deepStrictEqual(late.events, []);
  strictEqual(late.state().day?.steps.session?.outcome, "missed");
  strictEqual(late.state().day?.steps.report?.because, "no session ran");
  strictEqual(late.state().failures.session.inARow, 1);
});

Deno.test("asleep over the open, policy skip: the day is left alone and says so", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T14:22:00Z", to: "2026-11-20T23:00:00Z" }, {
    timing: {
      probeBeforeOpenMs: 1_200_000,
      sessionBeforeOpenMs: 600_000,
      missed: { kind: "skip" },
    },
  });
  deepStrictEqual(r.events, []);
  deepStrictEqual(r.notices, []);
  strictEqual(r.state().failures.session.inARow, 0);
  match(r.lines.join("\n"), /session: missed, not started by 2026-11-20T14:21:00Z/);
});

Deno.test("asleep over the open, policy alert: one notice at once, no session", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T14:22:00Z", to: "2026-11-20T23:00:00Z" }, {
    timing: {
      probeBeforeOpenMs: 1_200_000,
      sessionBeforeOpenMs: 600_000,
      missed: { kind: "alert" },
    },
  });
  deepStrictEqual(r.events, []);
  deepStrictEqual(r.notices, [{
    title: "robo-trader: session missed",
    text: "XNYS 2026-11-20 session: missed, not started by 2026-11-20T14:21:00Z",
  }]);
});

Deno.test("C10: told to end while it waits, it ends at once", async () => {
  using r = rig();
  strictEqual(await r.run({ from: "2026-11-20T22:00:00Z", to: "2026-11-20T22:00:01Z" }), 130);
  deepStrictEqual(r.events, []);
});

Deno.test("told to end while a session runs, it passes that on and leaves a slow one to wind down", async () => {
  using r = rig();
  const code = await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T15:00:00Z" }, {
    acts: { session: { codes: [0], lastsMs: FULL_DAY_MS, heedsStop: false } },
  });
  strictEqual(code, 130);
  deepStrictEqual(r.events.slice(2), [
    "2026-11-20T15:00:00Z session stop",
    "2026-11-20T15:00:01.5Z session leave",
  ]);
  match(r.lines.at(-1) ?? "", /still winding down as process 4711/);
});

Deno.test("a session cut short by the schedule's own end is taken up again, however late, and costs no attempt", async () => {
  using r = rig();
  const acts = { session: { codes: [0], lastsMs: 60 * MINUTE_MS } };
  for (const hour of ["15", "16", "17", "18", "19"]) {
    await r.run({ from: `2026-11-20T${hour}:30:00Z`, to: `2026-11-20T${hour}:40:00Z` }, {
      acts,
      timing: {
        probeBeforeOpenMs: 1_200_000,
        sessionBeforeOpenMs: 600_000,
        missed: { kind: "late", untilMs: 90 * MINUTE_MS },
      },
    });
  }
  deepStrictEqual(r.events.filter((event) => event.endsWith("session")), [
    "2026-11-20T15:30:00Z session",
    "2026-11-20T16:30:00Z session",
    "2026-11-20T17:30:00Z session",
    "2026-11-20T18:30:00Z session",
    "2026-11-20T19:30:00Z session",
  ]);
});

Deno.test("attempts are counted over a schedule that is killed and started again", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T14:25:00Z" });
  const killed = r.state();
  if (killed.day?.steps.session === undefined) throw new Error("The session has no record");
  // What a kill -9 during the third attempt leaves behind.
  killed.day.steps.session = { ...killed.day.steps.session, outcome: "running", attempts: 3 };
  writeState(r.statePath, killed);
  r.events.length = 0;
  await r.run({ from: "2026-11-20T14:30:00Z", to: "2026-11-20T23:00:00Z" });
  deepStrictEqual(r.events, ["2026-11-20T14:30:00Z report"]);
  strictEqual(r.state().day?.steps.session?.outcome, "failed");
});

Deno.test("a schedule killed between two attempts goes on with the next one", async () => {
  using r = rig();
  const acts = { session: { codes: [1], lastsMs: 1_000 } };
  await r.run({ from: "2026-11-20T14:19:00Z", to: "2026-11-20T14:20:10Z" }, { acts });
  strictEqual(r.state().day?.steps.session?.outcome, "again");
  await r.run({ from: "2026-11-20T14:40:00Z", to: "2026-11-20T14:50:00Z" }, { acts });
  deepStrictEqual(r.events.filter((event) => event.endsWith("session")), [
    "2026-11-20T14:20:00Z session",
    "2026-11-20T14:40:30Z session",
    "2026-11-20T14:42:31Z session",
  ]);
});

Deno.test("started again in the evening, a schedule makes the report that is still missing", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T21:10:01Z" });
  strictEqual(r.state().day?.steps.report?.outcome, "stopped");
  r.events.length = 0;
  await r.run({ from: "2026-11-21T08:00:00Z", to: "2026-11-21T09:00:00Z" });
  deepStrictEqual(r.events, ["2026-11-21T08:00:00Z report"]);
});

Deno.test("a day that is served is not served again", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T20:00:00Z" }, {
    acts: { session: { codes: [4], lastsMs: MINUTE_MS } },
  });
  r.events.length = 0;
  await r.run({ from: "2026-11-20T16:00:00Z", to: "2026-11-23T14:11:00Z" });
  deepStrictEqual(r.events, ["2026-11-23T14:10:00Z probe"]);
});

Deno.test("days that went by without a schedule are named, and only the last one counts as missed", async () => {
  using r = rig();
  await r.run({ from: "2026-11-16T12:00:00Z", to: "2026-11-16T23:00:00Z" });
  r.lines.length = 0;
  await r.run({ from: "2026-11-19T23:00:00Z", to: "2026-11-20T12:00:00Z" });
  match(r.lines.join("\n"), /From 2026-11-17 to 2026-11-19 no session was served/);
  strictEqual(r.state().failures.session.inARow, 1);
});

Deno.test("where the calendar ends the schedule ends with 1, and says so to a person", async () => {
  using r = rig();
  strictEqual(await r.run({ from: "2027-12-31T12:00:00Z", to: "2028-01-31T00:00:00Z" }), 1);
  deepStrictEqual(r.events.map((event) => event.split(" ")[1]), ["probe", "session", "report"]);
  strictEqual(r.notices[0]?.title, "robo-trader: the calendar ends");
});

Deno.test("a state file that is none is refused, not overwritten", () => {
  using r = rig();
  Deno.writeTextFileSync(r.statePath, '{"schema":"robo-trader/schedule@1"}');
  throws(
    () => r.run({ from: "2026-11-20T12:00:00Z", to: "2026-11-20T23:00:00Z" }),
    { name: "ScheduleStateError", message: /schedule.json": look whether a session is running/ },
  );
  strictEqual(Deno.readTextFileSync(r.statePath), '{"schema":"robo-trader/schedule@1"}');
});

Deno.test("a report that hangs is stopped after 30 minutes and does not hold up the next day", async () => {
  using r = rig();
  await r.run({ from: "2026-11-20T14:16:00Z", to: "2026-11-23T14:15:00Z" }, {
    acts: {
      session: { codes: [4], lastsMs: MINUTE_MS },
      report: { codes: [0], lastsMs: FULL_DAY_MS },
    },
  });
  deepStrictEqual(r.events, [
    "2026-11-20T14:16:00Z probe",
    "2026-11-20T14:20:00Z session",
    "2026-11-20T14:21:00Z report",
    "2026-11-20T14:51:00Z report stop",
    "2026-11-23T14:10:00Z probe",
  ]);
});
