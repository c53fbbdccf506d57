import { encodeServerGreeting, GreetingReader } from "../../lib/wire/greeting.ts";
import { FrameReader, payloadFields } from "../../lib/wire/frame.ts";
import { encodeReply, type Reply } from "../../lib/wire/replies.ts";
import { decodeRequest, type Request } from "../../lib/wire/requests.ts";

/** A server on a loopback port, for as long as a test runs. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Connections accepted so far, oldest first, with all they sent and how they ended. */
  readonly guests: readonly Guest[];
}

export interface Guest {
  readonly received: Uint8Array;
  /** How it left. */
  readonly left: Promise<"fin" | "rst">;
}

type Serve = (connection: Deno.TcpConn, received: Uint8Array) => Promise<void> | void;

/** Accepts and hands each piece that arrives to `serve`; an empty piece says that the connection is new. */
export function listen(serve: Serve, hostname = "127.0.0.1"): Server {
  const listener = Deno.listen({ hostname, port: 0 });
  const guests: { received: Uint8Array; readonly left: Promise<"fin" | "rst"> }[] = [];
  const connections = new Set<Deno.TcpConn>();
  const work = accept();

  async function accept(): Promise<void> {
    const served: Promise<void>[] = [];
    for await (const connection of listener) served.push(attend(connection));
    await Promise.all(served);
  }

  async function attend(connection: Deno.TcpConn): Promise<void> {
    connections.add(connection);
    const { promise: left, resolve: leave } = Promise.withResolvers<"fin" | "rst">();
    const guest = { received: new Uint8Array(0), left };
    guests.push(guest);
    try {
      await serve(connection, new Uint8Array(0));
      for await (const piece of connection.readable) {
        guest.received = new Uint8Array([...guest.received, ...piece]);
        await serve(connection, piece);
      }
      leave("fin");
    } catch (error) {
      if (!isOver(error)) throw error;
      leave("rst");
    } finally {
      connections.delete(connection);
      closeQuietly(connection);
    }
  }

  return {
    port: (listener.addr as Deno.NetAddr).port,
    guests,
    async [Symbol.asyncDispose](): Promise<void> {
      listener.close();
      for (const connection of connections) closeQuietly(connection);
      await work;
    },
  };
}

/** The guest went away, or we closed on it. */
function isOver(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted;
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** A listener that never accepts: what the kernel does is all that happens. */
export function deafListener(): { readonly port: number } & Disposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return {
    port: (listener.addr as Deno.NetAddr).port,
    [Symbol.dispose]: () => listener.close(),
  };
}

export interface MiniOptions {
  readonly serverVersion?: number;
  readonly accounts?: string;
  /** What is said to a request; null says nothing. Undefined falls back to a healthy answer. */
  readonly reply?: (request: Request) => readonly Reply[] | null | undefined;
  readonly closeAfter?: Request["type"];
}

/** The smallest Gateway that a probe calls ready: every answer of it can be replaced. */
export function miniGateway(options: MiniOptions = {}): Server {
  const version = options.serverVersion ?? 178;
  const states = new WeakMap<
    Deno.TcpConn,
    { greeting: GreetingReader | null; frames: FrameReader }
  >();
  return listen(async (connection, piece) => {
    const state = states.get(connection) ??
      { greeting: new GreetingReader(), frames: new FrameReader() };
    states.set(connection, state);
    let rest = piece;
    if (state.greeting !== null) {
      const outcome = state.greeting.push(piece);
      if (outcome === null || outcome.kind !== "greeting") return;
      state.greeting = null;
      rest = outcome.rest;
      const greeting = { serverVersion: version, connectionTime: "20261120 09:30:00 EST" };
      await connection.write(encodeServerGreeting(greeting));
    }
    for (const payload of state.frames.push(rest)) {
      const request = decodeRequest(payloadFields(payload), version);
      const custom = options.reply?.(request);
      const replies = custom === undefined ? healthy(request, options) : custom ?? [];
      for (const reply of replies) await connection.write(encodeReply(reply, version));
      if (options.closeAfter === request.type) return connection.close();
    }
  });
}

export function notice(code: number, text: string, id = -1): Reply {
  return { type: "error", id, code, text, advancedOrderRejectJson: "", timeMs: 0 };
}

function healthy(request: Request, { accounts = "DU1234567" }: MiniOptions): readonly Reply[] {
  switch (request.type) {
    case "startApi":
      return [
        { type: "managedAccounts", accounts },
        { type: "nextValidId", orderId: 42 },
        notice(2104, "Market data farm connection is OK:usfarm"),
      ];
    case "reqIds":
      return [{ type: "nextValidId", orderId: 42 }];
    case "reqCurrentTime":
      return [{ type: "currentTime", time: Math.floor(Date.now() / 1000) }];
    case "reqPositions":
      return [{ type: "positionEnd" }];
    case "reqAllOpenOrders":
      return [{ type: "openOrderEnd" }];
    case "reqCompletedOrders":
      return [{ type: "completedOrdersEnd" }];
    case "reqExecutions":
      return [{ type: "execDetailsEnd", reqId: request.reqId }];
    case "reqAccountSummary":
      return [{ type: "accountSummaryEnd", reqId: request.reqId }];
    case "reqMktData":
      return [
        { type: "marketDataType", reqId: request.reqId, marketDataType: 1 },
        {
          type: "tickPrice",
          reqId: request.reqId,
          tickType: 4,
          price: 189.5,
          size: 0n,
          attribMask: 0,
        },
      ];
    case "reqHistoricalData":
      return [{ type: "historicalData", reqId: request.reqId, start: "", end: "", bars: [BAR] }];
    default:
      return [];
  }
}

const BAR = {
  date: "20261119",
  open: 188,
  high: 190,
  low: 187,
  close: 189,
  volume: 1_000_000n,
  wap: 189,
  count: 10,
};
