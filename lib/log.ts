import type { Config } from "./config.ts";

/** A log line: one JSON object. Times are ISO 8601 in UTC. */
export interface LogRecord {
  readonly time: string;
  readonly level: LogLevel;
  readonly source: string;
  readonly text: string;
}

const LEVELS = ["debug", "info", "warning", "error"] as const;
export type LogLevel = (typeof LEVELS)[number];

/** Appends JSON lines to the configured file; without one it keeps nothing. */
export interface Log extends Disposable {
  write(record: LogRecord): void;
}

/**
 * `onFailure` is told once when the disk refuses a line; nothing is logged from there on, and whoever trades goes on:
 * the ledger is what must not be lost, and it has its own word to say.
 *
 * @throws {Deno.errors} when the file cannot be opened: a log that is wanted and not kept is a failure
 */
export function openLog(
  { file, level }: Config["log"],
  onFailure: (text: string) => void,
): Log {
  if (file === null) return { write: () => {}, [Symbol.dispose]: (): void => {} };
  const handle = Deno.openSync(file, { append: true, create: true });
  const encoder = new TextEncoder();
  let failed = false;
  return {
    write(record): void {
      if (failed || LEVELS.indexOf(record.level) < LEVELS.indexOf(level)) return;
      const bytes = encoder.encode(`${JSON.stringify(record)}\n`);
      try {
        for (let written = 0; written < bytes.length;) {
          written += handle.writeSync(bytes.subarray(written));
        }
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        failed = true;
        onFailure(`Cannot write log "${file}": ${error.message}; nothing more is logged`);
      }
    },
    [Symbol.dispose]: (): void => handle.close(),
  };
}
