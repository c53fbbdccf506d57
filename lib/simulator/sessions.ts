import { encodeReply, type Reply } from "../wire/replies.ts";
import { decodeRequest, type Request, RequestError } from "../wire/requests.ts";
import { payloadFields } from "../wire/frame.ts";
import { type ClientGreeting, negotiate } from "../wire/greeting.ts";
import { answerAccount } from "./account_requests.ts";
import { answerAccountMulti } from "./account_multi_requests.ts";
import { Client } from "./client.ts";
import type { Connection, ConnectionHandler } from "./connection.ts";
import { answerContracts } from "./contract_requests.ts";
import { answerDepth } from "./depth_requests.ts";
import type { Desk } from "./desk.ts";
import type { FaultDesk } from "./fault_desk.ts";
import type { ReplyFaults } from "./fault_replies.ts";
import type { RequestFaults } from "./fault_requests.ts";
import { answerHistory } from "./history_requests.ts";
import { answerHistoryTicks } from "./history_tick_requests.ts";
import type { JournalEntry } from "./journal.ts";
import { answerMarketData } from "./market_data_requests.ts";
import { answerOrders } from "./order_requests.ts";
import type { GatewayInput } from "./options.ts";
import { MessageRate } from "./pacing.ts";
import { answerPnl } from "./pnl_requests.ts";
import { changesTruth } from "./replay.ts";
import { answerScanner } from "./scanner_requests.ts";
import { answerSession, greet } from "./session_requests.ts";
import { answerTickByTick } from "./tick_requests.ts";
import { localTimeWithZone } from "./texts.ts";

/** From connections to clients: greeting, startApi, and every request after it. */

export interface SessionsOptions {
  readonly desk: Desk;
  readonly clients: Map<number, Client>; // client id → Client
  readonly faults: FaultDesk;
  readonly requestFaults: RequestFaults;
  readonly replyFaults: ReplyFaults;
  readonly serverVersionMax: number;
  turn(work: () => void): void;
  /** Calls back after that long on the wall, whatever the speed of the clock. */
  laterOnWall(delayMs: number, callback: () => void): void;
  journal(entry: JournalEntry): void;
  /** Told of requests that change the truth, before they do. */
  onInput(input: GatewayInput): void;
  /** Frames out are taken apart again for the journal, if there is one. */
  readonly journalsFrames: boolean;
}

interface Session {
  readonly serverVersion: number;
  /** Null until startApi. */
  client: Client | null;
  /** Null when the client leaves the pacing to TWS. */
  readonly rate: MessageRate | null;
  /** Refused; the connection is about to close, and nothing more is answered. */
  isOver: boolean;
}

/** TWS takes this many clients. What it tells the next one is not documented; here it is closed. */
const CLIENTS_MAX = 32;
/** Java's client loses an error that is followed by the close at once. */
const GOODBYE_MS = 100;

const ANSWERERS = [
  answerMarketData,
  answerOrders,
  answerAccount,
  answerAccountMulti,
  answerPnl,
  answerContracts,
  answerHistory,
  answerHistoryTicks,
  answerTickByTick,
  answerScanner,
  answerDepth,
  answerSession,
] as const;

export class Sessions implements ConnectionHandler {
  readonly #options: SessionsOptions;
  messagesIn = 0;
  messagesOut = 0;
  readonly #sessions = new Map<Connection, Session>(); // connection → what became of it after its greeting

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  turn(work: () => void): void {
    this.#options.turn(work);
  }

  greeted(connection: Connection, greeting: ClientGreeting): void {
    const { faults, serverVersionMax, desk } = this.#options;
    const serverVersion = negotiate(greeting, faults.serverVersionMax(serverVersionMax));
    if (serverVersion === null) return connection.close("The client wants a newer server");
    if (this.#options.clients.size >= CLIENTS_MAX) return connection.close("Too many clients");
    const rate = greeting.connectOptions.includes("+PACEAPI") ? null : new MessageRate();
    this.#sessions.set(connection, { serverVersion, client: null, rate, isOver: false });
    faults.beforeAnswer(connection, () => {
      connection.answerGreeting(serverVersion, localTimeWithZone(desk.now()));
    });
  }

  message(connection: Connection, fields: readonly string[]): void {
    const session = this.#sessions.get(connection);
    if (session === undefined || session.isOver) return;
    this.messagesIn++;
    this.#options.journal({ kind: "in", clientId: session.client?.id ?? null, fields });
    const request = this.#decode(connection, session, fields);
    if (request === null) return;
    if (session.client !== null) {
      this.#answer(connection, session.client, { request, fields });
      return this.#watchRate(connection, session, session.client);
    }
    // TWS ignores what comes before startApi.
    if (request.type === "startApi") this.#start(connection, session, request.clientId);
  }

  closed(connection: Connection, because: string): void {
    const client = this.#sessions.get(connection)?.client ?? null;
    this.#sessions.delete(connection);
    this.#options.journal({
      kind: "disconnected",
      port: connection.port,
      clientId: client?.id ?? null,
      because,
    });
    if (client === null) return;
    client.unsubscribeAll();
    this.#options.clients.delete(client.id);
  }

  /** Null when the message could not be read; TWS says so (320) and keeps the connection. */
  #decode(connection: Connection, session: Session, fields: readonly string[]): Request | null {
    try {
      return decodeRequest(fields, session.serverVersion);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#send(connection, session, {
        type: "error",
        id: error.id,
        code: error.code,
        text: error.message,
        advancedOrderRejectJson: "",
        timeMs: this.#options.desk.now(),
      });
      return null;
    }
  }

  #start(connection: Connection, session: Session, clientId: number): void {
    const { clients, faults, desk } = this.#options;
    const client = new Client({
      id: clientId,
      serverVersion: session.serverVersion,
      send: (reply) => this.#send(connection, session, reply),
    });
    if (clients.has(clientId) || faults.refusesClientId()) {
      if (faults.saysClientIdInUse()) client.sendError(-1, 326, CLIENT_ID_IN_USE);
      session.isOver = true;
      return this.#options.laterOnWall(
        GOODBYE_MS,
        () => connection.close("The client id is in use"),
      );
    }
    session.client = client;
    clients.set(clientId, client);
    faults.beforeStart(connection, client, () => greet(desk, client));
  }

  #answer(
    connection: Connection,
    client: Client,
    { request, fields }: { readonly request: Request; readonly fields: readonly string[] },
  ): void {
    const { desk, requestFaults, replyFaults } = this.#options;
    requestFaults.receive({ client, connection, request }, () => {
      if (changesTruth(client.id, request)) {
        const { id: clientId, serverVersion } = client;
        this.#options.onInput({ kind: "request", at: desk.now(), clientId, serverVersion, fields });
      }
      replyFaults.without(requestFaults.emptiedRows(request), () => {
        ANSWERERS.some((answer) => answer(desk, client, request));
      });
    });
  }

  #watchRate(connection: Connection, { rate }: Session, client: Client): void {
    const exceeded = rate?.count(this.#options.desk.now()) ?? null;
    if (exceeded === null) return;
    client.sendError(-1, 100, exceeded.text);
    if (rate?.isTooOften(exceeded.violation)) connection.close("Too many messages a second");
  }

  #send(connection: Connection, session: Session, reply: Reply): void {
    const { replyFaults } = this.#options;
    replyFaults.pass(reply, (shown) => {
      this.messagesOut++;
      const frame = encodeReply(shown, session.serverVersion);
      if (this.#options.journalsFrames) {
        const clientId = session.client?.id ?? null;
        const fields = payloadFields(frame.subarray(PREFIX_BYTES));
        this.#options.journal({ kind: "out", clientId, fields });
      }
      if (replyFaults.halves(shown)) {
        connection.send(frame.subarray(0, frame.length >> 1));
        return connection.close("A fault: half-frame");
      }
      if (replyFaults.overtakes(shown)) connection.sendAhead(frame);
      else connection.send(frame);
    });
  }
}

/** Of a frame: its length. */
const PREFIX_BYTES = 4;

const CLIENT_ID_IN_USE =
  "Unable connect as the client id is already in use. Retry with a unique client id.";
