import assert from "node:assert/strict";
import type { Clock } from "../../lib/clock.ts";
import { Agenda } from "../../lib/simulator/agenda.ts";

/** A clock that only tells the time. */
function standing(time: { nowMs: number }): Clock {
  return { now: () => time.nowMs, at: () => () => {} };
}

Deno.test("a Gateway that is too slow for its clock ends its turn, and goes on where it was", () => {
  const time = { nowMs: 0 };
  let workedMs = 0;
  const agenda = new Agenda(standing(time), { wallMs: () => workedMs });
  const done: number[] = [];
  for (const second of [1, 2, 3, 4]) {
    agenda.at(second * 1000, () => {
      done.push(second);
      workedMs += 15;
    });
  }
  time.nowMs = 10_000;
  agenda.catchUp();
  assert.deepEqual(done, [1, 2]);
  assert.equal(agenda.now(), 2000);
  agenda.catchUp();
  assert.deepEqual(done, [1, 2, 3, 4]);
  agenda.catchUp();
  assert.equal(agenda.now(), 10_000);
});

Deno.test("the Gateway's time is whole milliseconds, whatever the speed of its clock makes of a delay", () => {
  const time = { nowMs: 0 };
  const agenda = new Agenda(standing(time), { wallMs: () => 0 });
  const heard: number[] = [];
  agenda.at(100 / 3, () => heard.push(agenda.now()));
  time.nowMs = 50.5;
  agenda.catchUp();
  assert.deepEqual([...heard, agenda.now()], [34, 50]);
});

Deno.test("a Gateway that keeps up is at the time of its clock", () => {
  const time = { nowMs: 0 };
  const agenda = new Agenda(standing(time), { wallMs: () => 0 });
  const done: number[] = [];
  for (const second of [1, 2, 3]) agenda.at(second * 1000, () => done.push(agenda.now()));
  time.nowMs = 2500;
  agenda.catchUp();
  assert.deepEqual(done, [1000, 2000]);
  assert.equal(agenda.now(), 2500);
});
