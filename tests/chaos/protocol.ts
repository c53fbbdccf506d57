import { z } from "zod";

/** What the rig and a session process tell each other, a JSON line each. */

/** The session process's only argument. */
export const jobSchema = z.strictObject({
  port: z.int(),
  /** Of the ledger, the lock and the time. */
  folder: z.string(),
  date: z.string(),
  seed: z.int(),
  /** 1 for the first process of the day. */
  life: z.int(),
  config: z.string(),
  kill: z.strictObject({ point: z.string(), count: z.int().positive() }).nullable(),
});
export type Job = z.infer<typeof jobSchema>;

/** What a session process did with its socket: `lib/traffic.ts` in words, and a FIN under way. */
export const TRAFFIC_EVENTS = [
  "dialling",
  "dialled",
  "opened",
  "wrote",
  "processed",
  "closing",
  "closed",
] as const;

/** Idle again: all that was done since the last report, and when it wants to be woken. */
export const reportSchema = z.strictObject({
  /** [event, client's local port, bytes] */
  traffic: z.array(z.tuple([z.enum(TRAFFIC_EVENTS), z.int(), z.int()])),
  /** Requests to step carried out so far. */
  steps: z.int(),
  /** Epoch ms of the next timer. */
  next: z.number().nullable(),
  /** Whether it has compared its books with the broker's at least once. */
  reconciled: z.boolean(),
  /** How the session ended, once it did. */
  outcome: z.string().nullable(),
});
export type Report = z.infer<typeof reportSchema>;

/**
 * The rig's only word, a line with an epoch ms: fire your earliest timer, and then those before that time, as long as
 * nothing crosses the link.
 */
export function stepLine(beforeMs: number): string {
  return `${beforeMs}\n`;
}
