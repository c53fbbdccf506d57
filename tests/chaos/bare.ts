import type { Micros } from "../../lib/money.ts";
import type { GatewayHistory } from "./gateway_history.ts";

/** An order at the Gateway that sells what is held: a stop, or an exit on its way. */
interface Selling {
  readonly symbol: string;
  left: Micros;
}

const OVER: ReadonlySet<string> = new Set(["Filled", "Cancelled", "ApiCancelled", "Inactive"]);

/**
 * The longest time, ms of the Gateway's clock, for which shares were held that no working order at the broker would
 * have sold: what a position is without protection while its session is dead, or between a stop that is taken back
 * and the exit in its place.
 */
export function longestBareMs({ lines }: GatewayHistory): number {
  const selling = new Map<string, Selling>(); // orderRef → its order
  const held = new Map<string, Micros>(); // symbol → shares
  const bareSince = new Map<string, number>(); // symbol → epoch ms
  let longest = 0;
  for (const line of lines) {
    if (line.kind === "placed") {
      const { order: { orderRef, action }, contract: { symbol } } = line.request;
      if (action === "SELL" && !line.isChange) selling.set(orderRef, { symbol, left: 0n });
    } else if (line.kind === "order") {
      const order = selling.get(line.orderRef);
      if (order !== undefined) order.left = OVER.has(line.status) ? 0n : line.remaining;
    } else if (line.kind === "execution") {
      held.set(line.symbol, line.position);
    }
    for (const [symbol, shares] of held) {
      const covered = [...selling.values()].reduce(
        (sum, one) => one.symbol === symbol ? sum + one.left : sum,
        0n,
      );
      const since = bareSince.get(symbol);
      if (since !== undefined) longest = Math.max(longest, line.at - since);
      if (shares <= covered) bareSince.delete(symbol);
      else if (since === undefined) bareSince.set(symbol, line.at);
    }
  }
  return longest;
}
