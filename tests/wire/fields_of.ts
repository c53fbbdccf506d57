import { FrameReader, payloadFields } from "../../lib/wire/frame.ts";

/** The fields of the one message in these bytes. */
export function fieldsOf(bytes: Uint8Array): string[] {
  const payloads = [...new FrameReader().push(bytes)];
  const [payload] = payloads;
  if (payload === undefined || payloads.length > 1) {
    throw new Error(`Expected one frame, got ${payloads.length}`);
  }
  return payloadFields(payload);
}

/** Every server version with its own layouts, from the oldest on. */
export const EVERY_VERSION: readonly number[] = Array.from({ length: 101 }, (_, i) => 100 + i);
