import type { Entry } from "../ledger/entry.ts";
import { OPERATOR } from "../ledger/operator.ts";
import { waitBefore } from "./link.ts";

/** Starts further apart are no loop: whatever kept the earlier one down has had its time. */
const LOOP_MS = 10 * 60_000;
/** Once is a crash, and is taken up at once. From here on somebody restarts us faster than it gets better. */
const LOOP_FROM = 2;

interface Start {
  readonly sessionId: string;
  readonly at: number;
  lastAt: number;
  endedWell: boolean;
}

/**
 * The fold of sessions that came to nothing, one after the other. Every start logs in, so one that fails and is
 * restarted at once by cron, systemd or a shell loop would hammer the Gateway. The ledger knows every start, also
 * those killed before they could say anything of their end.
 */
export class Restarts {
  #starts: Start[] = [];

  apply({ sessionId, at, body }: Entry): void {
    if (sessionId === OPERATOR) return;
    let start = this.#starts.at(-1);
    if (start?.sessionId !== sessionId) {
      const isLoop = start !== undefined && !start.endedWell && at - start.at < LOOP_MS;
      start = { sessionId, at, lastAt: at, endedWell: false };
      this.#starts = isLoop ? [...this.#starts, start] : [start];
    }
    start.lastAt = at;
    if (body.kind === "session-closed") start.endedWell = body.outcome !== "failed";
  }

  /** How many starts just before `now` came to nothing, and how long the next one waits for their sake. */
  before(now: number): { readonly inARow: number; readonly waitMs: number } {
    const last = this.#starts.at(-1);
    if (last === undefined || last.endedWell || now - last.at >= LOOP_MS) {
      return { inARow: 0, waitMs: 0 };
    }
    const inARow = this.#starts.length;
    if (inARow < LOOP_FROM) return { inARow, waitMs: 0 };
    // A clock that was put back must not make the wait longer than it is.
    const elapsedMs = Math.max(0, now - last.lastAt);
    return { inARow, waitMs: Math.max(0, waitBefore(inARow - LOOP_FROM + 1) - elapsedMs) };
  }
}
