import { type Clock, sleep } from "../clock.ts";
import { Turnstile } from "./turnstile.ts";

/**
 * IB's pacing of historical requests for bars of 30 seconds and less: none identical within 15 s, fewer than six of
 * one contract within 2 s, at most 60 in ten minutes. A violation costs an error and, repeated, the connection.
 */
const SMALL_BAR_MS = 30_000;
/** A little beyond IB's windows, whose clock is not ours. */
const IDENTICAL_MS = 15_500;
const CONTRACT_WINDOW_MS = 2_100;
const CONTRACT_MAX = 5;
const WINDOW_MS = 601_000;
const WINDOW_MAX = 60;
/** Requests in line: ten minutes' worth, five times over. */
const LINE_MAX = 300;

export function isSmallBar(barMs: number): boolean {
  return barMs <= SMALL_BAR_MS;
}

export interface PacedRequest {
  readonly barMs: number;
  readonly conId: number;
  /** Equal for identical requests. */
  readonly key: string;
}

export interface SentRequest extends PacedRequest {
  /** Epoch ms. */
  readonly atMs: number;
}

/** What outlives a connection: IB counts on while we reconnect, or start again. */
export interface PaceMemory {
  recall(): readonly SentRequest[];
  /** The requests of the last ten minutes, oldest first. */
  keep(sent: readonly SentRequest[]): void;
}

export class HistoryPace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #memory: PaceMemory | null;
  /** Requests of the last ten minutes, oldest first. */
  #sent: readonly SentRequest[];
  readonly #turnstile = new Turnstile({
    what: "historical data",
    atOnce: 1,
    lineMax: LINE_MAX,
  });

  /** `signal` ends every wait. */
  constructor(clock: Clock, signal: AbortSignal, memory: PaceMemory | null = null) {
    this.#clock = clock;
    this.#signal = signal;
    this.#memory = memory;
    // Of a clock that was put back nothing is known; the future is not waited for.
    this.#sent = (memory?.recall() ?? []).filter(({ atMs }) => atMs <= clock.now());
  }

  /** Resolves when the request may go out, first come, first served. Larger bars never wait. */
  async turn(request: PacedRequest): Promise<void> {
    if (!isSmallBar(request.barMs)) return;
    await this.#turnstile.pass(async () => {
      // Each wait ends one obstacle; the three of them are looked at again until none is left.
      for (let waits = 0; waits < WINDOW_MAX; waits++) {
        const waitMs = this.#freeAt(request) - this.#clock.now();
        if (waitMs <= 0) break;
        await sleep(this.#clock, waitMs, this.#signal);
      }
      this.#sent = [...this.#sent, { ...request, atMs: this.#clock.now() }];
      this.#memory?.keep(this.#sent);
    });
  }

  close(because: string): void {
    this.#turnstile.close(because);
  }

  #freeAt({ key, conId }: PacedRequest): number {
    const now = this.#clock.now();
    this.#sent = this.#sent.filter(({ atMs }) => atMs > now - WINDOW_MS);
    const identical = this.#sent.findLast((sent) => sent.key === key);
    const contract = this.#sent.filter((sent) => sent.conId === conId).at(-CONTRACT_MAX);
    const window = this.#sent.at(-WINDOW_MAX);
    return Math.max(
      identical === undefined ? 0 : identical.atMs + IDENTICAL_MS,
      contract === undefined ? 0 : contract.atMs + CONTRACT_WINDOW_MS,
      window === undefined ? 0 : window.atMs + WINDOW_MS,
    );
  }
}
