import type { Client } from "./client.ts";
import type { Connection, ConnectionLimits } from "./connection.ts";
import type { Faults } from "./faults.ts";

/** Faults on the way to a session: listening, accepting, greeting, starting. */

export interface FaultDeskOptions {
  readonly faults: Faults;
  /** These waits are what a person at the wall sees, whatever the speed of the clock. */
  laterOnWall(delayMs: number, callback: () => void): void;
}

export class FaultDesk {
  readonly #faults: Faults;
  readonly #later: FaultDeskOptions["laterOnWall"];

  constructor({ faults, laterOnWall }: FaultDeskOptions) {
    this.#faults = faults;
    this.#later = laterOnWall;
  }

  limits(): ConnectionLimits {
    const bytes = this.#faults.number("cut-at-byte", "bytes");
    const isCut = this.#faults.has("cut-at-byte");
    const direction = this.#faults.text("cut-at-byte", "direction");
    return {
      readMax: isCut && direction === "in" ? bytes : Infinity,
      writeMax: isCut && direction !== "in" ? bytes : Infinity,
      listens: !this.#faults.has("silent") && !this.#faults.has("close-later"),
    };
  }

  /** Null in health: connections are accepted and read. */
  get deafness(): "never-accept" | "never-read" | null {
    if (this.#faults.has("never-accept")) return "never-accept";
    return this.#faults.has("never-read") ? "never-read" : null;
  }

  /** A new connection; `listen` begins to read it. */
  accepted(connection: Connection, listen: () => void): void {
    if (this.#faults.has("close-at-once")) return connection.close("A fault: close-at-once");
    listen();
    if (!this.#faults.has("close-later")) return;
    this.#later(this.#faults.number("close-later", "ms"), () => {
      connection.close("A fault: close-later");
    });
  }

  serverVersionMax(healthy: number): number {
    return this.#faults.has("old-server") ? this.#faults.number("old-server", "version") : healthy;
  }

  beforeAnswer(connection: Connection, answer: () => void): void {
    if (!this.#faults.has("late-answer")) return answer();
    this.#later(this.#faults.number("late-answer", "ms"), () => {
      if (!connection.isClosed) answer();
    });
  }

  refusesClientId(): boolean {
    return this.#faults.has("client-id-in-use");
  }

  saysClientIdInUse(): boolean {
    return this.#faults.number("client-id-in-use", "message") !== 0;
  }

  /** After startApi; `greet` sends what a healthy Gateway says first. */
  beforeStart(connection: Connection, client: Client, greet: () => void): void {
    if (this.#faults.has("close-after-start")) {
      const delayMs = this.#faults.number("close-after-start", "ms");
      return this.#later(delayMs, () => connection.close("A fault: close-after-start"));
    }
    if (this.#faults.has("paper-disclaimer")) {
      const text = "Paper trading disclaimer must first be accepted for API connection.";
      return client.sendError(-1, 10141, text);
    }
    if (this.#faults.has("start-unanswered")) return;
    if (this.#faults.has("upstream-lost")) return this.#withoutUpstream(connection, client, greet);
    greet();
  }

  #withoutUpstream(connection: Connection, client: Client, greet: () => void): void {
    client.sendError(-1, 1100, LOST);
    const delayMs = this.#faults.number("upstream-lost", "ms");
    if (delayMs <= 0) return;
    const code = this.#faults.number("upstream-lost", "restored");
    this.#later(delayMs, () => {
      if (connection.isClosed) return;
      client.sendError(-1, code, restoredText(code));
      greet();
    });
  }
}

export const LOST = "Connectivity between IBKR and Trader Workstation has been lost.";

/** 1101: subscriptions are gone; 1102: they go on. */
export function restoredText(code: number): string {
  const data = code === 1101 ? "data lost" : "data maintained";
  return `Connectivity between IBKR and Trader Workstation has been restored - ${data}.`;
}
