import { NotReadyError } from "../broker/broker.ts";
import { RequestRefusedError, UnreadableMessageError } from "../broker/failures.ts";
import { TimeoutError } from "../clock.ts";

const SILENCES = [TimeoutError, NotReadyError, RequestRefusedError, UnreadableMessageError];

/** The broker gave no usable answer, or the link broke while it should. */
export function isBrokerSilence(error: unknown): error is Error {
  return SILENCES.some((kind) => error instanceof kind);
}
