import type { Tightened } from "../risk/tighten.ts";
import { formatMicros, type Micros, ZERO } from "../money.ts";
import type { Change, OrderFacts } from "./order.ts";

/** A stop at the broker, as its intent recorded it, with what has become of it since. */
export type WorkingStop = Omit<OrderFacts, "outsideRth" | "transmit"> & {
  readonly orderId: number;
};

/**
 * The change that moves a working stop to where risk has proven that it may go.
 *
 * @throws {RangeError} when the proof is about another order, or this is no stop
 */
export function tighten(tightened: Tightened, stop: WorkingStop): Change {
  const { orderId, ...facts } = stop;
  if (tightened.intentId !== facts.intentId || facts.role !== "stop" || facts.auxPrice === null) {
    throw new RangeError(
      `Cannot move "${facts.intentId}" (${facts.role}): "${tightened.intentId}" was approved`,
    );
  }
  const order = { ...facts, auxPrice: tightened.stopPrice, outsideRth: false, transmit: true };
  return mint({ orderId, order });
}

/**
 * The change that makes a working stop smaller: it only ever reduces, so there is nothing for risk to approve.
 *
 * @throws {RangeError} when it would not become smaller, or this is no stop
 */
export function shrink(stop: WorkingStop, quantity: Micros): Change {
  const { orderId, ...facts } = stop;
  if (facts.role !== "stop" || quantity <= ZERO || quantity >= facts.quantity) {
    throw new RangeError(
      `Cannot shrink "${facts.intentId}" (${facts.role}) of ${formatMicros(facts.quantity)} to ${
        formatMicros(quantity)
      }`,
    );
  }
  return mint({ orderId, order: { ...facts, quantity, outsideRth: false, transmit: true } });
}

/** The one place where a change comes into being; the brand exists for the compiler only, hence the assertion. */
function mint(facts: Omit<Change, never>): Change {
  return facts as Change;
}
