import type { ConnectionState } from "../broker/broker.ts";
import type { ClockCompared, ConnectionChanged, Entry, FarmChanged } from "../ledger/entry.ts";
import { maskText } from "../probe/mask.ts";
import { kept } from "./day.ts";
import type { LinkEvent, Stamp } from "./feed.ts";

/** Events of the way to the broker that are shown; a day with more has one story, and the report tells it whole. */
const TIMELINE_MAX = 20;

/** An entry's body and when it was written. */
export interface Said<B> {
  readonly body: B;
  readonly stamp: Stamp;
}

/** The fold of one session's way to the broker: its connection, the data farms behind it, TWS's clock. */
export class LinkFold {
  /** The newest word on the connection; null before the first. */
  connection: Said<ConnectionChanged> | null = null;
  /** `<service> <farm>` → the newest word on it */
  readonly farms = new Map<string, Said<FarmChanged>>();
  clock: Said<ClockCompared> | null = null;
  /** Newest last. */
  timeline: readonly LinkEvent[] = [];

  apply({ body, seq }: Entry, stamp: Stamp): void {
    if (body.kind === "connection-changed") {
      this.connection = { body, stamp };
      const { state, detail } = body;
      this.#tell({ key: String(seq), tone: TONE[state], state, detail: maskText(detail), stamp });
    } else if (body.kind === "farm-changed") this.#farm({ body, stamp }, String(seq));
    else if (body.kind === "clock-compared") this.clock = { body, stamp };
  }

  get state(): ConnectionState | null {
    return this.connection?.body.state ?? null;
  }

  /** At every connection TWS says what each farm is; only one that fails, and its return, is an event. */
  #farm(said: Said<FarmChanged>, key: string): void {
    const { farm, service, state, code } = said.body;
    const place = `${service} ${farm}`;
    const before = this.farms.get(place)?.body.state ?? "up";
    this.farms.set(place, said);
    if (isWell(state) && isWell(before)) return;
    const detail = `${service.replace("-", " ")}, code ${code}`;
    const tone = isWell(state) ? "good" : state === "down" ? "bad" : "warning";
    this.#tell({ key, tone, state: `${farm} ${state}`, detail, stamp: said.stamp });
  }

  #tell(event: LinkEvent): void {
    this.timeline = kept([...this.timeline, event], TIMELINE_MAX);
  }
}

/** A farm at rest comes up when something is asked of it. */
export function isWell(state: FarmChanged["state"]): boolean {
  return state === "up" || state === "inactive";
}

const TONE: Readonly<Record<ConnectionState, LinkEvent["tone"]>> = {
  "ready": "good",
  "connecting": "warning",
  "upstream-lost": "bad",
  "closed": "bad",
};
