import { type Broker, type BrokerEvent, NotReadyError } from "../broker/broker.ts";
import { type Clock, sleep } from "../clock.ts";
import type { Reconciled } from "../ledger/entry.ts";
import { chooseAccount } from "./account.ts";
import type { OrderDesk } from "./desk.ts";
import { isBrokerSilence } from "./failures.ts";
import type { Journal } from "./journal.ts";
import { connectPatiently, waitBefore } from "./link.ts";
import type { BrokerWord } from "./reconcile.ts";
import { recover, TRIES } from "./recovery.ts";

/** The books and the broker differ; nobody may trade on that. */
export class DifferenceError extends Error {
  override readonly name = "DifferenceError";
}

/** Makes a connection whose order ids lie above `orderIdFloor`. */
export type Connect = (signal: AbortSignal, orderIdFloor: number) => Promise<Broker>;

interface ConnectionOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Trying again ends here, epoch ms. */
  readonly untilMs: number;
  readonly mode: "paper" | "live";
  /** Null takes the login's only account. */
  readonly account: string | null;
  readonly journal: Journal;
  readonly desk: OrderDesk;
  readonly listener: (event: BrokerEvent) => void;
}

/** The session's one connection: opened, opened again when it broke, and asked for the broker's word. */
export class Connection {
  readonly #options: ConnectionOptions;
  #broker: Broker | null = null;
  #account = "";

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** @throws {NotReadyError} before it was ever open */
  get broker(): Broker {
    if (this.#broker === null) throw new NotReadyError("link", "Cannot ask TWS: not connected");
    return this.#broker;
  }

  /** The account that is traded; empty before the connection was ever open. */
  get account(): string {
    return this.#account;
  }

  /** @throws {SetupError} when the login's accounts do not fit */
  async open(): Promise<Broker> {
    const { connect, clock, stop, untilMs, journal, desk, listener, mode, account } = this.#options;
    const broker = await connectPatiently({
      connect: (signal) => connect(signal, journal.intents.highestOrderId),
      clock,
      signal: stop,
      untilMs,
      onFailure: (text, waitMs) =>
        journal.incident({ code: "connect-failed", text: `${text}; again in ${waitMs} ms` }),
    });
    this.#broker = broker;
    this.#account = chooseAccount({ account, mode }, broker.ready.accounts);
    desk.broker = broker;
    broker.listen(listener);
    const { serverVersion, nextOrderId } = broker.ready;
    const detail = `server version ${serverVersion}, next order id ${nextOrderId}`;
    journal.write({ kind: "connection-changed", state: "ready", detail });
    return broker;
  }

  /**
   * The link broke: come back with the same client id and compare. One that breaks again meanwhile is taken up
   * again, until the day is over.
   *
   * @throws {DifferenceError} when a position is not what the ledger says
   * @throws the last silence of the broker, when the day is over
   */
  async reopen(onComparing: (because: string) => void): Promise<void> {
    const { journal, desk, clock, stop, untilMs } = this.#options;
    for (let attempt = 1;; attempt++) {
      desk.broker = null;
      const broker = await this.open();
      onComparing("after a lost link");
      try {
        const { reconciled } = await this.recover("reconnect");
        journal.write(reconciled);
        if (reconciled.differences.some(({ what }) => what === "position")) {
          throw new DifferenceError("The ledger and the broker differ after the link was lost");
        }
        return;
      } catch (error) {
        if (!isBrokerSilence(error)) throw error;
        await broker.close();
        const waitMs = waitBefore(attempt);
        if (clock.now() + waitMs >= untilMs) throw error;
        const text = `${error.message}; connecting again in ${waitMs} ms`;
        journal.incident({ code: "broker-silent", text });
        await sleep(clock, waitMs, stop);
      }
    }
  }

  /** Brings the ledger up to what the broker knows, and compares. `tries` is how often a silence is asked again. */
  recover(
    at: Reconciled["at"],
    tries = TRIES,
  ): Promise<{ readonly word: BrokerWord; readonly reconciled: Reconciled }> {
    const { journal, clock, stop } = this.#options;
    return recover(this.broker, {
      journal,
      clock,
      account: this.#account,
      at,
      signal: stop,
      tries,
    });
  }

  async close(): Promise<void> {
    await this.#broker?.close();
  }
}
