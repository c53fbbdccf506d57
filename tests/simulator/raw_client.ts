import { connect, type Socket } from "node:net";
import { VirtualClock } from "../../lib/clock.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { Gateway, GatewayOptions } from "../../lib/simulator/options.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import {
  EMPTY_CONTRACT,
  EMPTY_ORDER_CONTRACT,
  type WireContract,
} from "../../lib/wire/contract.ts";
import { FrameReader, payloadFields } from "../../lib/wire/frame.ts";
import { encodeClientGreeting } from "../../lib/wire/greeting.ts";
import { UNSET_ORDER } from "../../lib/wire/order_defaults.ts";
import type { WireOrder } from "../../lib/wire/order.ts";
import { decodeReply, type Reply } from "../../lib/wire/replies.ts";
import type { ErrorReply } from "../../lib/wire/replies_session.ts";
import { encodeRequest, type Request } from "../../lib/wire/requests.ts";

/** A client that knows nothing but the wire: it sends requests and keeps every reply with its time. */

export interface Received {
  readonly at: number;
  readonly reply: Reply;
  readonly fields: readonly string[];
}

export interface ClientOptions {
  readonly clientId?: number;
  readonly minVersion?: number;
  readonly maxVersion?: number;
  /** False: greets and does not send startApi. */
  readonly start?: boolean;
  readonly connectOptions?: string;
}

export class RawClient {
  readonly received: Received[] = [];
  serverVersion = 0;
  connectionTime = "";
  isClosed = false;
  readonly #socket: Socket;
  readonly #traffic: Traffic;
  readonly #clock: VirtualClock;
  readonly #reader = new FrameReader();
  #port = 0;
  #waiters: (() => void)[] = [];

  constructor(socket: Socket, { traffic, clock }: { traffic: Traffic; clock: VirtualClock }) {
    this.#socket = socket;
    this.#traffic = traffic;
    this.#clock = clock;
    socket.on("error", () => {});
    socket.on("data", (bytes: Uint8Array) => {
      for (const payload of this.#reader.push(bytes)) this.#read(payloadFields(payload));
      if (!this.isClosed) traffic.processed(this.#port, "client", bytes.length);
      this.#wake();
    });
    socket.on("close", () => this.#over());
  }

  /** Resolves when connected and, unless told otherwise, greeted and started. */
  async begin(options: ClientOptions = {}): Promise<this> {
    const { clientId = 1, minVersion = 100, maxVersion = 178, start = true, connectOptions = "" } =
      options;
    await new Promise<void>((resolve, reject) => {
      this.#socket.once("error", (error: Error) => {
        this.#traffic.dialled();
        reject(error);
      });
      this.#socket.once("connect", () => {
        this.#port = this.#socket.localPort ?? 0;
        this.#traffic.opened(this.#port, "client");
        this.#traffic.dialled();
        resolve();
      });
    });
    this.write(encodeClientGreeting({ minVersion, maxVersion, connectOptions }));
    if (!start) return this;
    await this.until(() => this.serverVersion > 0 || this.isClosed);
    if (!this.isClosed) this.send({ type: "startApi", clientId, optionalCapabilities: "" });
    return this;
  }

  write(bytes: Uint8Array): void {
    if (this.isClosed) throw new Error("Cannot write: the connection is closed");
    this.#traffic.wrote(this.#port, "client", bytes.length);
    this.#socket.write(bytes);
  }

  send(request: Request): void {
    this.write(encodeRequest(request, this.serverVersion));
  }

  /** Waits, in virtual time, until it holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Waits for the n-th reply of a type and returns it. */
  async reply<T extends Reply["type"]>(type: T, count = 1): Promise<Extract<Reply, { type: T }>> {
    await this.until(() => this.of(type).length >= count || this.isClosed);
    const found = this.of(type)[count - 1];
    if (found === undefined) throw new Error(`The connection closed without ${count} ${type}`);
    return found;
  }

  of<T extends Reply["type"]>(type: T): Extract<Reply, { type: T }>[] {
    const isIt = (reply: Reply): reply is Extract<Reply, { type: T }> => reply.type === type;
    return this.received.map(({ reply }) => reply).filter(isIt);
  }

  errors(id: number): Pick<ErrorReply, "code" | "text">[] {
    return this.of("error").filter((error) => error.id === id)
      .map(({ code, text }) => ({ code, text }));
  }

  /** Lets this much virtual time pass. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.at(this.#clock.now() + ms, resolve));
  }

  close(): void {
    this.#socket.destroy();
    this.#over();
  }

  #read(fields: string[]): void {
    if (this.serverVersion === 0) {
      this.serverVersion = Number(fields[0]);
      this.connectionTime = fields[1] ?? "";
      return;
    }
    const reply = decodeReply(fields, this.serverVersion);
    this.received.push({ at: this.#clock.now(), reply, fields });
  }

  #over(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#traffic.closed(this.#port, "client");
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

export interface World {
  readonly gateway: Gateway;
  readonly clock: VirtualClock;
  connect(options?: ClientOptions): Promise<RawClient>;
}

/** 2026-11-20 at the exchange: an ordinary Friday. */
export const DATE = "2026-11-20";

/** Epoch ms of a New York wall-clock time on that date. */
export function at(time: string, date = DATE): number {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime("America/New_York")
    .epochMilliseconds;
}

/** Runs a test against a Gateway in virtual time, from `from` on, on a grid of 5 seconds. */
export async function withGateway(
  options: Partial<GatewayOptions> & { readonly from: string },
  test: (world: World) => Promise<void>,
): Promise<void> {
  const { from, date = DATE, ...rest } = options;
  const clock = new VirtualClock(at(from, date));
  const traffic = new Traffic();
  const gateway = await startGateway({
    clock,
    traffic,
    port: 0,
    seed: 1,
    date,
    stepMs: 5000,
    ...rest,
  });
  const clients: RawClient[] = [];
  const connectClient = (clientOptions?: ClientOptions): Promise<RawClient> => {
    traffic.dialling();
    const socket = connect({ host: "127.0.0.1", port: gateway.port, noDelay: true });
    const client = new RawClient(socket, { traffic, clock });
    clients.push(client);
    return client.begin(clientOptions);
  };
  try {
    await driveVirtualTime(test({ gateway, clock, connect: connectClient }), { clock, traffic });
  } finally {
    for (const client of clients) client.close();
    await gateway.close();
  }
}

export function stock(symbol: string): WireContract {
  return { ...EMPTY_CONTRACT, symbol, secType: "STK", exchange: "SMART", currency: "USD" };
}

export function order(values: Partial<WireOrder>): WireOrder {
  return { ...UNSET_ORDER, tif: "DAY", ...values };
}

export function placing(orderId: number, symbol: string, values: Partial<WireOrder>): Request {
  return {
    type: "placeOrder",
    orderId,
    contract: { ...EMPTY_ORDER_CONTRACT, ...stock(symbol) },
    order: order(values),
  };
}

export function cancelling(orderId: number): Request {
  return {
    type: "cancelOrder",
    orderId,
    manualOrderCancelTime: "",
    extOperator: "",
    externalUserId: "",
    manualOrderIndicator: null,
  };
}

export function quoting(reqId: number, symbol: string): Request {
  return {
    type: "reqMktData",
    reqId,
    contract: stock(symbol),
    comboLegs: [],
    deltaNeutralContract: null,
    genericTickList: "",
    snapshot: false,
    regulatorySnapshot: false,
    mktDataOptions: [],
  };
}
