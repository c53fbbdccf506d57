/**
 * What can go wrong, by name. A fault is given as `name`, or `name=key:value,key:value`; what is not given has the
 * default of this table.
 */
interface FaultEntry {
  readonly summary: string;
  /** Argument → default; its type is the argument's. */
  readonly args: Readonly<Record<string, number | string>>;
}

export const FAULTS = {
  "never-accept": {
    summary: "Listens, but never accepts: the kernel answers, the program does not",
    args: {},
  },
  "never-read": {
    summary: "Accepts and never reads: what clients send stays in the kernel",
    args: {},
  },
  silent: { summary: "Accepts and reads, and never answers", args: {} },
  "close-at-once": { summary: "Closes each connection as soon as it is accepted", args: {} },
  "close-later": {
    summary: "Answers the greeting with nothing and closes after that many ms",
    args: { ms: 500 },
  },
  "close-after-start": {
    summary: "Closes that many ms after startApi, without a word",
    args: { ms: 500 },
  },
  "old-server": { summary: "Speaks this old server version", args: { version: 100 } },
  "late-answer": { summary: "Answers the greeting that many ms late", args: { ms: 6000 } },
  "client-id-in-use": {
    summary: "Says that every client id is in use; with message:0 it closes without saying so",
    args: { message: 1 },
  },
  "paper-disclaimer": {
    summary: "Wants the paper trading disclaimer accepted (10141), then is silent",
    args: {},
  },
  "start-unanswered": { summary: "Never answers startApi", args: {} },
  "no-accounts": {
    summary: "Sends no account list; with empty:1 it sends an empty one",
    args: { empty: 0 },
  },
  "no-valid-id": { summary: "Never sends the next valid order id", args: {} },
  "upstream-lost": {
    summary:
      "Is not connected to IB (1100); start data is withheld; restored:1101 or 1102 after ms, if > 0",
    args: { ms: 0, restored: 1102 },
  },
  "read-only": {
    summary: "Has Read-Only API switched on: orders and ids are refused (321)",
    args: {},
  },
  "competing-session": {
    summary: "A live session elsewhere takes the market data (10197)",
    args: {},
  },
  "not-subscribed": {
    summary: "Has no market data subscription (354); delayed:1 shows delayed data (10167)",
    args: { delayed: 0 },
  },
  "missing-end": {
    summary:
      "Leaves out an end marker: positions, open-orders, completed-orders, executions, account, " +
      "summary, contracts or history",
    args: { of: "positions" },
  },
  "lost-ack": {
    summary: "Takes the n-th order, and closes the connection before a word about it",
    args: { order: 1 },
  },
  "cut-at-byte": {
    summary: "Closes a connection after that many bytes, counted in (from the client) or out",
    args: { bytes: 100, direction: "out" },
  },
} as const satisfies Record<string, FaultEntry>;

export type FaultName = keyof typeof FAULTS;

type Defaults<N extends FaultName> = (typeof FAULTS)[N]["args"];
export type FaultArgs<N extends FaultName> = {
  readonly [K in keyof Defaults<N>]: Defaults<N>[K] extends number ? number : string;
};

export interface FaultSpec {
  readonly name: string;
  readonly args?: Readonly<Record<string, number | string>>;
}

/** The faults in force. */
export class Faults {
  readonly #active = new Map<string, Readonly<Record<string, number | string>>>(); // name → arguments

  /** @throws {RangeError} for a fault or an argument that does not exist */
  constructor(specs: readonly FaultSpec[] = []) {
    for (const spec of specs) this.#active.set(spec.name, argumentsOf(spec));
  }

  has(name: FaultName): boolean {
    return this.#active.has(name);
  }

  number(name: FaultName, argument: string): number {
    return Number(this.#active.get(name)?.[argument]);
  }

  text(name: FaultName, argument: string): string {
    return String(this.#active.get(name)?.[argument] ?? "");
  }
}

/**
 * `late-answer=ms:6000` → name and arguments.
 *
 * @throws {RangeError} for a fault or an argument that does not exist
 */
export function parseFault(text: string): FaultSpec {
  const [name = "", ...rest] = text.split("=");
  const pairs = rest.join("=").split(",").filter((pair) => pair !== "");
  const args = Object.fromEntries(pairs.map((pair) => {
    const [key = "", ...value] = pair.split(":");
    const joined = value.join(":");
    return [key, /^-?\d+(\.\d+)?$/.test(joined) ? Number(joined) : joined];
  }));
  const spec = { name, args };
  argumentsOf(spec);
  return spec;
}

function argumentsOf({ name, args = {} }: FaultSpec): Readonly<Record<string, number | string>> {
  const entry = Object.entries(FAULTS).find(([known]) => known === name)?.[1];
  if (entry === undefined) {
    throw new RangeError(`Unknown fault "${name}": use --list-faults to see them all`);
  }
  const defaults: Readonly<Record<string, number | string>> = entry.args;
  for (const [key, value] of Object.entries(args)) {
    if (!(key in defaults)) {
      const known = Object.keys(defaults).join(", ") || "none";
      throw new RangeError(`Unknown argument "${key}" of fault "${name}": it takes ${known}`);
    }
    if (typeof defaults[key] !== typeof value) {
      throw new RangeError(`Cannot give "${value}" as ${key} of fault "${name}"`);
    }
  }
  return { ...defaults, ...args };
}
