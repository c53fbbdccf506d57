import type { Clock } from "../clock.ts";
import { encodeClientGreeting } from "../wire/greeting.ts";
import { SERVER_VERSION_MAX, SERVER_VERSION_MIN } from "../wire/versions.ts";
import type { ServerSide } from "./evidence.ts";
import type { Look } from "./looker.ts";
import { greetingBytes, recognise, type Speaker } from "./recognise.ts";
import type { Tap } from "./tap.ts";

/** Sends the API prefix and waits for the server's version, looking at the server's end while it is silent. */

/** A healthy Gateway answers within 15 ms; a second of silence is worth a look. */
const SILENCE_MS = 1_000;

export interface HandshakeOptions {
  readonly clock: Clock;
  /** On the clock, epoch ms. */
  readonly deadlineMs: number;
  /** How much longer to wait in silence for a click on a dialog. */
  readonly waitMs: number;
  /** Our connection from the server's end, as it is now. */
  readonly lookAtServer: () => Promise<Look<ServerSide>>;
  readonly onWaiting: (side: Look<ServerSide>) => void;
}

export interface HandshakeResult {
  readonly speaker: Speaker;
  /** Bytes that came behind the greeting. */
  readonly rest: Uint8Array;
  readonly afterMs: number;
  readonly waitedMs: number;
  readonly serverSide: Look<ServerSide> | null;
  readonly askedHttp: boolean;
}

const encoder = new TextEncoder();
/** The newest text version that every server since 100 answers to. */
const VERSIONS = {
  minVersion: SERVER_VERSION_MIN,
  maxVersion: SERVER_VERSION_MAX,
  connectOptions: "",
};

export async function shakeHands(tap: Tap, options: HandshakeOptions): Promise<HandshakeResult> {
  const { clock, deadlineMs, waitMs } = options;
  const head = new ByteHead();
  tap.onBytes = (bytes) => head.push(bytes);
  // A peer that speaks first may have done so before anybody listened.
  head.push(tap.firstBytes);
  tap.write(encodeClientGreeting(VERSIONS));
  const recognised = (): boolean => head.speaker.speaks !== "incomplete";
  let serverSide: Look<ServerSide> | null = null;
  let askedHttp = false;
  const startedMs = clock.now();
  await tap.until(recognised, startedMs + Math.min(SILENCE_MS, (deadlineMs - startedMs) / 2));
  if (!recognised() && !tap.peerClosed) {
    serverSide = await options.lookAtServer();
    askedHttp = mayAskHttp(serverSide, head);
    // Servers of HTTP wait for the end of a request line; a program of IB's never gets these bytes.
    if (askedHttp) tap.write(encoder.encode("\r\n\r\n"));
    await tap.until(recognised, deadlineMs);
  }
  if (!recognised() && !tap.peerClosed) {
    serverSide = await options.lookAtServer();
    if (waitMs > 0) {
      options.onWaiting(serverSide);
      await tap.until(recognised, deadlineMs + waitMs);
    }
  }
  const { speaker } = head;
  return {
    speaker,
    rest: speaker.speaks === "api"
      ? head.bytes.subarray(greetingBytes(head.bytes))
      : new Uint8Array(0),
    afterMs: tap.elapsedMs,
    waitedMs: tap.elapsedMs,
    serverSide,
    askedHttp,
  };
}

function mayAskHttp(side: Look<ServerSide>, head: ByteHead): boolean {
  if (!side.seen || head.bytes.length > 0) return false;
  const { owner, accepted } = side.value;
  return accepted !== false && owner?.kind === "other";
}

/** The first bytes of a connection, until it is clear who speaks. */
class ByteHead {
  bytes: Uint8Array = new Uint8Array(0);
  speaker: Speaker = { speaks: "incomplete" };

  push(more: Uint8Array): void {
    const joined = new Uint8Array(this.bytes.length + more.length);
    joined.set(this.bytes);
    joined.set(more, this.bytes.length);
    this.bytes = joined;
    if (this.speaker.speaks === "incomplete") this.speaker = recognise(joined);
  }
}
