import { splitExecId } from "../exec_id.ts";
import type { Entry } from "../ledger/entry.ts";
import { type Micros, multiply, ZERO } from "../money.ts";

interface Trip {
  /** Shares still held, negative when short. */
  open: Micros;
  /** Cash it moved, commissions included; its profit or loss once nothing is open. */
  net: Micros;
}

/**
 * Round trips that lost, counted back from the newest to the last that did not: what `maxConsecutiveLosses` limits.
 * A new day and a halt that was lifted begin a new count.
 */
export class LosingStreak {
  readonly #open = new Map<string, Trip>(); // symbol → the trip under way
  readonly #byExecution = new Map<string, Trip>(); // stem of execId → its trip
  readonly #commissions = new Map<string, Micros>(); // stem of execId → commission counted
  #ended: Trip[] = [];

  apply({ body }: Entry): void {
    if (body.kind === "halt-lifted") this.startAgain();
    else if (body.kind === "commission") this.#pay(splitExecId(body.execId).stem, body.amount);
    else if (body.kind === "execution") {
      const { execId, symbol, side, quantity, price } = body;
      this.#fill(splitExecId(execId).stem, symbol, {
        shares: side === "BUY" ? quantity : -quantity,
        price,
      });
    }
  }

  get length(): number {
    return this.#ended.length - 1 - this.#ended.findLastIndex(({ net }) => net >= ZERO);
  }

  startAgain(): void {
    this.#ended = [];
  }

  #fill(stem: string, symbol: string, { shares, price }: { shares: Micros; price: Micros }): void {
    // A correction leaves its trip as it was counted, as the session does.
    if (this.#byExecution.has(stem)) return;
    const trip = this.#open.get(symbol) ?? { open: ZERO, net: ZERO };
    trip.open += shares;
    trip.net -= multiply(shares, price) + (this.#commissions.get(stem) ?? ZERO);
    this.#byExecution.set(stem, trip);
    this.#open.set(symbol, trip);
    if (trip.open !== ZERO) return;
    this.#open.delete(symbol);
    this.#ended.push(trip);
  }

  #pay(stem: string, amount: Micros): void {
    const trip = this.#byExecution.get(stem);
    if (trip !== undefined) trip.net -= amount - (this.#commissions.get(stem) ?? ZERO);
    this.#commissions.set(stem, amount);
  }
}
