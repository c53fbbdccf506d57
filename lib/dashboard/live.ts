import { Bucket } from "./bucket.ts";
import { CLIENT_MESSAGE_CHARS_MAX, parseClientMessage } from "./client_message.ts";
import { difference, needsSnapshot } from "./diff.ts";
import { LIVE_SCHEMA, type ServerMessage } from "./feed.ts";
import type { View } from "./view.ts";

/** What the hub needs of a WebSocket. */
export interface LiveSocket {
  /** Bytes that the other side has not taken yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Enough for every screen of a desk many times over; a page costs a few kilobytes here. */
export const READERS_MAX = 256;
/** Beyond this a reader is behind and gets nothing more until it has caught up. Some three snapshots of a full day. */
const BUFFERED_MAX = 512 * 1_024;
/** A reader that stays behind as long as this is not reading at all. */
const BEHIND_MAX_MS = 60_000;
/** A page subscribes once and pings every few seconds. */
const MESSAGES = { burst: 20, perSecond: 2 };
/** Readers that come at the same moment share one snapshot's text. */
const SNAPSHOT_REUSE_MS = 200;

/** RFC 6455, 7.4.1. */
const CLOSE = { unsupported: 1003, policy: 1008, tooLarge: 1009, tryLater: 1013 } as const;

class Reader {
  subscribed = false;
  /** Since when it has not kept up; null while it does. */
  behindSince: number | null = null;
  readonly socket: LiveSocket;
  readonly messages: Bucket;

  constructor(socket: LiveSocket, now: number) {
    this.socket = socket;
    this.messages = new Bucket(MESSAGES, now);
  }
}

/** Snapshot first, then what changes, to every reader; none of them can hold up another. */
export class LiveHub {
  readonly #readers = new Map<LiveSocket, Reader>();
  /** Dropped, but the other side has not closed: nothing can force it to, so it still takes up a place. */
  readonly #closing = new Set<LiveSocket>();
  #view: View;
  #seq = 1;
  #snapshot: { readonly seq: number; readonly now: number; readonly text: string } | null = null;

  constructor(view: View) {
    this.#view = view;
  }

  get view(): View {
    return this.#view;
  }

  get readers(): number {
    return this.#readers.size;
  }

  get isFull(): boolean {
    return this.#readers.size + this.#closing.size >= READERS_MAX;
  }

  add(socket: LiveSocket, now: number): void {
    this.#readers.set(socket, new Reader(socket, now));
  }

  /** Its connection is closed. */
  remove(socket: LiveSocket): void {
    this.#readers.delete(socket);
    this.#closing.delete(socket);
  }

  closeAll(): void {
    for (const socket of this.#readers.keys()) socket.close(1001, "the dashboard ends");
    this.#readers.clear();
  }

  /** Something a client said. Whoever says anything but subscribe and ping is dropped. */
  receive(socket: LiveSocket, data: unknown, now: number): void {
    const reader = this.#readers.get(socket);
    if (reader === undefined) return;
    if (typeof data !== "string") return this.#drop(socket, CLOSE.unsupported, "text only");
    if (data.length > CLIENT_MESSAGE_CHARS_MAX) {
      return this.#drop(socket, CLOSE.tooLarge, "message too long");
    }
    if (!reader.messages.take(now)) return this.#drop(socket, CLOSE.policy, "too many messages");
    const message = parseClientMessage(data);
    if (message === null) return this.#drop(socket, CLOSE.policy, "only subscribe and ping");
    if (message.type === "ping") return socket.send(text({ type: "pong", now }));
    reader.subscribed = true;
    reader.behindSince = null;
    socket.send(this.#snapshotText(now));
  }

  /** Tells every reader what changed. Call it also when nothing did: it takes up readers that were behind. */
  publish(view: View, now: number): void {
    const change = difference(this.#view, view);
    const fresh = needsSnapshot(this.#view, view);
    this.#view = view;
    if (change !== null || fresh) this.#seq++;
    const delta = change === null || fresh
      ? null
      : text({ type: "delta", seq: this.#seq, now, ...change });
    for (const [socket, reader] of this.#readers) {
      if (!reader.subscribed || !this.#keepsUp(reader, now)) continue;
      if (reader.behindSince !== null || fresh) {
        reader.behindSince = null;
        socket.send(this.#snapshotText(now));
      } else if (delta !== null) socket.send(delta);
    }
  }

  /** False for a reader that gets nothing now. */
  #keepsUp(reader: Reader, now: number): boolean {
    const { socket } = reader;
    if (reader.behindSince === null) {
      if (socket.bufferedAmount <= BUFFERED_MAX) return true;
      reader.behindSince = now;
      return false;
    }
    if (socket.bufferedAmount === 0) return true;
    if (now - reader.behindSince > BEHIND_MAX_MS) {
      this.#drop(socket, CLOSE.tryLater, "too slow");
    }
    return false;
  }

  #snapshotText(now: number): string {
    const known = this.#snapshot;
    if (known !== null && known.seq === this.#seq && now - known.now < SNAPSHOT_REUSE_MS) {
      return known.text;
    }
    const made = text({
      type: "snapshot",
      schema: LIVE_SCHEMA,
      seq: this.#seq,
      now,
      ...this.#view,
    });
    this.#snapshot = { seq: this.#seq, now, text: made };
    return made;
  }

  #drop(socket: LiveSocket, code: number, reason: string): void {
    this.#readers.delete(socket);
    this.#closing.add(socket);
    socket.close(code, reason);
  }
}

function text(message: ServerMessage): string {
  return JSON.stringify(message);
}
