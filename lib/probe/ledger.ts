import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { LedgerError, type LedgerReader } from "../ledger/ledger.ts";
import { Books } from "../ledger/positions.ts";
import { openLedgerReader } from "../ledger/sqlite.ts";
import type { LedgerLooker } from "./deps.ts";
import type { LedgerEvidence } from "./evidence.ts";
import { type Look, seen, unseen } from "./looker.ts";
import type { Holdings } from "./question_open_state.ts";

/** Verifying the chain reads every entry; beyond this it would delay the verdict, and the report does it anyway. */
const VERIFIED_MAX = 100_000;

/** The ledger in a file, read only: a running session is not disturbed. */
export function ledgerLooker(path: string): LedgerLooker {
  return {
    look: () => Promise.resolve(withLedger(path, evidence)).then((look) => withDisk(look, path)),
    holdings(): Holdings | null {
      const look = withLedger(path, held);
      return look.seen ? look.value : null;
    },
  };
}

function withLedger<T>(path: string, read: (ledger: LedgerReader) => T): Look<T> {
  let ledger: LedgerReader | null = null;
  try {
    Deno.statSync(path);
    ledger = openLedgerReader(path);
    return seen(read(ledger));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return unseen(`there is no ledger at ${path} yet`);
    if (error instanceof Deno.errors.NotCapable) return unseen(`no permission to read ${path}`);
    if (error instanceof LedgerError) return unseen(error.message);
    throw error;
  } finally {
    ledger?.close();
  }
}

function evidence(ledger: LedgerReader): Omit<LedgerEvidence, "freeBytes"> {
  const entries = ledger.head()?.seq ?? 0;
  const verified = entries <= VERIFIED_MAX;
  return { entries, verified, firstBreak: verified ? ledger.firstBreak() : null };
}

function held(ledger: LedgerReader): Holdings {
  const books = new Books();
  let account: string | null = null;
  for (const entry of ledger.read()) {
    books.apply(entry);
    if (entry.body.kind === "session-opened") account = entry.body.account;
  }
  return { account, positions: books.positions() };
}

async function withDisk(
  look: Look<Omit<LedgerEvidence, "freeBytes">>,
  path: string,
): Promise<Look<LedgerEvidence>> {
  return look.seen ? seen({ ...look.value, freeBytes: await freeBytes(dirname(path)) }) : look;
}

/** Null where it may not be asked. */
async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return null;
  }
}
