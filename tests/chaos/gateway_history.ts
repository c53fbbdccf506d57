import { z } from "zod";
import { type Micros, parseMicros } from "../../lib/money.ts";
import { decodeRequest } from "../../lib/wire/requests.ts";
import type { PlaceOrder } from "../../lib/wire/requests_orders.ts";

/** What the Gateway's journal says happened, line by line; nothing of it was told by the session. */

const decimal = z.string().transform((text) => parseMicros(text));

const lineSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("order"),
    at: z.number(),
    permId: z.number(),
    orderId: z.number(),
    orderRef: z.string(),
    symbol: z.string(),
    status: z.string(),
    filled: decimal,
    remaining: decimal,
  }),
  z.object({
    kind: z.literal("execution"),
    at: z.number(),
    execId: z.string(),
    permId: z.number(),
    orderRef: z.string(),
    symbol: z.string(),
    side: z.string(),
    quantity: decimal,
    price: decimal,
    commission: decimal,
    cash: decimal,
    position: decimal,
  }),
  z.object({ kind: z.literal("in"), at: z.number(), fields: z.array(z.string()) }),
  z.object({ kind: z.literal("out"), at: z.number(), fields: z.array(z.string()) }),
  z.object({ kind: z.literal("disconnected"), at: z.number() }),
]);

export type OrderLine = Extract<z.output<typeof lineSchema>, { kind: "order" }>;
export type ExecutionLine = Extract<z.output<typeof lineSchema>, { kind: "execution" }>;
/** A placeOrder frame that the Gateway read to its end. */
export interface PlacedLine {
  readonly kind: "placed";
  readonly at: number;
  /** True of a later frame for the same order. */
  readonly isChange: boolean;
  readonly request: PlaceOrder;
}
/** The Gateway's message about an order, or anything else with an id. */
export interface MessageLine {
  readonly kind: "message";
  readonly at: number;
  readonly orderId: number;
  readonly code: number;
}
export interface GoneLine {
  readonly kind: "disconnected";
  readonly at: number;
}
export type HistoryLine = OrderLine | ExecutionLine | PlacedLine | MessageLine | GoneLine;

export interface GatewayHistory {
  /** What was asked for, orders, executions and clients that left, in the order it happened. */
  readonly lines: readonly HistoryLine[];
  /** When each message of a client arrived, epoch ms. */
  readonly messagesAt: readonly number[];
}

/** Message id of placeOrder. */
const PLACE_ORDER = "3";
/** The lines worth parsing; of what goes out only errors (4). */
const TOLD =
  /^\{"at":\d+,"kind":"(?:order|execution|in|disconnected|out","clientId":\d+,"fields":\["4)"/;

export function readHistory(path: string, serverVersion: number): GatewayHistory {
  const lines: HistoryLine[] = [];
  const messagesAt: number[] = [];
  const placed = new Set<string>(); // orderRefs
  for (const text of Deno.readTextFileSync(path).split("\n")) {
    if (!TOLD.test(text)) continue;
    const line = lineSchema.parse(JSON.parse(text));
    if (line.kind === "out") {
      const [, , orderId, code] = line.fields;
      lines.push({ kind: "message", at: line.at, orderId: Number(orderId), code: Number(code) });
    }
    if (line.kind !== "in") {
      if (line.kind !== "out") lines.push(line);
      continue;
    }
    messagesAt.push(line.at);
    if (line.fields[0] !== PLACE_ORDER) continue;
    const request = decodeRequest(line.fields, serverVersion);
    if (request.type !== "placeOrder" || request.order.whatIf) continue;
    const { orderRef } = request.order;
    lines.push({ kind: "placed", at: line.at, isChange: placed.has(orderRef), request });
    placed.add(orderRef);
  }
  return { lines, messagesAt };
}

export function executionsOf({ lines }: GatewayHistory): readonly ExecutionLine[] {
  return lines.filter((line) => line.kind === "execution");
}

export function ordersOf({ lines }: GatewayHistory): readonly OrderLine[] {
  return lines.filter((line) => line.kind === "order");
}

/** Cash after the newest execution. */
export function cashOf(history: GatewayHistory, starting: Micros): Micros {
  return executionsOf(history).at(-1)?.cash ?? starting;
}

/** Shares after the newest execution of each symbol. */
export function positionsOf(
  history: GatewayHistory,
  starting: ReadonlyMap<string, Micros>,
): ReadonlyMap<string, Micros> {
  const positions = new Map(starting); // symbol → shares
  for (const { symbol, position } of executionsOf(history)) positions.set(symbol, position);
  return positions;
}
