import { encodeFrame, framePayload } from "./frame.ts";

/**
 * The handshake before the first message: the client says `API\0` and a frame with the versions it speaks, the
 * server answers one frame with the version both will use and the time.
 */

/** What a client announces. */
export interface ClientGreeting {
  readonly minVersion: number;
  readonly maxVersion: number;
  /** `+PACEAPI` or empty. */
  readonly connectOptions: string;
}

/** What a server answers. */
export interface ServerGreeting {
  /** The version both use from now on. */
  readonly serverVersion: number;
  /** `20260402 09:30:00 EST`: the server's local time and zone; some servers leave it empty. */
  readonly connectionTime: string;
}

/** What a connection's first bytes turned out to be. */
export type GreetingOutcome =
  | {
    readonly kind: "greeting";
    readonly greeting: ClientGreeting;
    /** What came behind the greeting already: the beginning of the framed messages. */
    readonly rest: Uint8Array;
  }
  /** Not a TWS client, or one from before 2016: close the connection, answer nothing. */
  | { readonly kind: "foreign"; readonly protocol: ForeignProtocol }
  /** `API\0`, and then no versions: close the connection. */
  | { readonly kind: "malformed"; readonly because: string };

/** A guess from the first bytes, for the log. */
export type ForeignProtocol = "old TWS" | "HTTP" | "TLS" | "SSH" | "unknown";

/** A server's answer that is no version and time. */
export class GreetingError extends Error {
  override readonly name = "GreetingError";
}

const MAGIC = new TextEncoder().encode("API\0");
const PREFIX_BYTES = 4;
/** Versions and options of every client fit into 30. More is somebody talking another protocol. */
const GREETING_BYTES_MAX = 512;
const VERSIONS = /^v(\d{1,9})(?:\.\.(\d{1,9}))?(?: (.*))?$/s;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The client's first bytes. */
export function encodeClientGreeting(greeting: ClientGreeting): Uint8Array<ArrayBuffer> {
  const options = greeting.connectOptions === "" ? "" : ` ${greeting.connectOptions}`;
  const versions = `v${greeting.minVersion}..${greeting.maxVersion}${options}`;
  const frame = framePayload(encoder.encode(versions));
  const bytes = new Uint8Array(MAGIC.length + frame.length);
  bytes.set(MAGIC);
  bytes.set(frame, MAGIC.length);
  return bytes;
}

/** The server's answer. It has to leave in one write with nothing behind it: several clients read it just once. */
export function encodeServerGreeting(greeting: ServerGreeting): Uint8Array<ArrayBuffer> {
  return encodeFrame([greeting.serverVersion, greeting.connectionTime]);
}

/**
 * The answer in the fields of the server's first frame.
 *
 * @throws {GreetingError} unless these are a version and a time
 */
export function parseServerGreeting(fields: readonly string[]): ServerGreeting {
  const [version = "", connectionTime = ""] = fields;
  if (fields.length !== 2 || !/^\d{1,9}$/.test(version)) {
    const shown = JSON.stringify(fields.slice(0, 3)).slice(0, 80);
    throw new GreetingError(`Expected a server version and a time, got ${shown}`);
  }
  return { serverVersion: Number(version), connectionTime };
}

/** The version both will use; null when the client wants a newer server than this one. */
export function negotiate(greeting: ClientGreeting, serverMaxVersion: number): number | null {
  const version = Math.min(greeting.maxVersion, serverMaxVersion);
  return version >= greeting.minVersion ? version : null;
}

/** Reads a client's greeting, in whatever pieces it comes. */
export class GreetingReader {
  #bytes: Uint8Array = new Uint8Array(0);

  /** What the bytes so far are; null while that is open. Of no use after it answered. */
  push(bytes: Uint8Array): GreetingOutcome | null {
    this.#bytes = joined(this.#bytes, bytes);
    const head = this.#bytes.subarray(0, MAGIC.length);
    if (!head.every((byte, index) => byte === MAGIC[index])) {
      return { kind: "foreign", protocol: foreignProtocol(this.#bytes) };
    }
    const frame = this.#bytes.subarray(MAGIC.length);
    if (frame.length < PREFIX_BYTES) return null;
    const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
    if (length === 0 || length > GREETING_BYTES_MAX) {
      return { kind: "malformed", because: `Versions of ${length} bytes` };
    }
    const end = PREFIX_BYTES + length;
    if (frame.length < end) return null;
    return outcome(decoder.decode(frame.subarray(PREFIX_BYTES, end)), frame.subarray(end));
  }
}

function outcome(text: string, rest: Uint8Array): GreetingOutcome {
  const match = VERSIONS.exec(text);
  const [, min = "", max = min, connectOptions = ""] = match ?? [];
  const greeting = { minVersion: Number(min), maxVersion: Number(max), connectOptions };
  if (match === null || greeting.minVersion > greeting.maxVersion) {
    return { kind: "malformed", because: `Versions are ${JSON.stringify(text.slice(0, 40))}` };
  }
  return { kind: "greeting", greeting, rest };
}

const HTTP_METHODS = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) /;
const TLS_HANDSHAKE = 0x16;

function foreignProtocol(bytes: Uint8Array): ForeignProtocol {
  if (bytes[0] === TLS_HANDSHAKE) return "TLS";
  const text = decoder.decode(bytes.subarray(0, 16));
  if (HTTP_METHODS.test(text)) return "HTTP";
  if (text.startsWith("SSH-")) return "SSH";
  // Clients from before 2016 begin with their version and NUL, unframed: `62\0`.
  if (/^\d{1,3}(?:\0|$)/.test(text)) return "old TWS";
  return "unknown";
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
