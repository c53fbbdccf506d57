import type { Clock } from "../clock.ts";
import { FrameError, FrameReader, payloadFields } from "../wire/frame.ts";
import { decodeReply, type Reply, ReplyError } from "../wire/replies.ts";
import { encodeRequest, type Request } from "../wire/requests.ts";
import type { ServerMessage } from "./evidence.ts";
import type { Tap } from "./tap.ts";

/** Half a start, then nothing for this long: what is missing is asked for. */
const HALF_STARTED_MS = 1_000;

/** A question to the Gateway: what to send, which replies answer it, and what to send when we stop caring. */
export interface Question {
  readonly asks: readonly Request[];
  hear(reply: Reply, afterMs: number): void;
  readonly answered: boolean;
  readonly withdraws: readonly Request[];
}

/** Frames behind the greeting: keeps what the server says unasked and hands the rest to the open questions. */
export class Conversation {
  readonly #tap: Tap;
  readonly #clock: Clock;
  readonly serverVersion: number;
  readonly #frames = new FrameReader();
  readonly #startedMs: number;
  readonly #messages: ServerMessage[] = [];
  #questions: readonly Question[] = [];
  #nextValidId: { readonly value: number; readonly afterMs: number } | null = null;
  #accounts: readonly string[] | null = null;
  #accountsAfterMs: number | null = null;
  /** A frame could not be read: nothing behind it can. */
  #garbled = false;

  constructor(
    tap: Tap,
    { clock, serverVersion, rest }: {
      readonly clock: Clock;
      readonly serverVersion: number;
      readonly rest: Uint8Array;
    },
  ) {
    this.#tap = tap;
    this.#clock = clock;
    this.serverVersion = serverVersion;
    this.#startedMs = clock.now();
    tap.onBytes = (bytes) => this.#receive(bytes);
    if (rest.length > 0) this.#receive(rest);
  }

  /** Errors and notices in wire order. */
  get messages(): readonly ServerMessage[] {
    return this.#messages;
  }
  get nextValidId(): { readonly value: number; readonly afterMs: number } | null {
    return this.#nextValidId;
  }
  /** Null until the message comes. */
  get accounts(): readonly string[] | null {
    return this.#accounts;
  }
  get accountsAfterMs(): number | null {
    return this.#accountsAfterMs;
  }
  /** Order id and at least one account have come. */
  get started(): boolean {
    return this.#nextValidId !== null && (this.#accounts?.length ?? 0) > 0;
  }
  get garbled(): boolean {
    return this.#garbled;
  }
  get elapsedMs(): number {
    return this.#clock.now() - this.#startedMs;
  }

  send(request: Request): void {
    this.#tap.write(encodeRequest(request, this.serverVersion));
  }

  /** Waits for nextValidId and accounts, for a refusal, or for the deadline. */
  async start(clientId: number, deadlineMs: number): Promise<void> {
    this.send({ type: "startApi", clientId, optionalCapabilities: "" });
    const settled = (): boolean => this.#garbled || this.#refused || this.started;
    const nowMs = this.#clock.now();
    await this.#tap.until(settled, nowMs + Math.min(HALF_STARTED_MS, (deadlineMs - nowMs) / 2));
    if (!settled() && this.#accounts !== null && this.#nextValidId === null) {
      this.send({ type: "reqIds", numIds: 1 });
    } else if (!settled() && this.#nextValidId !== null) {
      this.send({ type: "reqManagedAccts" });
    }
    await this.#tap.until(settled, deadlineMs);
  }

  /** Asks all at once and waits for the last answer or the deadline. */
  async ask(questions: readonly Question[], deadlineMs: number): Promise<void> {
    this.#questions = questions;
    for (const { asks } of questions) asks.forEach((request) => this.send(request));
    const answered = (): boolean =>
      this.#garbled || questions.every((question) => question.answered);
    await this.#tap.until(answered, deadlineMs);
    for (const { withdraws } of questions) withdraws.forEach((request) => this.send(request));
    this.#questions = [];
  }

  get #refused(): boolean {
    return this.#messages.some(({ code }) => REFUSALS.has(code));
  }

  #receive(bytes: Uint8Array): void {
    if (this.#garbled) return;
    try {
      for (const payload of this.#frames.push(bytes)) {
        const reply = this.#decode(payload);
        if (reply !== null) this.#hear(reply);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#garbled = true;
    }
  }

  /** Null of a message with fields that nobody knows: it answers nothing, but the next one may. */
  #decode(payload: Uint8Array): Reply | null {
    try {
      return decodeReply(payloadFields(payload), this.serverVersion);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      return null;
    }
  }

  #hear(reply: Reply): void {
    const afterMs = this.elapsedMs;
    if (reply.type === "error") {
      this.#messages.push({ code: reply.code, text: reply.text, requestId: reply.id, afterMs });
    } else if (reply.type === "nextValidId") {
      this.#nextValidId ??= { value: reply.orderId, afterMs };
    } else if (reply.type === "managedAccounts") {
      this.#accounts = reply.accounts.split(",").map((id) => id.trim()).filter((id) => id !== "");
      this.#accountsAfterMs ??= afterMs;
    }
    for (const question of this.#questions) question.hear(reply, afterMs);
  }
}

/** Messages after which no start will come: id in use, disclaimer not accepted. */
export const REFUSALS: ReadonlySet<number> = new Set([326, 2139, 10141, 507, 501, 502, 503, 506]);
