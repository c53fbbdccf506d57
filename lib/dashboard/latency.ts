import type { Entry } from "../ledger/entry.ts";

/** Times of one kind, added up since the ledger began. */
export interface Timings {
  readonly count: number;
  readonly sumMs: number;
}

const NONE: Timings = { count: 0, sumMs: 0 };

/** How long our part of an order takes, and the broker's, by the session's clock. */
export class Latencies {
  /** From a signal to its entry order on the wire: risk, plan and the durable intent. Slices wait on purpose. */
  signalToWire = NONE;
  /** From the wire to the broker's first word. */
  wireToWord = NONE;
  /** signalId → when it was given */
  readonly #signals = new Map<string, number>();
  /** intentId of an entry → when its signal was given */
  readonly #planned = new Map<string, number>();
  /** intentId → when it was sent */
  readonly #sent = new Map<string, number>();

  apply({ body, at }: Entry): void {
    switch (body.kind) {
      case "signal":
        this.#signals.set(body.signalId, at);
        return;
      case "refused":
      case "parent-order":
        this.#signals.delete(body.signalId);
        return;
      case "intent": {
        const since = taken(this.#signals, body.role === "entry" ? body.signalId : null);
        if (since !== null) this.#planned.set(body.intentId, since);
        return;
      }
      case "order-sent": {
        const since = taken(this.#planned, body.intentId);
        if (since !== null) this.signalToWire = plus(this.signalToWire, at - since);
        this.#sent.set(body.intentId, at);
        return;
      }
      case "order-event": {
        const since = taken(this.#sent, body.intentId);
        if (since === null || body.source !== "status") return;
        this.wireToWord = plus(this.wireToWord, at - since);
        return;
      }
      case "session-closed":
        this.#signals.clear();
        return;
      default:
    }
  }
}

function taken(times: Map<string, number>, key: string | null): number | null {
  const at = key === null ? undefined : times.get(key);
  if (key === null || at === undefined) return null;
  times.delete(key);
  return at;
}

function plus({ count, sumMs }: Timings, ms: number): Timings {
  return { count: count + 1, sumMs: sumMs + ms };
}
