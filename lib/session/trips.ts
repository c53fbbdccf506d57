import { splitExecId } from "../exec_id.ts";
import type { CommissionBooked, ExecutionBooked } from "../ledger/entry.ts";
import { type Micros, multiply, ZERO } from "../money.ts";
import type { TripRecord } from "../risk/book.ts";

interface Trip {
  /** Shares still held, negative when short. */
  open: Micros;
  /** Cash it moved, commissions included; its profit or loss once nothing is open. */
  net: Micros;
}

/** Older trips say little about the present; a record of this many is far beyond what sizing asks for. */
const RECORD_MAX = 200;

/**
 * Round trips, each from no shares of a symbol to none again, in the order they ended. A later correction of a
 * fill's price leaves its trip as it was counted; the books have the exact figure.
 */
export class Trips {
  readonly #open = new Map<string, Trip>(); // symbol → the trip under way
  readonly #byExecution = new Map<string, Trip>(); // stem of execId → its trip
  readonly #commissions = new Map<string, Micros>(); // stem of execId → commission counted
  #ended: Trip[] = [];
  /** Trips before this one are of days before, or were forgiven by a person. */
  #streakFrom = 0;

  /** Losing trips counted back from the newest to the last that did not lose. */
  get losingStreak(): number {
    let streak = 0;
    for (let index = this.#ended.length - 1; index >= this.#streakFrom; index--) {
      if ((this.#ended[index]?.net ?? ZERO) >= ZERO) break;
      streak++;
    }
    return streak;
  }

  record(): TripRecord {
    let [wins, losses, won, lost] = [0, 0, ZERO, ZERO];
    for (const { net } of this.#ended.slice(-RECORD_MAX)) {
      if (net > ZERO) [wins, won] = [wins + 1, won + net];
      else if (net < ZERO) [losses, lost] = [losses + 1, lost - net];
    }
    return { wins, losses, won, lost };
  }

  startStreak(): void {
    this.#streakFrom = this.#ended.length;
  }

  /** An account that is another one: nothing of the one before counts. */
  forget(): void {
    this.#open.clear();
    this.#ended = [];
    this.#streakFrom = 0;
  }

  addExecution({ execId, symbol, side, quantity, price }: ExecutionBooked): void {
    const { stem } = splitExecId(execId);
    if (this.#byExecution.has(stem)) return;
    const trip = this.#open.get(symbol) ?? { open: ZERO, net: ZERO };
    const signed = side === "BUY" ? quantity : -quantity;
    trip.open += signed;
    trip.net -= multiply(signed, price) + (this.#commissions.get(stem) ?? ZERO);
    this.#byExecution.set(stem, trip);
    if (trip.open !== ZERO) {
      this.#open.set(symbol, trip);
      return;
    }
    this.#open.delete(symbol);
    this.#ended.push(trip);
  }

  addCommission({ execId, amount }: CommissionBooked): void {
    const { stem } = splitExecId(execId);
    const trip = this.#byExecution.get(stem);
    if (trip !== undefined) trip.net -= amount - (this.#commissions.get(stem) ?? ZERO);
    this.#commissions.set(stem, amount);
  }
}
