import type { Socket } from "node:net";
import { type Cancel, WallClock } from "../clock.ts";
import { SERVER_VERSION_DEFAULT } from "../wire/versions.ts";
import { Account } from "./account.ts";
import { Agenda } from "./agenda.ts";
import type { Client } from "./client.ts";
import { Connection } from "./connection.ts";
import type { Desk } from "./desk.ts";
import { Exchange } from "./exchange.ts";
import { FaultDesk } from "./fault_desk.ts";
import { scheduleFaults } from "./fault_events.ts";
import { ReplyFaults } from "./fault_replies.ts";
import { RequestFaults } from "./fault_requests.ts";
import { Faults } from "./faults.ts";
import type { JournalEntry } from "./journal.ts";
import { Market } from "./market.ts";
import {
  DEFAULT_ACCOUNTS,
  type Gateway,
  type GatewayOptions,
  type GatewayStatistics,
  type ManualTrade,
} from "./options.ts";
import { PortServer } from "./port_server.ts";
import { Pulse, type Segment } from "./pulse.ts";
import { replay } from "./replay.ts";
import { Reporter } from "./reporter.ts";
import { Sessions } from "./sessions.ts";
import { addDays, exchangeDate, exchangeInstant } from "./trading_days.ts";
import { truthOf } from "./truth.ts";
import { Turns } from "./turns.ts";
import { listingOf } from "./universe.ts";

/** Days before the Gateway's date that have the fine grid, weekends included. */
const FINE_HISTORY_DAYS = 14;

/**
 * Starts a simulated Gateway and resolves once it listens.
 *
 * @throws the socket's own error when the port cannot be had (`code` EADDRINUSE), RangeError for an unknown fault
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const running = new RunningGateway(options);
  await running.start();
  return running;
}

class RunningGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #server: PortServer;
  readonly #connections = new Set<Connection>();
  readonly #accounts: ReadonlyMap<string, Account>; // account id → Account
  readonly #clients = new Map<number, Client>(); // client id → Client
  readonly #turns: Turns;
  readonly #agenda: Agenda;
  readonly #exchange: Exchange;
  readonly #desk: Desk;
  readonly #faults: Faults;
  readonly #faultDesk: FaultDesk;
  readonly #sessions: Sessions;
  /** True while it only does again what it did in an earlier life. */
  #isRemembering = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { clock, replay } = options;
    this.#agenda = new Agenda(clock, replay === undefined ? {} : { originMs: replay.originMs });
    this.#faults = new Faults(options.faults ?? [], {
      now: () => this.#agenda.now(),
      timeOfDay: (text, date = options.date) => exchangeInstant(date, text),
    });
    const market = marketOf(options, this.#faults);
    this.#accounts = new Map(
      (options.accounts ?? DEFAULT_ACCOUNTS).map(({ id, cash }) => [id, new Account(id, cash)]),
    );
    this.#turns = new Turns({
      before: () => this.#agenda.catchUp(),
      after: () => this.#connections.forEach((connection) => connection.flush()),
    });
    const requestFaults = new RequestFaults({ faults: this.#faults, ...this.#time() });
    const pulse = new Pulse({
      clock: this.#agenda,
      days: market.days,
      stepMs: market.stepMs,
      listener: {
        opened: (segment) => this.#beat(() => this.#exchange.open(segment)),
        stepped: () => this.#beat(() => this.#step()),
        closed: (segment) => this.#beat(() => this.#exchange.close(segment)),
      },
    });
    this.#exchange = this.#openExchange({ market, requestFaults, segment: pulse.segment });
    this.#faultDesk = new FaultDesk({ faults: this.#faults, laterOnWall: this.#laterOnWall });
    this.#desk = {
      market,
      exchange: this.#exchange,
      accounts: this.#accounts,
      clients: this.#clients,
      now: () => this.#agenda.now(),
      later: this.#later,
      isDataDelayed: () => this.#faults.has("not-subscribed"),
    };
    this.#sessions = new Sessions({
      desk: this.#desk,
      clients: this.#clients,
      faults: this.#faultDesk,
      requestFaults,
      replyFaults: new ReplyFaults({ faults: this.#faults, ...this.#time() }),
      serverVersionMax: options.serverVersionMax ?? SERVER_VERSION_DEFAULT,
      turn: this.#turns.run,
      laterOnWall: this.#laterOnWall,
      journal: this.#journal,
      onInput: (input) => options.onInput?.(input),
      journalsFrames: options.journal !== undefined,
    });
    this.#server = new PortServer({
      port: options.port,
      hostname: options.hostname ?? "127.0.0.1",
      traffic: options.traffic,
      deafness: this.#faultDesk.deafness,
      accept: (socket) => this.#accept(socket),
    });
  }

  get port(): number {
    return this.#server.port;
  }

  async start(): Promise<void> {
    await this.#server.listen();
    scheduleFaults({
      faults: this.#faults,
      exchange: this.#exchange,
      clients: this.#clients,
      ...this.#time(),
      // A restart of its past took its order ids with it, but nobody is connected to what is only remembered.
      goDown: () => {
        if (!this.#isRemembering) this.#goDown();
      },
      comeBack: () => {
        if (!this.#isRemembering) this.#server.reopen();
      },
      movePort: (port, moved) => this.#movePort(port, moved),
    });
    this.#isRemembering = true;
    replay(this.#desk, this.#agenda, this.#options.replay?.inputs ?? []);
    this.#turns.run(() => this.#agenda.advanceTo(this.#options.clock.now()));
    this.#isRemembering = false;
    this.#agenda.follow(() => this.#turns.run(() => {}));
  }

  statistics(): GatewayStatistics {
    return {
      now: this.#agenda.now(),
      behindMs: Math.max(0, this.#options.clock.now() - this.#agenda.now()),
      clients: this.#clients.size,
      messagesIn: this.#sessions.messagesIn,
      messagesOut: this.#sessions.messagesOut,
      orders: this.#exchange.book.count,
      executions: this.#exchange.executions.length,
    };
  }

  truth(id?: string): ReturnType<Gateway["truth"]> {
    const account = id === undefined ? [...this.#accounts.values()][0] : this.#accounts.get(id);
    if (account === undefined) throw new RangeError(`Cannot tell of account "${id}": unknown here`);
    return truthOf(this.#exchange, account);
  }

  tradeByHand(trade: ManualTrade): void {
    const { symbol, side, quantity } = trade;
    const listing = listingOf(symbol);
    if (listing === undefined) throw new RangeError(`Cannot trade "${symbol}": it is not listed`);
    this.#turns.run(() => {
      this.#options.onInput?.({ kind: "hand", at: this.#agenda.now(), trade });
      this.#exchange.placeByHand({ listing, side, shares: quantity });
    });
  }

  async close(): Promise<void> {
    this.#agenda.stop();
    await this.#goDown();
  }

  #movePort(port: number, moved: (port: number) => void): void {
    const { traffic } = this.#options;
    traffic?.dialling();
    const tell = (): void => {
      this.#turns.run(() => moved(this.#server.port));
      for (const connection of [...this.#connections]) connection.close("The port was reset");
    };
    this.#server.move(port, tell).finally(() => traffic?.dialled());
  }

  #goDown(): Promise<void> {
    const closed = this.#server.close();
    for (const connection of [...this.#connections]) connection.close("The Gateway goes down");
    return closed;
  }

  #openExchange(
    { market, requestFaults, segment }: {
      readonly market: Market;
      readonly requestFaults: RequestFaults;
      readonly segment: Segment | null;
    },
  ): Exchange {
    const { seed, masterClientId, commissions = "fixed" } = this.#options;
    return new Exchange({
      seed,
      segment,
      commissions,
      market,
      accounts: this.#accounts,
      listener: new Reporter({ clients: this.#clients, masterClientId, journal: this.#journal }),
      ...this.#time(),
      rejection: () => requestFaults.rejection(),
      hasTifPreset: () => this.#faults.has("tif-preset"),
      cancelMs: () =>
        this.#faults.has("slow-cancel") ? this.#faults.number("slow-cancel", "ms") : null,
    });
  }

  #accept(socket: Socket): void {
    const connection = new Connection(socket, {
      traffic: this.#options.traffic,
      limits: this.#faultDesk.limits(),
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
    this.#journal({ kind: "connected", port: connection.port });
    this.#turns.run(() => this.#faultDesk.accepted(connection, () => connection.listen()));
  }

  #beat(work: () => void): void {
    work();
    for (const client of this.#clients.values()) client.beat();
  }

  /** What happens at the exchange while IB cannot be reached, TWS learns when it can again. */
  #step(): void {
    if (!this.#faults.has("connection-lost")) this.#exchange.step();
  }

  #time(): { now(): number; later: (delayMs: number, callback: () => void) => void } {
    return { now: () => this.#agenda.now(), later: this.#later };
  }

  readonly #journal = (entry: JournalEntry): void =>
    this.#options.journal?.({ at: this.#agenda.now(), ...entry });

  readonly #later = (delayMs: number, callback: () => void): Cancel =>
    this.#agenda.at(this.#agenda.now() + delayMs, callback);

  readonly #laterOnWall = (delayMs: number, callback: () => void): void => {
    const { clock } = this.#options;
    this.#later(delayMs * (clock instanceof WallClock ? clock.speed : 1), callback);
  };
}

function marketOf(options: GatewayOptions, faults: Faults): Market {
  const { seed, date, stepMs, recorded, replay: earlier } = options;
  // What it did in an earlier life it did on the fine grid, and must find the same prices there again.
  const began = earlier === undefined ? date : exchangeDate(earlier.originMs);
  return new Market({
    seed,
    fineFrom: addDays(began < date ? began : date, -FINE_HISTORY_DAYS),
    halts: faults.events("halt")
      .map(({ args, fromMs, toMs }) => ({ symbol: String(args["symbol"]), fromMs, toMs })),
    ...(stepMs === undefined ? {} : { stepMs }),
    ...(recorded === undefined ? {} : { recorded }),
  });
}
