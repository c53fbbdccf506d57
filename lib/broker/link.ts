import { connect, type Socket } from "node:net";
import { setImmediate } from "node:timers";
import { type Clock, TimeoutError, withDeadline } from "../clock.ts";
import type { Traffic } from "../traffic.ts";
import { FrameError, FrameReader } from "../wire/frame.ts";

/** One TCP connection to TWS: frames in, bytes out. It never waits without a limit and never closes silently. */

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly traffic?: Traffic | undefined;
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Why a link is closed. `peer-closed` came as FIN, `peer-reset` as RST; `ours` was asked for. */
export interface LinkClosed {
  readonly cause: "ours" | "peer-closed" | "peer-reset" | "not-tws" | "silent" | "not-reading";
  readonly detail: string;
}

export interface LinkHandlers {
  frame(payload: Uint8Array): void;
  closed(closed: LinkClosed): void;
}

/**
 * Bytes our socket may hold back: more than a second's worth of messages, which are under way for a turn of the
 * event loop. The kernel takes megabytes before that, so a peer with this much waiting has not read for a long
 * time, and an order behind it would leave at some unknown later moment.
 */
const BACKLOG_BYTES_MAX = 262_144;
/** Turns of the event loop a FIN and its answer may take on loopback while virtual time is held. */
const CLOSE_TURNS_MAX = 200;

/**
 * Connects.
 *
 * @throws {TimeoutError} after connectTimeoutMs, the socket's own error (`code` ECONNREFUSED, ENOTFOUND …), or the
 * signal's reason
 */
export function dial(options: DialOptions): Promise<Link> {
  const { host, port, clock, traffic, connectTimeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    // Nagle's algorithm would hold a second small write back until the first is acknowledged.
    const socket = connect({ host, port, noDelay: true });
    traffic?.dialling();
    const end = (): void => {
      cancel();
      signal?.removeEventListener("abort", onAbort);
      socket.off("error", fail);
      socket.off("connect", onConnect);
    };
    const fail = (reason: unknown): void => {
      end();
      // A destroyed socket may still report an error; nobody is left to hear it.
      socket.on("error", () => {});
      socket.destroy();
      traffic?.dialled();
      reject(reason);
    };
    const onAbort = (): void => fail(signal?.reason);
    const onConnect = (): void => {
      end();
      const link = new Link(socket, { clock, traffic, connectTimeoutMs });
      traffic?.dialled();
      resolve(link);
    };
    const cancel = clock.at(clock.now() + connectTimeoutMs, () => {
      fail(new TimeoutError(`TCP connect to ${host}:${port}`, connectTimeoutMs));
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.once("error", fail);
    socket.once("connect", onConnect);
  });
}

export class Link {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #traffic: Traffic | undefined;
  readonly #localPort: number;
  /** The goodbye may take as long as the hello; then the link is reset. */
  readonly #closeTimeoutMs: number;
  readonly #reader = new FrameReader();
  readonly #gone: Promise<void>;
  #handlers: LinkHandlers | null = null;
  /** The first reason wins: what follows it is its consequence. */
  #why: LinkClosed | null = null;
  #closed = false;
  #framesReceived = 0;

  constructor(
    socket: Socket,
    { clock, traffic, connectTimeoutMs }: Pick<
      DialOptions,
      "clock" | "traffic" | "connectTimeoutMs"
    >,
  ) {
    this.#socket = socket;
    this.#clock = clock;
    this.#closeTimeoutMs = connectTimeoutMs;
    this.#traffic = traffic;
    this.#localPort = socket.localPort ?? 0;
    traffic?.opened(this.#localPort, "client");
    socket.on("end", () => this.#because({ cause: "peer-closed", detail: "TWS closed the link" }));
    socket.on("error", (error: Error & { readonly code?: string }) => {
      this.#because({
        cause: "peer-reset",
        detail: `The link broke: ${error.code ?? error.message}`,
      });
    });
    this.#gone = new Promise((resolve) => {
      socket.on("close", () => {
        this.#over();
        resolve();
      });
    });
  }

  /** Frames read so far: as long as it grows, the peer is alive. */
  get framesReceived(): number {
    return this.#framesReceived;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Sets (or replaces) who gets the frames. Bytes are read from the first call on. */
  receive(handlers: LinkHandlers): void {
    const first = this.#handlers === null;
    this.#handlers = handlers;
    if (this.#closed) queueMicrotask(() => this.#tell(handlers));
    else if (first) this.#socket.on("data", (bytes: Uint8Array) => this.#onData(bytes));
  }

  /** Hands these bytes to the kernel now. A closed link swallows them: its `closed` has been or will be told. */
  write(bytes: Uint8Array): void {
    if (this.#why !== null) return;
    if (this.#socket.writableLength > BACKLOG_BYTES_MAX) {
      this.reset({ cause: "not-reading", detail: "TWS has stopped reading from the link" });
      return;
    }
    this.#traffic?.wrote(this.#localPort, "client", bytes.length);
    this.#socket.write(bytes);
  }

  /** Closes with RST, at once: leaves nothing half-closed behind on a Gateway that does not answer. */
  reset(why: LinkClosed): void {
    if (this.#closed) return;
    this.#because(why);
    this.#socket.resetAndDestroy();
    this.#over();
  }

  /** Closes with FIN and waits, not for ever, until the other side did too. */
  async close(): Promise<void> {
    this.#because({ cause: "ours", detail: "Closed by us" });
    if (!this.#closed) {
      this.#socket.end();
      await this.#holdVirtualTime();
      try {
        await withDeadline(this.#clock, this.#gone, this.#closeTimeoutMs, "FIN of TWS");
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        this.reset({ cause: "ours", detail: "Closed by us" });
      }
    }
    await this.#gone;
  }

  #onData(bytes: Uint8Array): void {
    try {
      // What arrives after a close was decided is read off the wire and dropped.
      if (this.#why !== null) return;
      for (const payload of this.#reader.push(bytes)) {
        this.#framesReceived++;
        this.#handlers?.frame(payload);
        if (this.#why !== null) return;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.reset({ cause: "not-tws", detail: `What came is not TWS: ${error.message}` });
    } finally {
      if (!this.#closed) this.#traffic?.processed(this.#localPort, "client", bytes.length);
    }
  }

  #because(why: LinkClosed): void {
    this.#why ??= why;
  }

  /** Runs once. A Traffic link both ends of which are closed must not be mentioned again. */
  #over(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#because({ cause: "peer-closed", detail: "The link closed" });
    this.#traffic?.closed(this.#localPort, "client");
    if (this.#handlers !== null) this.#tell(this.#handlers);
  }

  #tell(handlers: LinkHandlers): void {
    if (this.#why !== null) handlers.closed(this.#why);
  }

  /**
   * A FIN under way is not in Traffic's books, and a timer that fires meanwhile would make the run depend on the
   * kernel's speed. So it is booked like a connect under way, for as many turns as a peer that answers needs.
   */
  async #holdVirtualTime(): Promise<void> {
    const traffic = this.#traffic;
    if (traffic === undefined) return;
    traffic.dialling();
    for (let turns = 0; turns < CLOSE_TURNS_MAX && !this.#closed; turns++) {
      await new Promise<void>((resolve) => setImmediate(() => resolve()));
    }
    traffic.dialled();
  }
}
