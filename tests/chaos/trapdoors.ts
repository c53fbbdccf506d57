import { Socket } from "node:net";
import { DatabaseSync } from "node:sqlite";

/** Places to die at below the session's ports, where production code has no seam: the database and the socket. */

/**
 * Called before each COMMIT: the rows are inserted, and nothing of them is durable. What it answers is called once
 * they are, before the session hears of it.
 */
export function onCommit(reached: () => () => void): void {
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    if (sql !== "COMMIT") return exec.call(this, sql);
    const then = reached();
    exec.call(this, sql);
    then();
  };
}

const PREFIX_BYTES = 4;
/** Message id of placeOrder, and the end of its field. */
const PLACE_ORDER = [0x33, 0];

/** Every order of ours carries its intent's reference; a what-if, which is no order, carries none. */
const ORDER_REF = "RT-";

/** Called before each placeOrder frame with the bytes; it may hand over only a part of them, to die after that. */
export function onOrderFrame(reached: (bytes: Uint8Array) => OrderFrame): void {
  const { write } = Socket.prototype;
  Socket.prototype.write = new Proxy(write, {
    apply(_, socket: Socket, args: Parameters<typeof write>): boolean {
      const [bytes] = args;
      if (!(bytes instanceof Uint8Array) || !isPlaceOrder(bytes)) {
        return Reflect.apply(write, socket, args);
      }
      const { part, then } = reached(bytes);
      const flowing = Reflect.apply(write, socket, [part]);
      then();
      return flowing;
    },
  });
}

export interface OrderFrame {
  readonly part: Uint8Array;
  readonly then: () => void;
}

function isPlaceOrder(frame: Uint8Array): boolean {
  return PLACE_ORDER.every((byte, index) => frame[PREFIX_BYTES + index] === byte) &&
    new TextDecoder().decode(frame).includes(ORDER_REF);
}
