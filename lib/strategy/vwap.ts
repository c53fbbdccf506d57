/** Volume-weighted average price since the last `reset()`, which belongs at the session's open. */
export class Vwap {
  #turnover = 0;
  #volume = 0;

  /** Uses the bar's own average, or (high + low + close) ÷ 3 where it has none. */
  push(bar: {
    readonly high: number;
    readonly low: number;
    readonly close: number;
    readonly wap?: number | null;
    readonly volume: number;
  }): number | null {
    const price = bar.wap ?? (bar.high + bar.low + bar.close) / 3;
    this.#turnover += price * bar.volume;
    this.#volume += bar.volume;
    return this.value;
  }

  /** Null until something traded. */
  get value(): number | null {
    return this.#volume > 0 ? this.#turnover / this.#volume : null;
  }

  reset(): void {
    this.#turnover = 0;
    this.#volume = 0;
  }
}
