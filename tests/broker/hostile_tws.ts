import { createServer, type Server, type Socket } from "node:net";
import type { Traffic } from "../../lib/traffic.ts";
import { encodeFrame, type Field, FrameReader, payloadFields } from "../../lib/wire/frame.ts";

/** The other end of the wire, as badly behaved as a test wants: it sends whatever bytes it is told to. */

export interface TwsScript {
  /** What happens when a client connects, before it says anything. */
  readonly onConnect?: (peer: Peer) => void;
  /** What the greeting `API\0 v100..193` is answered with; by default version 178. */
  readonly onGreeting?: (peer: Peer) => void;
  /** What START_API is answered with; by default nextValidId 1 and account DU1. */
  readonly onStart?: (peer: Peer) => void;
  /** Every later request, as its fields. */
  readonly onRequest?: (fields: readonly string[], peer: Peer) => void;
  readonly traffic?: Traffic;
}

const PREFIX_BYTES = 4;
export const CONNECTION_TIME = "20260402 09:30:00 EST";

export class Peer {
  readonly socket: Socket;
  /** Every frame of the client after the greeting, as fields. */
  readonly requests: string[][] = [];
  readonly greeting: number[] = [];
  readonly #port: number;
  readonly #traffic: Traffic | undefined;
  readonly #reader = new FrameReader();
  readonly #waiting: (() => void)[] = [];
  #greeted = false;
  #traced = true;

  constructor(socket: Socket, traffic: Traffic | undefined) {
    this.socket = socket;
    this.#port = socket.remotePort ?? 0;
    this.#traffic = traffic;
    traffic?.opened(this.#port, "server");
    socket.on("close", () => this.#closed());
    socket.on("end", () => this.#closed());
    // A client that resets is part of many tests.
    socket.on("error", () => {});
  }

  /** One frame of these fields. */
  send(...fields: readonly Field[]): void {
    this.raw(encodeFrame(fields));
  }

  /** Exactly these bytes, in one write. */
  raw(bytes: Uint8Array): void {
    if (this.#traced) this.#traffic?.wrote(this.#port, "server", bytes.length);
    this.socket.write(bytes);
  }

  /** Closes with FIN. */
  hangUp(): void {
    this.#closed();
    this.socket.end();
  }

  /** Closes with RST. */
  reset(): void {
    this.#closed();
    this.socket.resetAndDestroy();
  }

  greet(version: Field): void {
    this.send(version, CONNECTION_TIME);
  }

  ready(nextOrderId = 1, accounts = "DU1"): void {
    this.send(15, 1, accounts);
    this.send(9, 1, nextOrderId);
  }

  /** Requests with this message id, so far. */
  requestsOf(msgId: number): string[][] {
    return this.requests.filter((fields) => fields[0] === String(msgId));
  }

  /** Resolves when `condition` holds, looked at after every frame that comes. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  take(bytes: Uint8Array, script: TwsScript): void {
    let rest = bytes;
    const missing = PREFIX_BYTES - this.greeting.length;
    if (missing > 0) {
      this.greeting.push(...rest.subarray(0, missing));
      rest = rest.subarray(missing);
    }
    for (const payload of this.#reader.push(rest)) this.#onFrame(payload, script);
    if (this.#traced) this.#traffic?.processed(this.#port, "server", bytes.length);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #onFrame(payload: Uint8Array, script: TwsScript): void {
    if (!this.#greeted) {
      this.#greeted = true;
      this.greeting.push(...payload);
      (script.onGreeting ?? ((peer) => peer.greet(178)))(this);
      return;
    }
    const fields = payloadFields(payload);
    this.requests.push(fields);
    if (fields[0] === "71") (script.onStart ?? ((peer) => peer.ready()))(this);
    else script.onRequest?.(fields, this);
  }

  #closed(): void {
    if (this.#traced) this.#traffic?.closed(this.#port, "server");
    this.#traced = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export class HostileTws {
  readonly port: number;
  /** In the order they connected. */
  readonly peers: Peer[];
  readonly #server: Server;

  private constructor(server: Server, peers: Peer[], port: number) {
    this.#server = server;
    this.peers = peers;
    this.port = port;
  }

  /** With `allowHalfOpen` the server does not answer a FIN with its own. */
  static listen(script: TwsScript = {}, { allowHalfOpen = false } = {}): Promise<HostileTws> {
    const peers: Peer[] = [];
    const server = createServer({ noDelay: true, allowHalfOpen }, (socket) => {
      const peer = new Peer(socket, script.traffic);
      peers.push(peer);
      socket.on("data", (bytes: Uint8Array) => peer.take(bytes, script));
      script.onConnect?.(peer);
    });
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        const port = typeof address === "object" && address !== null ? address.port : 0;
        resolve(new HostileTws(server, peers, port));
      });
    });
  }

  /** The newest connection. */
  get peer(): Peer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error("Nobody has connected");
    return peer;
  }

  /** Connections whose socket is still there. */
  get open(): number {
    return this.peers.filter(({ socket }) => !socket.destroyed).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** What a request is answered with. */
export type Answer = (fields: readonly string[], peer: Peer) => void;

/** Answers by message id; others are left unanswered. */
export function answering(answers: Readonly<Record<string, Answer>>): Answer {
  return (fields, peer) => answers[fields[0] ?? ""]?.(fields, peer);
}
