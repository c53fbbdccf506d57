/// <reference lib="dom" />
import { type Cancel, type Clock, WallClock } from "../clock.ts";
import { withDifference } from "./diff.ts";
import type { ClientMessage, ServerMessage } from "./feed.ts";
import type { View } from "./view.ts";

/** A server that restarts is back within a second; one that is gone is asked ever more seldom. */
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;
const PING_EVERY_MS = 5_000;
/** Two pings without a word: the line is dead although nobody said so. */
const SILENCE_MAX_MS = 11_000;

/** What the page knows by its line to the server. */
export interface Known {
  /** The newest state; null before the first snapshot. */
  readonly view: View | null;
  /** Number of the newest message. */
  readonly seq: number;
  readonly connected: boolean;
  /** The server answers, but not to this browser: its cookie is too old or was ended. */
  readonly denied: boolean;
  /** By the server's clock: when it was last heard. */
  readonly heardAt: number | null;
  /** Runs with the server's clock, and on when the line is down. */
  readonly clock: Clock;
}

/** The page's one WebSocket: subscribes, follows, notices gaps and silence, comes back. */
export class Link {
  readonly #url: string;
  readonly #onChange: () => void;
  /** Timers run by this one; `clock` is replaced whenever the server says the time. */
  readonly #timer = new WallClock();
  #socket: WebSocket | null = null;
  #cancelRetry: Cancel = () => {};
  #attempts = 0;
  #known: Known = {
    view: null,
    seq: 0,
    connected: false,
    denied: false,
    heardAt: null,
    clock: new WallClock(),
  };

  constructor(url: string, onChange: () => void) {
    this.#url = url;
    this.#onChange = onChange;
  }

  get known(): Known {
    return this.#known;
  }

  start(): void {
    this.#connect();
    this.#watch();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#say({ type: "subscribe" });
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.#hear(JSON.parse(data));
    };
    socket.onclose = () => this.#lost(socket);
  }

  #say(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** The server is ours and of the same version as this page, so its messages are taken at their word. */
  #hear(message: ServerMessage): void {
    const { now } = message;
    const clock = new WallClock({ originMs: now });
    const heard = { connected: true, denied: false, heardAt: now, clock };
    this.#attempts = 0;
    switch (message.type) {
      case "pong":
        this.#known = { ...this.#known, ...heard };
        return;
      case "snapshot": {
        const { panels, streams, seq } = message;
        this.#known = { ...heard, view: { panels, streams }, seq };
        return this.#onChange();
      }
      case "delta": {
        const { view, seq } = this.#known;
        // A gap: what is shown stays until the snapshot that was asked for comes.
        if (view === null || message.seq !== seq + 1) return this.#say({ type: "subscribe" });
        this.#known = { ...heard, view: withDifference(view, message), seq: message.seq };
        return this.#onChange();
      }
    }
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#known = { ...this.#known, connected: false };
    this.#onChange();
    const waitMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(this.#attempts++, 10));
    void this.#askWhy();
    this.#cancelRetry();
    this.#cancelRetry = this.#timer.at(this.#timer.now() + waitMs, () => this.#connect());
  }

  /** A socket does not say why it was refused; the page itself does. */
  async #askWhy(): Promise<void> {
    const status = await fetch("/").then((response) => response.status, () => null);
    if (this.#known.connected) return;
    this.#known = { ...this.#known, denied: status === 401 };
    this.#onChange();
  }

  /** Every few seconds, as long as the page is open. */
  #watch(): void {
    this.#timer.at(this.#timer.now() + PING_EVERY_MS, () => {
      const { heardAt, clock, connected } = this.#known;
      const socket = this.#socket;
      if (connected && socket !== null && heardAt !== null) {
        if (clock.now() - heardAt > SILENCE_MAX_MS) {
          socket.close();
          this.#lost(socket);
        } else this.#say({ type: "ping" });
      }
      this.#watch();
    });
  }
}
