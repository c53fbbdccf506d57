import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type LogRecord, openLog } from "../lib/log.ts";

const record = (level: LogRecord["level"], text: string): LogRecord => ({
  time: "2026-11-20T14:30:00.000Z",
  level,
  source: "2026-11-20-1",
  text,
});

const fail = (text: string): never => {
  throw new Error(text);
};

Deno.test("openLog() appends JSON lines from its level on, and keeps what was there", () => {
  const folder = Deno.makeTempDirSync();
  const file = join(folder, "session.log");
  try {
    for (const text of ["first run", "second run"]) {
      using log = openLog({ file, level: "warning" }, fail);
      log.write(record("info", "too quiet"));
      log.write(record("error", text));
    }
    const lines = Deno.readTextFileSync(file).trimEnd().split("\n").map((line) => JSON.parse(line));
    deepStrictEqual(lines, [record("error", "first run"), record("error", "second run")]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("openLog() without a file keeps nothing", () => {
  using log = openLog({ file: null, level: "debug" }, fail);
  log.write(record("error", "nowhere"));
});
