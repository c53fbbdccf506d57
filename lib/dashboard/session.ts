import type {
  Entry,
  SessionClosed,
  SessionOpened,
  SessionState,
  StateChanged,
} from "../ledger/entry.ts";
import type { Stamp } from "./feed.ts";
import { LinkFold, type Said } from "./link.ts";

/** The fold of one session's own entries: its state, its end, its way to the broker. */
export class SessionFold {
  readonly sessionId: string;
  opened: SessionOpened | null = null;
  state: Said<StateChanged> | null = null;
  closed: SessionClosed | null = null;
  readonly link = new LinkFold();
  last: Stamp;

  constructor(sessionId: string, stamp: Stamp) {
    this.sessionId = sessionId;
    this.last = stamp;
  }

  apply(entry: Entry, stamp: Stamp): void {
    const { body, sessionId } = entry;
    if (sessionId !== this.sessionId) return;
    this.last = stamp;
    if (body.kind === "session-opened") this.opened = body;
    else if (body.kind === "state-changed") this.state = { body, stamp };
    else if (body.kind === "session-closed") this.closed = body;
    else this.link.apply(entry, stamp);
  }
}

/**
 * True for an entry that begins a session: ids are given again to a session whose predecessor never opened. The
 * entries of other commands (a halt from a terminal) begin none.
 */
export function beginsSession({ body, sessionId }: Entry, current: SessionFold | null): boolean {
  if (body.kind === "session-opened") return current?.sessionId !== sessionId;
  if (body.kind !== "state-changed") return false;
  return current?.sessionId !== sessionId || body.from === null || body.from === "preflight";
}

const MINUTE_MS = 60_000;
/** While it trades a session writes a sample every minute; this much later it is late. */
const SLACK_MS = 30_000;

/**
 * How long a session in this state may be silent; null when its silence means nothing. It connects again with waits
 * of up to a minute, and before the open it has nothing to say.
 */
export function quietMaxMs(state: SessionState | null): number | null {
  switch (state) {
    case "trading":
    case "winding-down":
    case "flattening":
      return MINUTE_MS + SLACK_MS;
    case "connecting":
    case "reconciling":
    case "warming-up":
    case "settling":
      return 2 * MINUTE_MS + SLACK_MS;
    default:
      return null;
  }
}
