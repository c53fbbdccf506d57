import { payloadFields } from "../wire/frame.ts";
import { GreetingError, parseServerGreeting } from "../wire/greeting.ts";

/** What speaks, by the first bytes it sends. */
export type Speaker =
  | { readonly speaks: "api"; readonly serverVersion: number; readonly connectionTime: string }
  /** Before 2016 servers answered unframed digits. */
  | { readonly speaks: "old-api"; readonly serverVersion: number }
  | { readonly speaks: "ssh" | "http" | "tls" | "other" }
  /** Too few bytes to tell. */
  | { readonly speaks: "incomplete" };

const PREFIX_BYTES = 4;
/** A version and a time make some 30 bytes. A longer first frame is something else's first word. */
const GREETING_BYTES_MAX = 256;

const decoder = new TextDecoder("latin1");

export function recognise(bytes: Uint8Array): Speaker {
  const text = decoder.decode(bytes.subarray(0, 16));
  if (text.startsWith("SSH-")) return { speaks: "ssh" };
  if (text.startsWith("HTTP/") || text.startsWith("<")) return { speaks: "http" };
  // A TLS record: handshake (0x16) or alert (0x15), version 3.x.
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && (bytes[1] === 0x03 || bytes[1] === undefined)) {
    return bytes[1] === undefined ? { speaks: "incomplete" } : { speaks: "tls" };
  }
  const oldVersion = /^(\d{1,3})\0/.exec(text)?.[1];
  if (oldVersion !== undefined) return { speaks: "old-api", serverVersion: Number(oldVersion) };
  return recogniseFrame(bytes, text);
}

/** Bytes the greeting takes: what follows them is the conversation. */
export function greetingBytes(bytes: Uint8Array): number {
  return PREFIX_BYTES + frameLength(bytes);
}

function recogniseFrame(bytes: Uint8Array, text: string): Speaker {
  if (bytes.length < PREFIX_BYTES) {
    // A frame this short starts with three zero bytes; whatever starts otherwise is not one.
    const mayBeFrame = bytes[0] === 0 && (bytes[1] ?? 0) === 0;
    const mayBeWord = ["SSH-", "HTTP", "<"].some((word) => word.startsWith(text));
    return { speaks: mayBeFrame || mayBeWord || /^\d/.test(text) ? "incomplete" : "other" };
  }
  const length = frameLength(bytes);
  if (length === 0 || length > GREETING_BYTES_MAX) return { speaks: "other" };
  if (bytes.length < PREFIX_BYTES + length) return { speaks: "incomplete" };
  try {
    const fields = payloadFields(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length));
    return { speaks: "api", ...parseServerGreeting(fields) };
  } catch (error) {
    if (!(error instanceof GreetingError)) throw error;
    return { speaks: "other" };
  }
}

function frameLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
