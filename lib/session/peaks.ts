import { greatest, type Micros } from "../money.ts";

/** The highest equity of the day, and since a halt was last lifted: what drawdowns are measured from. */
export class Peaks {
  #day: Micros | null = null;
  #all: Micros | null = null;

  get day(): Micros | null {
    return this.#day;
  }

  get all(): Micros | null {
    return this.#all;
  }

  add(equity: Micros): void {
    this.#day = greatest(this.#day ?? equity, equity);
    this.#all = greatest(this.#all ?? equity, equity);
  }

  startDay(): void {
    this.#day = null;
  }

  /** A person who lifts a halt has seen the drawdown: it is counted anew from the equity then. */
  startAgain(): void {
    this.#day = null;
    this.#all = null;
  }
}
