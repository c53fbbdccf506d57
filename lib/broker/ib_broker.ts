import type { Bar, Instrument } from "../market/market.ts";
import type { Change, Order } from "../orders/order.ts";
import {
  accountQuestion,
  type ExecutionsAnswer,
  executionsQuestion,
  instrumentQuestion,
  previewQuestion,
} from "./asks.ts";
import {
  type AccountValues,
  type Broker,
  type BrokerEvent,
  type BrokerOrder,
  type BrokerPosition,
  type ConnectionState,
  type HistoryRequest,
  type MarginPreview,
  NotReadyError,
  type Placed,
  type PreviewRequest,
  type Ready,
} from "./broker.ts";
import type { Codec } from "./codec.ts";
import { DATA_LOST, meaningOf, UNREADABLE, VALIDATION } from "./codes.ts";
import { EventOutlet } from "./events.ts";
import { RequestRefusedError } from "./failures.ts";
import { Feed } from "./feed.ts";
import type { Handshaken } from "./handshake.ts";
import { Heartbeat } from "./heartbeat.ts";
import { History } from "./history.ts";
import type { Link, LinkClosed } from "./link.ts";
import { FRAME, type Message, REQUEST_ID_MIN } from "./message.ts";
import { OrderDesk } from "./order_desk.ts";
import type { IbOptions } from "./options.ts";
import { MESSAGES_PER_SECOND_DEFAULT, Pacer } from "./pacer.ts";
import { Questions } from "./questions.ts";
import { UnnumberedLists } from "./unnumbered.ts";

/** One connection to TWS that is or was ready: what came is taken apart here and handed to whom it concerns. */

const HEARTBEAT_MS = 15_000;
/** Unreadable frames of one type are told one by one up to here, then only the 100th, the 1000th … */
const UNREADABLE_TOLD = 10;
const SYSTEM = -1;

export class IbBroker implements Broker {
  readonly ready: Ready;
  readonly #link: Link;
  readonly #codec: Codec;
  readonly #pacer: Pacer;
  readonly #questions: Questions;
  readonly #lists: UnnumberedLists;
  readonly #history: History;
  readonly #feed: Feed;
  readonly #desk: OrderDesk;
  readonly #heartbeat: Heartbeat;
  readonly #outlet = new EventOutlet();
  // frame type → how many of it could not be read
  readonly #unreadable = new Map<number, number>();
  #state: ConnectionState = "ready";
  #closedBecause = "";

  constructor(link: Link, { codec, ready, early }: Handshaken, options: IbOptions) {
    const { clock, clientId, answerTimeoutMs: timeoutMs } = options;
    const emit = (event: BrokerEvent): void => this.#outlet.emit(event);
    const { encode } = codec;
    this.ready = ready;
    this.#link = link;
    this.#codec = codec;
    const maxPerSecond = options.maxMessagesPerSecond ?? MESSAGES_PER_SECOND_DEFAULT;
    const pacer = new Pacer({ clock, maxPerSecond, write: (bytes) => link.write(bytes) });
    const questions = new Questions({ clock, pacer, timeoutMs });
    this.#pacer = pacer;
    this.#questions = questions;
    this.#lists = new UnnumberedLists({ clock, pacer, timeoutMs, encode });
    this.#history = new History({
      clock,
      questions,
      encode,
      paceMemory: options.paceMemory ?? null,
    });
    this.#feed = new Feed({
      clock,
      pacer,
      encode,
      marketDataType: options.marketDataType ?? 3,
      newRequestId: () => questions.newRequestId(),
      emit: (event) => emit({ type: "feed", event }),
    });
    this.#desk = new OrderDesk({
      clock,
      pacer,
      encode,
      ready,
      clientId,
      account: options.account,
      orderIdFloor: options.orderIdFloor ?? 0,
      emit,
    });
    if (options.onEvent !== undefined) this.#outlet.listen(options.onEvent);
    emit({ type: "connection", state: "ready", detail: `Server version ${ready.serverVersion}` });
    for (const message of early) this.#take(message);
    link.receive({
      frame: (payload) => this.#onFrame(payload),
      closed: (closed) => this.#onClosed(closed),
    });
    this.#heartbeat = new Heartbeat({
      clock,
      link,
      everyMs: options.heartbeatMs ?? HEARTBEAT_MS,
      ask: () => this.#lists.time.ask(),
    });
  }

  listen(listener: (event: BrokerEvent) => void): void {
    this.#outlet.listen(listener);
  }

  place(order: Order): Placed {
    this.#requireUpstream("place the order");
    this.#requireLink("place the order");
    return this.#desk.place(order);
  }

  change(change: Change): void {
    const purpose = `change order ${change.orderId}`;
    this.#requireUpstream(purpose);
    this.#requireLink(purpose);
    this.#desk.change(change);
  }

  cancel(orderId: number): void {
    this.#requireLink(`cancel order ${orderId}`);
    this.#desk.cancel(orderId);
  }

  openOrders(): Promise<readonly BrokerOrder[]> {
    return this.#lists.openOrders.ask();
  }

  completedOrders(): Promise<readonly BrokerOrder[]> {
    return this.#lists.completedOrders.ask();
  }

  executions(): Promise<ExecutionsAnswer> {
    return this.#questions.ask(executionsQuestion(this.#codec.encode));
  }

  async positions(): Promise<readonly BrokerPosition[]> {
    const rows = await this.#lists.positions.ask();
    // TWS lists what was held earlier in the day, with quantity 0.
    return rows.filter(({ quantity }) => quantity !== 0n);
  }

  async accountValues(account: string): Promise<AccountValues> {
    const answer = await this.#questions.ask(accountQuestion(this.#codec.encode, account));
    if (answer.values.size > 0) return answer;
    throw new RangeError(`TWS says nothing of account "${account}": check the configured account`);
  }

  async instrument(symbol: string): Promise<Instrument | null> {
    const found = await this.#questions.ask(instrumentQuestion(this.#codec.encode, symbol));
    const [instrument, ...others] = found;
    if (instrument === undefined) return null;
    if (others.length > 0) {
      const names = found.map((each) => `${each.conId} at ${each.primaryExchange}`).join(", ");
      throw new RangeError(`Symbol "${symbol}" is ambiguous: ${names}`);
    }
    this.#desk.know(instrument);
    return instrument;
  }

  preview(request: PreviewRequest): Promise<MarginPreview> {
    this.#requireUpstream("preview an order");
    const { orderId, bytes } = this.#desk.whatIf(request);
    return this.#questions.ask(previewQuestion(orderId, bytes));
  }

  history(request: HistoryRequest): Promise<readonly Bar[]> {
    return this.#history.ask(request);
  }

  subscribe(instruments: readonly Instrument[]): void {
    this.#requireLink("subscribe");
    for (const instrument of instruments) this.#desk.know(instrument);
    this.#feed.subscribe(instruments);
  }

  async currentTime(): Promise<number> {
    const [timeMs] = await this.#lists.time.ask();
    if (timeMs === undefined) throw new RangeError("TWS answered without a time");
    return timeMs;
  }

  async close(): Promise<void> {
    this.#shutDown("closed by us");
    await this.#link.close();
  }

  #requireUpstream(purpose: string): void {
    if (this.#state !== "upstream-lost") return;
    throw new NotReadyError(
      "upstream",
      `Cannot ${purpose}: TWS has no link to IB (1100); it would be lost or held. Wait for 1101 or 1102`,
    );
  }

  #requireLink(purpose: string): void {
    if (this.#closedBecause === "") return;
    throw new NotReadyError(
      "tcp",
      `Cannot ${purpose}: ${this.#closedBecause}. Connect again and reconcile first`,
    );
  }

  #onFrame(payload: Uint8Array): void {
    const messages = this.#codec.decode(payload);
    this.#feed.take(messages);
    for (const message of messages) this.#take(message);
    if (this.#outlet.abandoned) {
      this.#link.reset({ cause: "ours", detail: "Nobody listens to this connection" });
    }
  }

  #take(message: Message): void {
    switch (message.type) {
      case "tick":
      case "market-data-type":
      case "real-time-bar":
      case "managed-accounts":
        return;
      case "error":
        return this.#takeError(message.id, message.code, message.text);
      case "unreadable":
        return this.#takeUnreadable(message.msgId, message.detail);
      case "history-bar":
      case "history-end":
      case "account-value":
      case "account-value-end":
      case "contract":
      case "contract-end":
      case "execution-end":
        return void this.#questions.take(message.reqId, message);
      case "margin-preview":
        return void this.#questions.take(message.orderId, message);
      case "commission":
        this.#questions.tell(FRAME.execution, message);
        return this.#outlet.emit(message);
      default:
        this.#desk.take(message);
        return this.#takeOrderNews(message);
    }
  }

  #takeOrderNews(message: Message): void {
    const { positions } = this.#lists;
    const asked = message.type === "position" && positions.collecting;
    this.#lists.take(message);
    switch (message.type) {
      case "order-status": {
        const { clientId: _, ...event } = message;
        return this.#outlet.emit(event);
      }
      case "open-order":
        return this.#outlet.emit(message);
      case "position":
        return asked ? undefined : this.#outlet.emit(message);
      case "execution":
        if (message.reqId >= REQUEST_ID_MIN) {
          return void this.#questions.take(message.reqId, message);
        }
        return this.#outlet.emit({ type: "execution", execution: message.execution });
    }
  }

  /** By the range of the id: the system, an order, or a request. A late error of a dead request is dropped. */
  #takeError(id: number, code: number, text: string): void {
    if (id >= 0 && id < REQUEST_ID_MIN) {
      if (this.#questions.refuse(id, code, text)) return;
      return this.#outlet.emit({ type: "order-message", orderId: id, code, text });
    }
    if (id === SYSTEM || !this.#questions.isIssued(id)) return this.#takeNotice(code, text);
    const symbol = this.#feed.symbolOf(id);
    if (symbol !== undefined) {
      return this.#outlet.emit({ type: "notice", code, text: `${symbol}: ${text}` });
    }
    const asked = this.#questions.refuse(id, code, text);
    if (asked && meaningOf(code).severity !== "error") {
      this.#outlet.emit({ type: "notice", code, text });
    }
  }

  #takeNotice(code: number, text: string): void {
    this.#outlet.emit({ type: "notice", code, text });
    const { state } = meaningOf(code);
    if (state !== null) this.#setState(state, text);
    if (code === DATA_LOST) this.#feed.renew();
    if (code === VALIDATION) {
      this.#lists.refuse(new RequestRefusedError(code, text, "a request without an id"));
    }
  }

  #takeUnreadable(msgId: number, detail: string): void {
    const count = (this.#unreadable.get(msgId) ?? 0) + 1;
    this.#unreadable.set(msgId, count);
    const text = `Message ${count} of type ${msgId} cannot be read: ${detail}`;
    if (count <= UNREADABLE_TOLD || Number.isInteger(Math.log10(count))) {
      this.#outlet.emit({ type: "notice", code: UNREADABLE, text });
    }
    this.#questions.spoil(msgId, text);
    this.#lists.spoil(msgId, text);
  }

  #setState(state: ConnectionState, detail: string): void {
    if (this.#state === state || this.#state === "closed") return;
    this.#state = state;
    this.#outlet.emit({ type: "connection", state, detail });
  }

  #onClosed({ detail }: LinkClosed): void {
    this.#shutDown(detail);
    this.#setState("closed", detail);
  }

  /** Ends all that waits. Runs once; the connection event follows when the link is gone. */
  #shutDown(because: string): void {
    if (this.#closedBecause !== "") return;
    this.#closedBecause = `the connection is closed (${because})`;
    this.#heartbeat.stop();
    this.#pacer.stop(this.#closedBecause);
    this.#questions.abandon(this.#closedBecause);
    this.#lists.abandon(this.#closedBecause);
    this.#history.abandon(this.#closedBecause);
  }
}
