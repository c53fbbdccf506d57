import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { emptyState, readState, writeState } from "../../lib/schedule/state.ts";

function inFolder(test: (path: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    test(`${folder}/schedule.json`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("without a file the state is empty; what is written is read again", () =>
  inFolder((path) => {
    deepStrictEqual(readState(path), emptyState());
    const state = emptyState();
    state.failures.session = { inARow: 2, notified: false };
    state.day = {
      exchange: "XNYS",
      date: "2026-11-20",
      complete: false,
      steps: {
        session: {
          outcome: "running",
          attempts: 2,
          exitCode: 1,
          because: "",
          at: "2026-11-20T14:20:00Z",
        },
      },
    };
    writeState(path, state);
    deepStrictEqual(readState(path), state);
  }));

Deno.test("a state is replaced whole: a reader that opened the old file reads the old state to its end", () =>
  inFolder((path) => {
    writeState(path, emptyState());
    using open = Deno.openSync(path, { read: true });
    const before = Deno.readTextFileSync(path);
    const state = emptyState();
    state.failures.probe = { inARow: 1, notified: false };
    writeState(path, state);
    const bytes = new Uint8Array(before.length + 100);
    const count = open.readSync(bytes) ?? 0;
    strictEqual(new TextDecoder().decode(bytes.subarray(0, count)), before);
    deepStrictEqual(
      [...Deno.readDirSync(path.replace("/schedule.json", ""))].map(({ name }) => name),
      [
        "schedule.json",
      ],
    );
  }));

Deno.test("C14: a state with a missing, unknown or impossible field is refused", () =>
  inFolder((path) => {
    const good = emptyState();
    const bad: unknown[] = [
      "",
      [],
      { ...good, schema: "robo-trader/schedule@2" },
      { ...good, extra: 1 },
      { ...good, failures: { probe: good.failures.probe } },
      { ...good, failures: { ...good.failures, probe: { inARow: -1, notified: false } } },
    ];
    for (const value of bad) {
      Deno.writeTextFileSync(path, JSON.stringify(value));
      throws(() => readState(path), { name: "ScheduleStateError" });
    }
    Deno.writeTextFileSync(path, '{"schema":');
    throws(() => readState(path), { name: "ScheduleStateError" });
  }));
