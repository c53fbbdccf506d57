import type { Signal } from "../strategy/strategy.ts";

/**
 * The signal with numbers a ledger can keep: an indicator that divided by zero must not end the session. A stop that
 * is no number is no stop, which risk refuses; what it was stays among the inputs.
 */
export function soundSignal(signal: Signal): Signal {
  const { stopPrice, reason } = signal;
  const hasStop = stopPrice === null || Number.isFinite(stopPrice);
  const inputs = Object.entries(reason.inputs);
  const odd = inputs.filter(([, value]) => typeof value === "number" && !Number.isFinite(value));
  if (hasStop && odd.length === 0) return signal;
  const asText = odd.map(([name, value]) => [name, String(value)]);
  const stop = hasStop ? {} : { stopPrice: String(stopPrice) };
  return {
    ...signal,
    stopPrice: hasStop ? stopPrice : null,
    reason: { ...reason, inputs: { ...reason.inputs, ...Object.fromEntries(asText), ...stop } },
  };
}
