import net from "node:net";
import type { Clock } from "../clock.ts";
import type { Traffic } from "../traffic.ts";
import type { ClosedBy, ConnectOutcome } from "./evidence.ts";
import { plainAddress } from "./sockets.ts";

/**
 * One TCP connection that remembers everything about itself. node:net, because a silent peer must be left with a
 * reset: an ordinary close leaves a dead connection (CLOSE_WAIT) in the Gateway for ever.
 */

const FIRST_BYTES_MAX = 64;
/** A peer that was told we are done closes at once; TWS needs a moment. Longer is evidence, not patience. */
const FAREWELL_MS = 500;

export interface TapOptions {
  readonly address: string;
  readonly port: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly traffic: Traffic | undefined;
  /** On the clock, epoch ms. */
  readonly deadlineMs: number;
}

export interface Connected {
  readonly outcome: "connected";
  readonly tap: Tap;
}

export interface NotConnected {
  readonly outcome: Exclude<ConnectOutcome, "connected">;
  readonly errorCode: string;
}

export class Tap {
  readonly #socket: net.Socket;
  readonly #options: TapOptions;
  readonly localAddress: string;
  readonly localPort: number;
  #sentBytes = 0;
  #receivedBytes = 0;
  #firstBytes = new Uint8Array(0);
  #startedMs: number | null = null;
  #firstByteAfterMs: number | null = null;
  #closedBy: ClosedBy = null;
  #closedAfterMs: number | null = null;
  #peerClosed = false;
  #gone = false;
  #onBytes: (bytes: Uint8Array) => void = () => {};
  /** Called after every event: whoever waits looks again. */
  #onChange: () => void = () => {};

  private constructor(socket: net.Socket, options: TapOptions) {
    this.#socket = socket;
    this.#options = options;
    this.localAddress = plainAddress(socket.localAddress ?? "");
    this.localPort = socket.localPort ?? 0;
    options.traffic?.opened(this.localPort, "client");
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#received(bytes));
    socket.on("end", () => this.#ended("peer-fin"));
    socket.on("error", () => this.#ended("peer-rst"));
    socket.on("close", () => this.#closed());
  }

  /** Connects, or says why not. Never throws but for the signal. */
  static async connect(options: TapOptions): Promise<Connected | NotConnected> {
    const { address, port, clock, signal, traffic, deadlineMs } = options;
    signal?.throwIfAborted();
    traffic?.dialling();
    const { promise, resolve, reject } = Promise.withResolvers<Connected | NotConnected>();
    const stopTimer = clock.at(
      deadlineMs,
      () => settle({ outcome: "timeout", errorCode: "ETIMEDOUT" }),
    );
    const onAbort = (): void => {
      finish();
      reject(signal?.reason);
    };
    const finish = (): void => {
      stopTimer();
      signal?.removeEventListener("abort", onAbort);
      socket?.destroy();
    };
    const settle = (result: NotConnected): void => {
      finish();
      resolve(result);
    };
    let socket: net.Socket | null = null;
    try {
      // allowHalfOpen: our answer to a FIN is ours to choose.
      socket = net.connect({ host: address, port, allowHalfOpen: true });
      const dialling = socket;
      dialling.once("error", (error) => settle(failure(error)));
      dialling.once("connect", () => {
        stopTimer();
        signal?.removeEventListener("abort", onAbort);
        dialling.removeAllListeners("error");
        resolve({ outcome: "connected", tap: new Tap(dialling, options) });
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      settle(failure(error));
    }
    try {
      return await promise;
    } finally {
      traffic?.dialled();
    }
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }
  get receivedBytes(): number {
    return this.#receivedBytes;
  }
  get firstBytes(): Uint8Array {
    return this.#firstBytes;
  }
  get firstByteAfterMs(): number | null {
    return this.#firstByteAfterMs;
  }
  get closedBy(): ClosedBy {
    return this.#closedBy;
  }
  get closedAfterMs(): number | null {
    return this.#closedAfterMs;
  }
  /** Since our first write. */
  get elapsedMs(): number {
    return this.#startedMs === null ? 0 : this.#options.clock.now() - this.#startedMs;
  }

  /** Where received bytes go, from now on. */
  set onBytes(onBytes: (bytes: Uint8Array) => void) {
    this.#onBytes = onBytes;
  }

  /** Sends in one write; nothing when the connection is over. */
  write(bytes: Uint8Array): void {
    if (this.#gone || this.#closedBy !== null) return;
    this.#startedMs ??= this.#options.clock.now();
    this.#sentBytes += bytes.length;
    this.#options.traffic?.wrote(this.localPort, "client", bytes.length);
    this.#socket.write(bytes);
  }

  /** The peer has closed: nothing more will come. */
  get peerClosed(): boolean {
    return this.#peerClosed;
  }

  /** Waits until `done()`, the peer has closed, or the deadline; rejects when the signal aborts. */
  async until(done: () => boolean, deadlineMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    signal?.throwIfAborted();
    if (done() || this.#peerClosed) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stopTimer = clock.at(deadlineMs, resolve);
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#onChange = () => {
      if (done() || this.#peerClosed) resolve();
    };
    try {
      await promise;
    } finally {
      stopTimer();
      this.#onChange = () => {};
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Closes at once with a reset, which leaves nothing behind at the peer. */
  reset(): void {
    if (this.#gone) return;
    this.#closedBy ??= "us";
    this.#closedAfterMs ??= this.elapsedMs;
    this.#socket.resetAndDestroy();
  }

  /** Says goodbye and waits for the peer's. False when none came; the connection is then still half open. */
  async farewell(): Promise<boolean> {
    this.#closedBy ??= "us";
    this.#closedAfterMs ??= this.elapsedMs;
    this.#socket.end();
    await this.until(() => false, this.#options.clock.now() + FAREWELL_MS);
    return this.#peerClosed;
  }

  #received(bytes: Uint8Array): void {
    this.#receivedBytes += bytes.length;
    this.#firstByteAfterMs ??= this.elapsedMs;
    if (this.#firstBytes.length < FIRST_BYTES_MAX) {
      const head = bytes.subarray(0, FIRST_BYTES_MAX - this.#firstBytes.length);
      const joined = new Uint8Array(this.#firstBytes.length + head.length);
      joined.set(this.#firstBytes);
      joined.set(head, this.#firstBytes.length);
      this.#firstBytes = joined;
    }
    this.#onBytes(bytes);
    this.#options.traffic?.processed(this.localPort, "client", bytes.length);
    this.#onChange();
  }

  #ended(by: "peer-fin" | "peer-rst"): void {
    this.#peerClosed = true;
    this.#closedBy ??= by;
    this.#closedAfterMs ??= this.elapsedMs;
    this.#onChange();
  }

  #closed(): void {
    this.#gone = true;
    this.#peerClosed = true;
    this.#options.traffic?.closed(this.localPort, "client");
    this.#onChange();
  }
}

const OUTCOMES: Readonly<Record<string, NotConnected["outcome"]>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ENETDOWN: "unreachable",
  EHOSTDOWN: "unreachable",
  EACCES: "denied",
  EPERM: "denied",
};

function failure(error: Error): NotConnected {
  if (error instanceof Deno.errors.NotCapable) {
    return { outcome: "denied", errorCode: "NotCapable" };
  }
  const errorCode = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return { outcome: OUTCOMES[errorCode] ?? "failed", errorCode };
}
