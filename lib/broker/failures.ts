/** How a question to TWS can fail besides running out of time (TimeoutError) or losing the link (NotReadyError). */

/** TWS answered a question with an error message instead. */
export class RequestRefusedError extends Error {
  override readonly name = "RequestRefusedError";
  constructor(readonly code: number, readonly text: string, readonly what: string) {
    super(`TWS refused ${what} with error ${code}: ${text}`);
  }
}

/** A message came that cannot be read; what it said is unknown, so nothing of it is used. */
export class UnreadableMessageError extends Error {
  override readonly name = "UnreadableMessageError";
}
