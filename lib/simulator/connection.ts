import type { Socket } from "node:net";
import type { Traffic } from "../traffic.ts";
import { FrameError, FrameReader, payloadFields } from "../wire/frame.ts";
import { type ClientGreeting, encodeServerGreeting, GreetingReader } from "../wire/greeting.ts";

/** One TCP connection of a client: bytes in, frames out. Knows framing and the greeting, and no message. */

export interface ConnectionHandler {
  /** Runs work that may write to any connection; what it wrote leaves at its end. */
  turn(work: () => void): void;
  greeted(connection: Connection, greeting: ClientGreeting): void;
  message(connection: Connection, fields: readonly string[]): void;
  closed(connection: Connection, because: string): void;
}

export interface ConnectionLimits {
  /** Bytes after which the connection is cut, read and written; Infinity in health. */
  readonly readMax: number;
  readonly writeMax: number;
  /** False: what comes is read and ignored. */
  readonly listens: boolean;
}

/** A client that has not read this much will not read it any more; TWS drops slow readers too. */
const UNSENT_BYTES_MAX = 64 * 1024 * 1024;

export class Connection {
  /** The client's local port: its name in `Traffic` and the journal. */
  readonly port: number;
  readonly #socket: Socket;
  readonly #traffic: Traffic | undefined;
  readonly #handler: ConnectionHandler;
  readonly #limits: ConnectionLimits;
  readonly #frames = new FrameReader();
  #greeting: GreetingReader | null = new GreetingReader();
  #unsent: Uint8Array[] = [];
  #readBytes = 0;
  #writtenBytes = 0;
  #closed = false;

  constructor(
    socket: Socket,
    { traffic, handler, limits }: {
      readonly traffic: Traffic | undefined;
      readonly handler: ConnectionHandler;
      readonly limits: ConnectionLimits;
    },
  ) {
    this.#socket = socket;
    this.#traffic = traffic;
    this.#handler = handler;
    this.#limits = limits;
    this.port = socket.remotePort ?? 0;
    traffic?.opened(this.port, "server");
    socket.setNoDelay(true);
    // A reset arrives as an error and then as "close", which says all there is to say.
    socket.on("error", () => {});
    socket.on("close", () => this.#ended("The client left"));
    socket.on("end", () => this.#ended("The client closed its side"));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Begins to read. */
  listen(): void {
    this.#socket.on("data", (bytes: Uint8Array) => {
      if (this.#limits.listens) this.#handler.turn(() => this.#receive(bytes));
      if (!this.#closed) this.#traffic?.processed(this.port, "server", bytes.length);
    });
  }

  /** The one answer to the greeting; it leaves alone, in one write. */
  answerGreeting(serverVersion: number, connectionTime: string): void {
    this.#write(encodeServerGreeting({ serverVersion, connectionTime }));
  }

  /** Queues a frame; it leaves with all others of this turn, in their order. */
  send(frame: Uint8Array): void {
    if (!this.#closed) this.#unsent.push(frame);
  }

  /** Before everything that is queued. */
  sendAhead(frame: Uint8Array): void {
    if (!this.#closed) this.#unsent.unshift(frame);
  }

  flush(): void {
    if (this.#closed || this.#unsent.length === 0) return;
    const bytes = concat(this.#unsent);
    this.#unsent = [];
    this.#write(bytes);
  }

  /** Sends what is queued and closes with FIN. */
  close(because: string): void {
    if (this.#closed) return;
    this.flush();
    if (this.#closed) return;
    this.#socket.end();
    // `end` alone leaves a client that never closes holding the connection.
    this.#socket.destroySoon();
    this.#ended(because);
  }

  /** Drops what is queued and the connection with it. */
  abort(because: string): void {
    this.#socket.destroy();
    this.#ended(because);
  }

  #receive(bytes: Uint8Array): void {
    const allowed = this.#limits.readMax - this.#readBytes;
    this.#readBytes += bytes.length;
    try {
      this.#read(allowed < bytes.length ? bytes.subarray(0, Math.max(0, allowed)) : bytes);
    } catch (error) {
      // Lost frame boundaries: nothing that follows can be read.
      if (!(error instanceof FrameError)) throw error;
      this.close(error.message);
    }
    if (allowed < bytes.length) this.close("Cut by a fault");
  }

  #read(bytes: Uint8Array): void {
    let framed = bytes;
    if (this.#greeting !== null) {
      const outcome = this.#greeting.push(bytes);
      if (outcome === null) return;
      if (outcome.kind === "foreign") return this.close(`Not the API: ${outcome.protocol}`);
      if (outcome.kind === "malformed") return this.close(outcome.because);
      this.#greeting = null;
      this.#handler.greeted(this, outcome.greeting);
      framed = outcome.rest;
    }
    for (const payload of this.#frames.push(framed)) {
      if (this.#closed) return;
      this.#handler.message(this, payloadFields(payload));
    }
  }

  #write(bytes: Uint8Array): void {
    const allowed = this.#limits.writeMax - this.#writtenBytes;
    const part = allowed < bytes.length ? bytes.subarray(0, Math.max(0, allowed)) : bytes;
    this.#writtenBytes += part.length;
    if (part.length > 0) {
      this.#traffic?.wrote(this.port, "server", part.length);
      this.#socket.write(part);
    }
    if (part !== bytes) return this.close("Cut by a fault");
    if (this.#socket.writableLength > UNSENT_BYTES_MAX) {
      this.#socket.destroy();
      this.#ended("The client does not read");
    }
  }

  #ended(because: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsent = [];
    this.#socket.destroySoon();
    this.#traffic?.closed(this.port, "server");
    this.#handler.turn(() => this.#handler.closed(this, because));
  }
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
