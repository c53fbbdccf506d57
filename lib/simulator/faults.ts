import { FAULTS } from "./fault_table.ts";

/** Named faults with their arguments and their hours, and which of them are in force now. */

export type FaultName = keyof typeof FAULTS;

export interface FaultSpec {
  readonly name: string;
  readonly args?: Readonly<Record<string, number | string>>;
  /** Exchange date of its hours, `2026-11-20`; absent: the Gateway's own. */
  readonly date?: string;
  /** New York time of day, `09:45` or `09:45:30`; absent: from the beginning. */
  readonly from?: string;
  /** Absent: for ever. */
  readonly to?: string;
}

interface Fault {
  readonly name: string;
  readonly args: Readonly<Record<string, number | string>>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What happens at a time, and what ends at one. */
export interface FaultEvent {
  readonly name: FaultName;
  readonly args: Readonly<Record<string, number | string>>;
  readonly fromMs: number;
  /** Infinity when it does not end. */
  readonly toMs: number;
}

export interface FaultClock {
  now(): number;
  /** Epoch ms of a New York time of day on this date, or on the Gateway's. */
  timeOfDay(text: string, date?: string): number;
}

/** What is not given in a spec has the default of the table. */
export class Faults {
  readonly #faults: readonly Fault[];
  readonly #now: () => number;

  /** @throws {RangeError} for a fault, an argument or a time that does not exist */
  constructor(specs: readonly FaultSpec[], clock: FaultClock) {
    this.#now = () => clock.now();
    this.#faults = specs.map((spec) => ({
      name: spec.name,
      args: argumentsOf(spec),
      fromMs: spec.from === undefined ? -Infinity : clock.timeOfDay(spec.from, spec.date),
      toMs: spec.to === undefined ? Infinity : clock.timeOfDay(spec.to, spec.date),
    }));
  }

  has(name: FaultName): boolean {
    return this.#active(name) !== undefined;
  }

  /** NaN when the fault is not in force. */
  number(name: FaultName, argument: string): number {
    return Number(this.#active(name)?.args[argument]);
  }

  text(name: FaultName, argument: string): string {
    return String(this.#active(name)?.args[argument] ?? "");
  }

  /** Of one fault, every time it was asked for, whenever that is. */
  events(name: FaultName): FaultEvent[] {
    return this.#faults.filter((fault) => fault.name === name).map((fault) => ({ ...fault, name }));
  }

  #active(name: FaultName): Fault | undefined {
    // Asked for every message that leaves; in health there is nothing to look through.
    if (this.#faults.length === 0) return undefined;
    const now = this.#now();
    return this.#faults.find((fault) =>
      fault.name === name && fault.fromMs <= now && now < fault.toMs
    );
  }
}

/** `name`, `name=key:value,key:value`, either with `@09:45` or `@09:45-09:50` behind it. */
const SPEC = /^([^=@]*)(?:=([^@]*))?(?:@([\d:]+)(?:-([\d:]+))?)?$/;

/**
 * A fault as written on the command line.
 *
 * @throws {RangeError} for a fault or an argument that does not exist
 */
export function parseFault(text: string): FaultSpec {
  const match = SPEC.exec(text);
  if (match === null) {
    throw new RangeError(`Cannot read fault "${text}": write name=key:value@09:45`);
  }
  const [, name = "", rest = "", from, to] = match;
  const pairs = rest.split(",").filter((pair) => pair !== "").map((pair) => {
    const [key = "", ...value] = pair.split(":");
    const joined = value.join(":");
    return [key, /^-?\d+(\.\d+)?$/.test(joined) ? Number(joined) : joined] as const;
  });
  const spec: FaultSpec = {
    name,
    args: Object.fromEntries(pairs),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  argumentsOf(spec);
  return spec;
}

const TIME_OF_DAY = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

function argumentsOf(
  { name, args = {}, from, to }: FaultSpec,
): Readonly<Record<string, number | string>> {
  const entry = Object.entries(FAULTS).find(([known]) => known === name)?.[1];
  if (entry === undefined) {
    throw new RangeError(`Unknown fault "${name}": use --list-faults to see them all`);
  }
  for (const time of [from, to]) {
    if (time !== undefined && !TIME_OF_DAY.test(time)) {
      throw new RangeError(`Cannot read the time "${time}" of fault "${name}": write 09:45`);
    }
  }
  const defaults: Readonly<Record<string, number | string>> = entry.args;
  for (const [key, value] of Object.entries(args)) {
    const known = Object.keys(defaults);
    if (!known.includes(key)) {
      throw new RangeError(
        `Unknown argument "${key}" of fault "${name}": it takes ${known.join(", ") || "none"}`,
      );
    }
    if (typeof defaults[key] === "number" && typeof value !== "number") {
      throw new RangeError(`Cannot give "${value}" as ${key} of fault "${name}": it is a number`);
    }
  }
  return { ...defaults, ...args };
}
