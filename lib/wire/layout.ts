import { FieldError, INT, type Scalar } from "./fields.ts";
import { framePayload } from "./frame.ts";
import { SERVER_VERSION_MIN } from "./versions.ts";

/**
 * One layout per message serves both directions: it passes every field, in wire order, through a cursor. A writing
 * cursor writes the value it is given and hands it back; a reading cursor ignores it and hands back what it read. So
 * a layout that is called with an empty message on a reading cursor returns the message that was on the wire.
 */
export type Layout<T> = (io: Cursor, message: Partial<T>) => T;

export interface Cursor {
  /** The negotiated one; it decides which fields there are. */
  readonly serverVersion: number;
  field<T>(scalar: Scalar<T>, value: T | undefined): T;
  /** The request or order id: what an error about this message will name. */
  id(value: number | undefined): number;
  /** A field without meaning: a message version, or one that is deprecated. Any text is read. */
  constant(text: string): void;
  /** A field that exists from this server version on. */
  since<T>(serverVersion: number, scalar: Scalar<T>, value: T | undefined): T;
  /** A field that exists below this server version. */
  until<T>(serverVersion: number, scalar: Scalar<T>, value: T | undefined): T;
  /** A count and that many items. */
  list<T>(layout: Layout<T>, items: readonly T[] | undefined): readonly T[];
  /** A count and that many single fields. */
  values<T>(scalar: Scalar<T>, items: readonly T[] | undefined): readonly T[];
}

/** A message's id and how it is written and read. */
export interface Message<T> {
  readonly id: number;
  /** The server version that brought it. */
  readonly since: number;
  write(io: Cursor, message: T): void;
  read(io: Cursor): T;
}

/** A message per name of T. */
export type Messages<T> = { readonly [K in keyof T]: Message<T[K]> };

export function message<T>(
  id: number,
  layout: Layout<T>,
  since: number = SERVER_VERSION_MIN,
): Message<T> {
  return {
    id,
    since,
    write: (io, value) => {
      layout(io, value);
    },
    read: (io) => layout(io, {}),
  };
}

const encoder = new TextEncoder();

export class FieldWriter implements Cursor {
  readonly serverVersion: number;
  #text: string;

  constructor(messageId: number, serverVersion: number) {
    this.serverVersion = serverVersion;
    this.#text = `${messageId}\0`;
  }

  /** The whole message as one frame. */
  frame(): Uint8Array<ArrayBuffer> {
    return framePayload(encoder.encode(this.#text));
  }

  field<T>(scalar: Scalar<T>, value: T | undefined): T {
    if (value === undefined) throw new TypeError("Cannot send a message with a value missing");
    this.#text += scalar.write(value, this.serverVersion) + "\0";
    return value;
  }

  id(value: number | undefined): number {
    return this.field(INT, value);
  }

  constant(text: string): void {
    this.#text += text + "\0";
  }

  since<T>(serverVersion: number, scalar: Scalar<T>, value: T | undefined): T {
    return this.serverVersion >= serverVersion ? this.field(scalar, value) : value ?? scalar.blank;
  }

  until<T>(serverVersion: number, scalar: Scalar<T>, value: T | undefined): T {
    return this.serverVersion < serverVersion ? this.field(scalar, value) : value ?? scalar.blank;
  }

  list<T>(layout: Layout<T>, items: readonly T[] = []): readonly T[] {
    this.field(INT, items.length);
    for (const item of items) layout(this, item);
    return items;
  }

  values<T>(scalar: Scalar<T>, items: readonly T[] = []): readonly T[] {
    this.field(INT, items.length);
    for (const item of items) this.field(scalar, item);
    return items;
  }
}

export class FieldReader implements Cursor {
  readonly serverVersion: number;
  /** Request or order id of the message, -1 while none was read. */
  messageId = -1;
  readonly #fields: readonly string[];
  /** Field 0 is the message's own id. */
  #next = 1;

  constructor(fields: readonly string[], serverVersion: number) {
    this.serverVersion = serverVersion;
    this.#fields = fields;
  }

  /** @throws {FieldError} when fields are left: a message misread at its end was misread before it */
  end(): void {
    const left = this.#fields.length - this.#next;
    if (left > 0) throw new FieldError(`Message has ${left} fields more than expected`);
  }

  field<T>(scalar: Scalar<T>, _value: T | undefined): T {
    return scalar.read(this.#take(), this.serverVersion);
  }

  id(_value: number | undefined): number {
    this.messageId = this.field(INT, undefined);
    return this.messageId;
  }

  constant(_text: string): void {
    this.#take();
  }

  since<T>(serverVersion: number, scalar: Scalar<T>, value: T | undefined): T {
    return this.serverVersion >= serverVersion ? this.field(scalar, value) : scalar.blank;
  }

  until<T>(serverVersion: number, scalar: Scalar<T>, value: T | undefined): T {
    return this.serverVersion < serverVersion ? this.field(scalar, value) : scalar.blank;
  }

  list<T>(layout: Layout<T>, _items: readonly T[] | undefined): readonly T[] {
    return Array.from({ length: this.#count() }, () => layout(this, {}));
  }

  values<T>(scalar: Scalar<T>, _items: readonly T[] | undefined): readonly T[] {
    return Array.from({ length: this.#count() }, () => this.field(scalar, undefined));
  }

  /** An item has one field at least, so a count beyond the fields left is a lie, however long it would take. */
  #count(): number {
    const count = this.field(INT, undefined);
    const left = this.#fields.length - this.#next;
    if (count < 0 || count > left) {
      throw new FieldError(`Message announces ${count} items and has ${left} fields left`);
    }
    return count;
  }

  #take(): string {
    const text = this.#fields[this.#next];
    if (text === undefined) {
      throw new FieldError(`Message ends before field ${this.#next}`);
    }
    this.#next += 1;
    return text;
  }
}
