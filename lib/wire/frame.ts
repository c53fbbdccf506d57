/**
 * TWS framing: every message is a big-endian uint32 length and that many bytes of payload; the payload is text
 * fields, each followed by NUL.
 */

/** The official clients' MAX_MSG_LEN. A larger prefix is not a long message but a lost frame boundary. */
export const FRAME_BYTES_MAX = 0xffffff;
const PREFIX_BYTES = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The stream cannot be read on: the peer does not speak TWS, or a frame boundary was lost. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export type Field = string | number | boolean | bigint | null | undefined;

/** A field as TWS writes it: booleans as 1 and 0, nothing as the empty string. */
function fieldText(field: Field): string {
  if (field === null || field === undefined) return "";
  if (typeof field === "boolean") return field ? "1" : "0";
  return String(field);
}

/**
 * One frame with these fields.
 *
 * @throws {RangeError} when a field contains NUL or the frame would be too long
 */
export function encodeFrame(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  let text = "";
  for (const field of fields) {
    const part = fieldText(field);
    if (part.includes("\0")) throw new RangeError(`Cannot send a field with NUL in it: "${part}"`);
    text += part + "\0";
  }
  return framePayload(encoder.encode(text));
}

/** One frame around raw bytes (the version greeting has no trailing NUL). */
export function framePayload(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  if (payload.length > FRAME_BYTES_MAX) {
    throw new RangeError(
      `Cannot send a frame of ${payload.length} bytes: limit ${FRAME_BYTES_MAX}`,
    );
  }
  const frame = new Uint8Array(PREFIX_BYTES + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, PREFIX_BYTES);
  return frame;
}

/** The fields of a payload. What follows the last NUL is no field and is dropped, as IB's own reader does. */
export function payloadFields(payload: Uint8Array): string[] {
  const fields = decoder.decode(payload).split("\0");
  fields.pop();
  return fields;
}

/** Cuts a byte stream into payloads, whatever the sizes of the pieces it comes in. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Prefix and payload of the frame being received; null until its prefix is complete. */
  #frameBytes: number | null = null;

  /** Bytes received that do not make a whole frame yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * The payloads that `bytes` completes, oldest first.
   *
   * @throws {FrameError} on a length of zero or beyond the limit; the reader is of no use afterwards
   */
  *push(bytes: Uint8Array): Generator<Uint8Array> {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#pendingBytes += bytes.length;
    for (;;) {
      if (this.#frameBytes === null) {
        if (this.#pendingBytes < PREFIX_BYTES) return;
        this.#frameBytes = PREFIX_BYTES + payloadLength(this.#joined());
      }
      if (this.#pendingBytes < this.#frameBytes) return;
      const buffer = this.#joined();
      const payload = buffer.subarray(PREFIX_BYTES, this.#frameBytes);
      const rest = buffer.subarray(this.#frameBytes);
      this.#pieces = rest.length === 0 ? [] : [rest];
      this.#pendingBytes = rest.length;
      this.#frameBytes = null;
      yield payload;
    }
  }

  /** All pending bytes as one buffer. Called twice a frame at most, so a frame in many pieces stays linear. */
  #joined(): Uint8Array {
    const [first] = this.#pieces;
    if (first !== undefined && this.#pieces.length === 1) return first;
    const whole = new Uint8Array(this.#pendingBytes);
    let offset = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    this.#pieces = [whole];
    return whole;
  }
}

function payloadLength(head: Uint8Array): number {
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (length === 0) throw new FrameError("Empty frame: length 0");
  if (length > FRAME_BYTES_MAX) {
    throw new FrameError(`Frame of ${length} bytes is beyond the limit of ${FRAME_BYTES_MAX}`);
  }
  return length;
}
