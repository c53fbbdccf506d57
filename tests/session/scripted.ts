import type { ChosenStrategy } from "../../lib/strategy/registry.ts";
import type { Signal, Strategy, View } from "../../lib/strategy/strategy.ts";
import { DAY, MINUTE } from "./run.ts";

/** A strategy that answers each bar as it is told; `minute` is the bar's end after the open. */
export function scripted(next: (minute: number, view: View) => readonly Signal[]): ChosenStrategy {
  const create = (): Strategy => ({
    warmupBars: 0,
    init: () => {},
    warmUp: () => {},
    next: ({ symbol }, view) =>
      next((view.now - DAY.opensAt) / MINUTE, view).map((signal) => ({ ...signal, symbol })),
  });
  return { name: "scripted", summary: "", barMs: MINUTE, parameters: {}, create };
}

export function want(purpose: "enter" | "exit", stopPrice: number | null = 90): Signal {
  const reason = { rule: "script", text: "The script says so", inputs: {} };
  const entering = purpose === "enter";
  return {
    symbol: "",
    side: entering ? "BUY" : "SELL",
    purpose,
    stopPrice: entering ? stopPrice : null,
    reason,
  };
}

/** A price that does not move. */
export const FLAT = (): number => 100;
