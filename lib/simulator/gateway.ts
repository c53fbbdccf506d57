import { createServer, type Server, type Socket } from "node:net";
import { type Cancel, WallClock } from "../clock.ts";
import { SERVER_VERSION_DEFAULT } from "../wire/versions.ts";
import { Account } from "./account.ts";
import type { Client } from "./client.ts";
import { Connection } from "./connection.ts";
import { DeafListener } from "./deaf.ts";
import { Exchange } from "./exchange.ts";
import { FaultDesk } from "./fault_desk.ts";
import { Faults } from "./faults.ts";
import type { JournalEntry } from "./journal.ts";
import { Market } from "./market.ts";
import { DEFAULT_ACCOUNTS, type Gateway, type GatewayOptions } from "./options.ts";
import { Pulse } from "./pulse.ts";
import { Reporter } from "./reporter.ts";
import { Sessions } from "./sessions.ts";
import { addDays } from "./trading_days.ts";
import { truthOf } from "./truth.ts";
import { Turns } from "./turns.ts";

/** Days before the Gateway's date that have the fine grid, weekends included. */
const FINE_HISTORY_DAYS = 14;

/**
 * Starts a simulated Gateway and resolves once it listens.
 *
 * @throws the socket's own error when the port cannot be had (`code` EADDRINUSE), RangeError for an unknown fault
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const running = new RunningGateway(options);
  await running.listen();
  return running;
}

class RunningGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #server: Server;
  /** In the server's place under the faults that need one. */
  #deaf: DeafListener | null = null;
  readonly #connections = new Set<Connection>();
  readonly #timers = new Set<Cancel>();
  readonly #accounts: ReadonlyMap<string, Account>; // account id → Account
  readonly #clients = new Map<number, Client>(); // client id → Client
  readonly #turns: Turns;
  readonly #pulse: Pulse;
  readonly #exchange: Exchange;
  readonly #faults: FaultDesk;
  readonly #sessions: Sessions;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { clock, seed, stepMs, date } = options;
    const faults = new Faults(options.faults);
    const fineFrom = addDays(date, -FINE_HISTORY_DAYS);
    const market = new Market({ seed, fineFrom, ...(stepMs === undefined ? {} : { stepMs }) });
    const accounts = (options.accounts ?? DEFAULT_ACCOUNTS)
      .map(({ id, cash }) => [id, new Account(id, cash)] as const);
    this.#accounts = new Map(accounts);
    this.#turns = new Turns({
      before: () => this.#pulse.catchUp(),
      after: () => this.#connections.forEach((connection) => connection.flush()),
    });
    const now = (): number => this.#pulse.now();
    const later = (delayMs: number, callback: () => void): Cancel => this.#later(delayMs, callback);
    const journal = (entry: JournalEntry): void => options.journal?.({ at: now(), ...entry });
    const listener = new Reporter({
      clients: this.#clients,
      masterClientId: options.masterClientId,
      journal,
    });
    this.#pulse = new Pulse({
      clock,
      days: market.days,
      stepMs: market.stepMs,
      listener: {
        opened: (session) => {
          this.#exchange.open(session);
          this.#beat();
        },
        stepped: () => {
          this.#exchange.step();
          this.#beat();
        },
        closed: () => {
          this.#exchange.close();
          this.#beat();
        },
      },
    });
    this.#exchange = new Exchange({ seed, market, accounts: this.#accounts, listener, now, later });
    const laterOnWall = (delayMs: number, callback: () => void): void => {
      later(delayMs * (clock instanceof WallClock ? clock.speed : 1), callback);
    };
    this.#faults = new FaultDesk({ faults, laterOnWall });
    this.#sessions = new Sessions({
      desk: {
        market,
        exchange: this.#exchange,
        accounts: this.#accounts,
        clients: this.#clients,
        now,
        later,
      },
      clients: this.#clients,
      faults: this.#faults,
      serverVersionMax: options.serverVersionMax ?? SERVER_VERSION_DEFAULT,
      turn: this.#turns.run,
      laterOnWall,
      journal,
    });
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get port(): number {
    if (this.#deaf !== null) return this.#deaf.port;
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  listen(): Promise<void> {
    const { port, hostname = "127.0.0.1" } = this.#options;
    const deafness = this.#faults.deafness;
    if (deafness !== null) {
      this.#deaf = new DeafListener({ port, hostname }, deafness === "never-read");
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, hostname, () => {
        this.#server.off("error", reject);
        this.#pulse.start(() => this.#turns.run(() => {}));
        resolve();
      });
    });
  }

  truth(id?: string): ReturnType<Gateway["truth"]> {
    const account = id === undefined ? [...this.#accounts.values()][0] : this.#accounts.get(id);
    if (account === undefined) {
      throw new RangeError(`Cannot tell of account "${id}": it has no such`);
    }
    return truthOf(this.#exchange, account);
  }

  close(): Promise<void> {
    this.#deaf?.close();
    this.#pulse.stop();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const connection of [...this.#connections]) connection.close("The Gateway closes");
    if (this.#deaf !== null) return Promise.resolve();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const connection = new Connection(socket, {
      traffic: this.#options.traffic,
      limits: this.#faults.limits(),
      handler: {
        turn: this.#turns.run,
        greeted: (...args) => this.#sessions.greeted(...args),
        message: (...args) => this.#sessions.message(...args),
        closed: (closed, because) => {
          this.#connections.delete(closed);
          this.#sessions.closed(closed, because);
        },
      },
    });
    this.#connections.add(connection);
    this.#turns.run(() => this.#faults.accepted(connection, () => connection.listen()));
  }

  #beat(): void {
    for (const client of this.#clients.values()) client.beat();
  }

  #later(delayMs: number, callback: () => void): Cancel {
    const cancel = this.#options.clock.at(this.#pulse.now() + delayMs, () => {
      this.#timers.delete(cancel);
      this.#turns.run(callback);
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }
}
