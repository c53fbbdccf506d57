import { loadConfig, readConfigSources } from "../lib/config.ts";
import { LedgerError } from "../lib/ledger/ledger.ts";
import { openLedger } from "../lib/ledger/sqlite.ts";
import { Halt } from "../lib/session/halt.ts";
import { complain, print } from "../lib/terminal.ts";

export interface HaltFlags {
  readonly reason: string;
  readonly ledger?: string | undefined;
}

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
/** Entries of people, not of a session. */
const OPERATOR = "operator";

/** Stops all entries, now and in later sessions, until a person resumes. Exits and stops still work. */
export function runHalt(flags: HaltFlags): number {
  return change(flags, "halted");
}

/** Lifts a halt. */
export function runResume(flags: HaltFlags): number {
  return change(flags, "halt-lifted");
}

function change({ reason, ledger: path }: HaltFlags, kind: "halted" | "halt-lifted"): number {
  if (reason.trim() === "") {
    complain(`Cannot do that with reason "${reason}": say why, it is kept in the ledger`);
    return EXIT.usage;
  }
  const flags = { "ledger.path": { flag: "--ledger", value: path } };
  const { config } = loadConfig(readConfigSources({ file: undefined, flags }));
  try {
    const ledger = openLedger(config.ledger.path);
    try {
      const halt = new Halt();
      for (const entry of ledger.read()) halt.apply(entry);
      const halted = halt.current !== null;
      if (halted === (kind === "halted")) {
        print(halted ? `Already halted: ${halt.current?.because}` : "Not halted: nothing to lift");
        return EXIT.done;
      }
      ledger.append(OPERATOR, Date.now(), [{ kind, actor: OPERATOR, because: reason }]);
      print(kind === "halted" ? "Halted: no entries until deno task resume" : "Resumed");
      return EXIT.done;
    } finally {
      ledger.close();
    }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    complain(error.message);
    return EXIT.failed;
  }
}
