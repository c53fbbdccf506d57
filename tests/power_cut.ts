import { Buffer } from "node:buffer";
import type { Random } from "../lib/simulator/random.ts";

/**
 * What a disk is left with when the power fails between two writes: what was acknowledged had been made durable; of
 * what was written since, the disk may keep any sectors in any order.
 */

const SECTOR = 512;

/** A ledger's two files as they stand. */
export interface Files {
  readonly database: Uint8Array;
  readonly log: Uint8Array;
}

export function readFiles(path: string): Files {
  return { database: Deno.readFileSync(path), log: Deno.readFileSync(`${path}-wal`) };
}

/** The files as a cut left them while the append that led from `before` to `after` was under way. */
export function cut(before: Files, after: Files, random: Random): Files {
  if (same(before.database, after.database)) {
    return { database: before.database, log: mix(before.log, after.log, random) };
  }
  // A checkpoint: it copies into the database what the log, durable already, goes on holding.
  return { database: mix(before.database, after.database, random), log: after.log };
}

export function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Any sectors of the new file over the old one. */
function mix(old: Uint8Array, fresh: Uint8Array, random: Random): Uint8Array {
  const length = old.length +
    Math.floor(random.next() * (Math.max(fresh.length - old.length, 0) + 1));
  const mixed = new Uint8Array(length);
  mixed.set(old.subarray(0, length));
  for (let at = 0; at < length; at += SECTOR) {
    if (random.next() < 0.5) continue;
    mixed.set(fresh.subarray(at, Math.min(at + SECTOR, length)), at);
  }
  return mixed;
}
