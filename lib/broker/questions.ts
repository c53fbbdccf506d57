import { type Cancel, type Clock, TimeoutError } from "../clock.ts";
import { NotReadyError } from "./broker.ts";
import { meaningOf } from "./codes.ts";
import { RequestRefusedError, UnreadableMessageError } from "./failures.ts";
import { type Message, REQUEST_ID_MIN } from "./message.ts";
import type { Pacer } from "./pacer.ts";

/** Questions that carry a request id: each gets its whole answer, or fails within its time; late replies are dropped. */

export interface Question<T> {
  /** What completes the answer, for the error: `execDetailsEnd (55)`. */
  readonly endMarker: string;
  /** The id it is asked under, where that is not one of requests: a what-if goes by an order's. */
  readonly id?: number;
  /** Frame type whose loss makes the answer incomplete. */
  readonly frame: number;
  encode(reqId: number): Uint8Array;
  /** Takes one message of the answer; says what the answer is once it is whole. */
  take(message: Message): { readonly answer: T } | undefined;
  /** An error that is an answer ("no such contract"); undefined for a real one. */
  forgive?(code: number, text: string): { readonly answer: T } | undefined;
  /** Tells TWS that nobody listens any more. Sent when the question failed, or always. */
  readonly stop?: { readonly when: "failed" | "always"; encode(reqId: number): Uint8Array };
}

interface Pending {
  readonly frame: number;
  readonly endMarker: string;
  take(message: Message): void;
  refuse(code: number, text: string): void;
  fail(error: Error): void;
}

interface QuestionsOptions {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly timeoutMs: number;
}

/** Asked and not answered at one time. IB serves 50 historical requests at once; the rest are few. */
const PENDING_MAX = 200;

export class Questions {
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  readonly #timeoutMs: number;
  #nextRequestId = REQUEST_ID_MIN;
  // request id → what waits for it
  readonly #pending = new Map<number, Pending>();

  constructor({ clock, pacer, timeoutMs }: QuestionsOptions) {
    this.#clock = clock;
    this.#pacer = pacer;
    this.#timeoutMs = timeoutMs;
  }

  /** An id no other request of this connection has, had, or will have. */
  newRequestId(): number {
    return this.#nextRequestId++;
  }

  /**
   * Sends a question and collects its answer. Its time starts when it leaves, not while the rate limit holds it.
   *
   * @throws {TimeoutError}, {RequestRefusedError}, {UnreadableMessageError}, {NotReadyError} when the link closes
   */
  ask<T>(question: Question<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#pending.size >= PENDING_MAX) {
        throw new RangeError(`Cannot ask: ${PENDING_MAX} questions wait for an answer already`);
      }
      const reqId = question.id ?? this.newRequestId();
      let cancel: Cancel = () => {};
      const end = (outcome: "answered" | "failed"): void => {
        cancel();
        this.#pending.delete(reqId);
        const { stop } = question;
        if (stop !== undefined && (stop.when === "always" || outcome === "failed")) {
          this.#pacer.offer(stop.encode(reqId));
        }
      };
      const answer = (whole: { readonly answer: T } | undefined): boolean => {
        if (whole === undefined) return false;
        end("answered");
        resolve(whole.answer);
        return true;
      };
      const fail = (error: Error): void => {
        end("failed");
        reject(error);
      };
      const { frame, endMarker } = question;
      const take = (message: Message): void => void answer(question.take(message));
      const refuse = (code: number, text: string): void => {
        if (answer(question.forgive?.(code, text))) return;
        fail(new RequestRefusedError(code, text, `the request for ${endMarker}`));
      };
      const bytes = question.encode(reqId);
      this.#pending.set(reqId, { frame, endMarker, take, refuse, fail });
      const sent = (): void => {
        cancel = this.#clock.at(
          this.#clock.now() + this.#timeoutMs,
          () => fail(new TimeoutError(endMarker, this.#timeoutMs)),
        );
      };
      try {
        this.#pacer.submit({ lane: "rest", bytes, sent });
      } catch (error) {
        this.#pending.delete(reqId);
        throw error;
      }
    });
  }

  /** Hands a message to the question it answers. False when there is none (any more). */
  take(reqId: number, message: Message): boolean {
    const pending = this.#pending.get(reqId);
    pending?.take(message);
    return pending !== undefined;
  }

  /** Hands a message that names no request to every question about such frames. */
  tell(frame: number, message: Message): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.frame === frame) pending.take(message);
    }
  }

  /** True for ids given out, those of dead questions and cancelled lines included. */
  isIssued(reqId: number): boolean {
    return reqId >= REQUEST_ID_MIN && reqId < this.#nextRequestId;
  }

  /** An error about a request: fails its question, unless TWS only warns. False when there is no such question. */
  refuse(reqId: number, code: number, text: string): boolean {
    const pending = this.#pending.get(reqId);
    if (pending === undefined) return false;
    if (meaningOf(code).severity === "error") pending.refuse(code, text);
    return true;
  }

  /** A frame of this type could not be read: no answer that may contain it is whole. */
  spoil(frame: number, detail: string): void {
    for (const pending of [...this.#pending.values()]) {
      if (pending.frame !== frame) continue;
      pending.fail(
        new UnreadableMessageError(`Answer up to ${pending.endMarker} is incomplete: ${detail}`),
      );
    }
  }

  /** The link is gone. */
  abandon(detail: string): void {
    for (const pending of [...this.#pending.values()]) {
      pending.fail(new NotReadyError("tcp", `No ${pending.endMarker}: ${detail}`));
    }
  }
}
