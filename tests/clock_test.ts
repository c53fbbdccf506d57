import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { sleep, TimeoutError, VirtualClock, WallClock, withDeadline } from "../lib/clock.ts";

Deno.test("VirtualClock fires timers by time, and by creation within an instant", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (times) => {
    const clock = new VirtualClock(0);
    const fired: { at: number; order: number }[] = [];
    times.forEach((at, order) => clock.at(at, () => fired.push({ at, order })));
    while (clock.step());
    const expected = times.map((at, order) => ({ at, order }))
      .sort((a, b) => a.at - b.at || a.order - b.order);
    deepStrictEqual(fired, expected);
  }));
});

Deno.test("VirtualClock stands still between steps and does not fire what was cancelled", () => {
  const clock = new VirtualClock(1_000);
  const fired: string[] = [];
  clock.at(1_500, () => fired.push("kept"));
  const cancel = clock.at(1_200, () => fired.push("cancelled"));
  cancel();
  strictEqual(clock.now(), 1_000);
  ok(clock.step());
  strictEqual(clock.now(), 1_500);
  deepStrictEqual(fired, ["kept"]);
  strictEqual(clock.step(), false);
});

Deno.test("VirtualClock never runs backwards for a timer set in the past", () => {
  const clock = new VirtualClock(1_000);
  clock.at(500, () => {});
  clock.step();
  strictEqual(clock.now(), 1_000);
});

Deno.test("sleep() ends with the signal's reason when aborted, and leaves no timer", async () => {
  const clock = new WallClock();
  const stop = new AbortController();
  const sleeping = sleep(clock, 60_000, stop.signal);
  stop.abort(new Error("stopped by hand"));
  await rejects(sleeping, /stopped by hand/);
});

Deno.test("withDeadline() names what did not come", async () => {
  const clock = new VirtualClock(0);
  const waiting = withDeadline(clock, new Promise(() => {}), 5_000, "positionEnd");
  clock.step();
  await rejects(waiting, (error: unknown) => {
    ok(error instanceof TimeoutError);
    strictEqual(error.message, "No answer within 5000 ms: positionEnd");
    return true;
  });
});

Deno.test("WallClock at speed 3600 is an hour ahead of its origin within seconds", async () => {
  const clock = new WallClock({ originMs: 0, speed: 36_000 });
  await sleep(clock, 3_600_000);
  ok(clock.now() >= 3_600_000);
});

Deno.test("VirtualClock.advanceTo() fires what is due, each at its own time, and stops there", () => {
  const clock = new VirtualClock(1_000);
  const fired: number[] = [];
  for (const at of [1_700, 1_200, 3_000]) clock.at(at, () => fired.push(clock.now()));
  clock.at(1_100, () => {})();
  strictEqual(clock.nextMs, 1_200);
  clock.advanceTo(2_000);
  deepStrictEqual(fired, [1_200, 1_700]);
  strictEqual(clock.now(), 2_000);
  strictEqual(clock.nextMs, 3_000);
});
