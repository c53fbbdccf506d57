/** The strategy or its parameters cannot be used as given; the message says what to change. */
export class StrategyError extends Error {
  override readonly name = "StrategyError";
}

/** A strategy that had to be stopped: it threw, took too long, or answered with something else. */
export class StrategyStoppedError extends Error {
  override readonly name = "StrategyStoppedError";
}
