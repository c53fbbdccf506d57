import { z } from "zod";
import { formatMicros, parseMicros } from "../money.ts";
import type { CommissionSchedule } from "./commission.ts";
import type { AccountOption, GatewayInput } from "./options.ts";

/**
 * What it takes to be the same Gateway again after a kill: how it began, and all that was done to it since. The market
 * follows from the seed, everything else from these; a restart replays them and is where it would have been.
 *
 * One JSON line each: the beginning first, then the inputs. A line torn by the kill is the last one, and was never
 * answered.
 */
export interface Beginning {
  readonly seed: number;
  readonly date: string;
  readonly accounts: readonly AccountOption[];
  /** Files of before there was a choice do not say. */
  readonly commissions?: CommissionSchedule | undefined;
  readonly stepMs: number;
  /** The clock it began with. */
  readonly originMs: number;
  readonly startedWallMs: number;
  readonly speed: number;
}

export interface State {
  readonly beginning: Beginning;
  readonly inputs: readonly GatewayInput[];
  /** Bytes of whole lines; what follows them is a torn one. */
  readonly length: number;
}

const VERSION = 1;

const money = z.string().transform((text) => parseMicros(text));
const beginningSchema = z.object({
  version: z.literal(VERSION),
  seed: z.int(),
  date: z.string(),
  accounts: z.array(z.object({ id: z.string(), cash: money })).min(1),
  commissions: z.enum(["fixed", "tiered"]).optional(),
  stepMs: z.int(),
  originMs: z.number(),
  startedWallMs: z.number(),
  speed: z.number().positive(),
}).transform(({ version: _, ...beginning }) => beginning);
const inputSchema = z.union([
  z.object({
    kind: z.literal("request"),
    at: z.number(),
    clientId: z.int(),
    serverVersion: z.int(),
    fields: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("hand"),
    at: z.number(),
    trade: z.object({
      symbol: z.string(),
      side: z.enum(["BUY", "SELL"]),
      quantity: z.number(),
    }),
  }),
]);

/** One line, with its end. */
export function beginningLine(beginning: Beginning): string {
  const accounts = beginning.accounts.map(({ id, cash }) => ({ id, cash: formatMicros(cash) }));
  return `${JSON.stringify({ version: VERSION, ...beginning, accounts })}\n`;
}

export function inputLine(input: GatewayInput): string {
  return `${JSON.stringify(input)}\n`;
}

/**
 * Null of an empty text.
 *
 * @throws {SyntaxError} naming the first line that is none of ours
 */
export function parseState(text: string): State | null {
  const end = text.lastIndexOf("\n") + 1;
  const [first, ...rest] = text.slice(0, end).split("\n").filter((line) => line !== "");
  if (first === undefined) return null;
  return {
    beginning: parsed(first, beginningSchema, 1),
    inputs: rest.map((line, index) => parsed(line, inputSchema, index + 2)),
    length: new TextEncoder().encode(text.slice(0, end)).length,
  };
}

function parsed<T>(line: string, schema: z.ZodType<T>, number: number): T {
  const result = schema.safeParse(jsonOf(line));
  if (result.success) return result.data;
  throw new SyntaxError(`Cannot read line ${number} of the state: it is not a Gateway's`);
}

/** Undefined of what is no JSON, which no schema takes. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
