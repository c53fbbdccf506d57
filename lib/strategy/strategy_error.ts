/** The strategy or its parameters cannot be used as given; the message says what to change. */
export class StrategyError extends Error {
  override readonly name = "StrategyError";
}
