import type { Clock } from "../clock.ts";
import type { Bar } from "../market/market.ts";
import { type HistoryRequest, NotReadyError } from "./broker.ts";
import type { Encode, HistoryWindow } from "./codec.ts";
import { HISTORY_REFUSED } from "./codes.ts";
import { contractOf } from "./feed.ts";
import { HistoryPace, isSmallBar, type PaceMemory } from "./history_pace.ts";
import { nextEnd, planHistory } from "./history_pieces.ts";
import { FRAME, type WireBar } from "./message.ts";
import type { Question, Questions } from "./questions.ts";
import { barStartMs } from "./times.ts";
import { Turnstile } from "./turnstile.ts";

/** Bars of the past: asked for in pieces TWS and the event loop can digest, at IB's pace, and put together again. */

interface HistoryOptions {
  readonly clock: Clock;
  readonly questions: Questions;
  readonly encode: Encode;
  readonly paceMemory: PaceMemory | null;
}

/** IB allows 50 at once; more than a few only queue up there. */
const AT_ONCE_MAX = 6;
const LINE_MAX = 500;
/** TWS answers an empty window with an error. */
const NO_DATA = /no data/i;

export class History {
  readonly #options: HistoryOptions;
  /** Large bars do not stand behind small ones that wait for their pace. */
  readonly #lines = { small: newLine(), large: newLine() };
  readonly #closed = new AbortController();
  readonly #pace: HistoryPace;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#pace = new HistoryPace(options.clock, this.#closed.signal, options.paceMemory);
  }

  /** Finished bars of the window, oldest first. */
  async ask(request: HistoryRequest): Promise<readonly Bar[]> {
    const endMs = request.endMs ?? this.#options.clock.now();
    const { durations, fromMs } = planHistory(request.duration, request.barMs, endMs);
    // start of the bar → bar; windows may overlap
    const bars = new Map<number, Bar>();
    let pieceEndMs: number | null = endMs;
    for (const duration of durations) {
      if (pieceEndMs === null) break;
      const piece: Bar[] = await this.#askPiece(request, { duration, endMs: pieceEndMs });
      for (const bar of piece) bars.set(bar.time, bar);
      const oldestMs = piece.reduce<number | null>(
        (a, { time }) => Math.min(a ?? time, time),
        null,
      );
      pieceEndMs = nextEnd({ duration, endMs: pieceEndMs }, oldestMs);
    }
    return [...bars.values()]
      .filter(({ time }) => time >= (fromMs ?? 0) && time + request.barMs <= endMs)
      .sort((a, b) => a.time - b.time);
  }

  abandon(detail: string): void {
    this.#lines.small.close(detail);
    this.#lines.large.close(detail);
    this.#pace.close(detail);
    this.#closed.abort(new NotReadyError("tcp", `No historical data: ${detail}`));
  }

  async #askPiece(
    { instrument, barSize, barMs }: HistoryRequest,
    { duration, endMs }: { readonly duration: string; readonly endMs: number },
  ): Promise<Bar[]> {
    const { symbol, conId, timeZoneId } = instrument;
    const { encode, questions } = this.#options;
    const window: HistoryWindow = { contract: contractOf(instrument), endMs, duration, barSize };
    const line = isSmallBar(barMs) ? this.#lines.small : this.#lines.large;
    const wireBars = await line.pass(async () => {
      await this.#pace.turn({ barMs, conId, key: `${conId} ${endMs} ${duration} ${barSize}` });
      return await questions.ask(historyQuestion(encode, window));
    });
    return wireBars.map((bar) => ({
      ...bar,
      symbol,
      time: barStartMs(bar.time, timeZoneId),
      durationMs: barMs,
    }));
  }
}

function newLine(): Turnstile {
  return new Turnstile({ what: "historical data", atOnce: AT_ONCE_MAX, lineMax: LINE_MAX });
}

function historyQuestion(encode: Encode, window: HistoryWindow): Question<readonly WireBar[]> {
  const bars: WireBar[] = [];
  return {
    endMarker: "historicalData (17)",
    frame: FRAME.history,
    encode: (reqId) => encode.historicalData(reqId, window),
    take: (message) => {
      if (message.type === "history-bar") bars.push(message.bar);
      return message.type === "history-end" ? { answer: bars } : undefined;
    },
    forgive: (code, text) =>
      code === HISTORY_REFUSED && NO_DATA.test(text) ? { answer: [] } : undefined,
    stop: { when: "failed", encode: (reqId) => encode.cancelHistoricalData(reqId) },
  };
}
