import { loadConfig, readConfigSources } from "../lib/config.ts";
import type { Entry, SessionState } from "../lib/ledger/entry.ts";
import { type Ledger, LedgerError } from "../lib/ledger/ledger.ts";
import { instruct, type Instruction, OPERATOR } from "../lib/ledger/operator.ts";
import { foldPositions } from "../lib/ledger/positions.ts";
import { openLedger } from "../lib/ledger/sqlite.ts";
import { formatMicros } from "../lib/money.ts";
import { complain, print } from "../lib/terminal.ts";

export interface HaltFlags {
  readonly reason: string;
  readonly ledger?: string | undefined;
}

/** Where the ledger is unless told otherwise; a halt works before the first session made it. */
const DATA_FOLDER = "data";
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** `deno task halt`, `halt --flatten`, `pause` and `resume`: a person's word, with a session running or without. */
export function runHalt(instruction: Instruction, { reason, ledger: path }: HaltFlags): number {
  const flags = { "ledger.path": { flag: "--ledger", value: path } };
  const { config } = loadConfig(readConfigSources({ file: undefined, flags }));
  Deno.mkdirSync(DATA_FOLDER, { recursive: true });
  try {
    const ledger = openLedger(config.ledger.path);
    try {
      const now = Date.now();
      const { text, changed } = instruct(ledger, instruction, {
        actor: OPERATOR,
        because: reason,
        now,
      });
      print(text);
      if (changed) { for (const line of consequences(instruction, ledger)) print(line); }
      return EXIT.done;
    } finally {
      ledger.close();
    }
  } catch (error) {
    if (error instanceof RangeError) {
      complain(error.message);
      return EXIT.usage;
    }
    if (!(error instanceof LedgerError)) throw error;
    complain(error.message);
    return EXIT.failed;
  }
}

/** Who will do it, and when. The ledger cannot tell a session that works from one that died. */
function consequences(instruction: Instruction, ledger: Ledger): readonly string[] {
  const running = runningSession(ledger.read({ kinds: ["state-changed", "session-closed"] }));
  const lines = running === null ? [] : [
    `By the ledger session ${running.sessionId} is ${running.state}: when it is alive, it obeys within 2 s`,
  ];
  if (instruction !== "flatten") return lines;
  const held = foldPositions(ledger.read()).positions();
  if (held.length === 0) return [...lines, "By the ledger nothing is held"];
  const list = held.map(({ symbol, quantity }) => `${formatMicros(quantity)} ${symbol}`).join(", ");
  return [
    ...lines,
    `Held by the ledger: ${list}`,
    `${
      running === null ? "No session is running" : "If it has died"
    }: the next deno task session ` +
    "closes them before anything else, while the exchange is open",
  ];
}

/** The newest session, when it has not ended by the ledger. */
function runningSession(
  entries: Iterable<Entry>,
): { readonly sessionId: string; readonly state: SessionState } | null {
  let running: { readonly sessionId: string; readonly state: SessionState } | null = null;
  for (const { sessionId, body } of entries) {
    if (body.kind === "state-changed") running = { sessionId, state: body.to };
    else if (body.kind === "session-closed") running = null;
  }
  return running;
}
