import type { Signal } from "../strategy/strategy.ts";

/**
 * The signal with numbers a ledger can keep: an indicator that divided by zero must not end the session. A stop that
 * is no number is no stop, which risk refuses; what it was stays among the inputs.
 */
export function soundSignal(signal: Signal): Signal {
  const { stopPrice, reason } = signal;
  const hasStop = stopPrice === null || Number.isFinite(stopPrice);
  if (hasStop && !hasOdd(reason.inputs)) return signal;
  const odd = Object.entries(reason.inputs).filter(([, value]) => isOdd(value));
  const asText = odd.map(([name, value]) => [name, String(value)]);
  const stop = hasStop ? {} : { stopPrice: String(stopPrice) };
  return {
    ...signal,
    stopPrice: hasStop ? stopPrice : null,
    reason: { ...reason, inputs: { ...reason.inputs, ...Object.fromEntries(asText), ...stop } },
  };
}

function hasOdd(inputs: Signal["reason"]["inputs"]): boolean {
  for (const name in inputs) if (isOdd(inputs[name] ?? "")) return true;
  return false;
}

function isOdd(value: number | string): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}
