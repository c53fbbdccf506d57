import type { Bar } from "../market/market.ts";
import type { Signal, Strategy, View } from "../strategy/strategy.ts";
import { StrategyStoppedError } from "../strategy/strategy_error.ts";
import type { Journal } from "./journal.ts";
import { namedGroups } from "./pairs.ts";
import { soundSignal } from "./sound_signal.ts";

/** Asks the strategy, once for each bar, until it has to be stopped. */
export class Adviser {
  readonly #strategy: Strategy;
  readonly #journal: Journal;
  readonly #onStopped: (because: string) => void;
  #stopped = false;

  constructor(
    strategy: Strategy,
    { journal, onStopped }: {
      readonly journal: Journal;
      /** From then on there are no entries; positions keep their stops. */
      readonly onStopped: (because: string) => void;
    },
  ) {
    this.#strategy = strategy;
    this.#journal = journal;
    this.#onStopped = onStopped;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** What it wants after this bar, in a form a ledger can keep. */
  ask(bar: Bar, view: View): readonly Signal[] {
    if (this.#stopped) return [];
    try {
      const signals = this.#strategy.next(bar, view);
      // Most bars lead to nothing, and a backtest sees millions of them.
      return signals.length === 0 ? signals : namedGroups(signals.map(soundSignal), bar);
    } catch (error) {
      if (!(error instanceof StrategyStoppedError)) throw error;
      this.#stopped = true;
      const text =
        `The strategy was stopped, entries end, positions keep their stops: ${error.message}`;
      this.#journal.incident({ code: "strategy-stopped", text, severity: "error" });
      this.#onStopped("the strategy was stopped");
      return [];
    }
  }
}
