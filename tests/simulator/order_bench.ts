import { VirtualClock } from "../../lib/clock.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { Account } from "../../lib/simulator/account.ts";
import { Exchange } from "../../lib/simulator/exchange.ts";
import type { ExchangeListener } from "../../lib/simulator/floor.ts";
import { Pulse } from "../../lib/simulator/pulse.ts";
import { remaining } from "../../lib/simulator/ticket.ts";
import { EMPTY_ORDER_CONTRACT } from "../../lib/wire/contract.ts";
import type { WireOrder } from "../../lib/wire/order.ts";
import type { PlaceOrder } from "../../lib/wire/requests_orders.ts";
import { handMarket, type Step } from "./hand_market.ts";
import { at, order, stock } from "./raw_client.ts";

const m = parseMicros;
/** Who places all orders. */
export const CLIENT = 7;

export interface Bench {
  readonly account: Account;
  readonly exchange: Exchange;
  /** What clients would hear, one line each. */
  readonly heard: string[];
  place(orderId: number, values: Partial<WireOrder>, symbol?: string): void;
  cancel(orderId: number): void;
  /** Runs the market until then. */
  runTo(time: string): void;
}

function place(orderId: number, symbol: string, values: Partial<WireOrder>): PlaceOrder {
  return {
    type: "placeOrder",
    orderId,
    contract: { ...EMPTY_ORDER_CONTRACT, ...stock(symbol) },
    order: order({ action: "BUY", totalQuantity: m("100"), ...values }),
  };
}

/** An exchange over a scripted market, at 09:30 unless told otherwise. */
export function bench(
  steps: readonly Step[],
  { from = "09:30", cash = "100000" }: { readonly from?: string; readonly cash?: string } = {},
): Bench {
  const clock = new VirtualClock(at(from));
  const market = handMarket(steps);
  const account = new Account("DU1", m(cash));
  const heard: string[] = [];
  const listener: ExchangeListener = {
    changed: (ticket) =>
      heard.push(
        `${ticket.orderId} ${ticket.status} ${formatMicros(ticket.filled)}/` +
          `${formatMicros(remaining(ticket))}${ticket.whyHeld === "" ? "" : ` ${ticket.whyHeld}`}`,
      ),
    statusChanged: (ticket) => heard.push(`${ticket.orderId} only ${ticket.status}`),
    message: ({ orderId }, code, text) => heard.push(`${orderId} ${code} ${text}`),
    executed: ({ ticket, quantity, price }) =>
      heard.push(`${ticket.orderId} fill ${formatMicros(quantity)} @ ${formatMicros(price)}`),
    commissioned: ({ ticket, commission }) =>
      heard.push(`${ticket.orderId} commission ${formatMicros(commission)}`),
  };
  const pulse = new Pulse({
    clock,
    days: market.days,
    stepMs: market.stepMs,
    listener: {
      opened: (segment) => exchange.open(segment),
      stepped: () => exchange.step(),
      closed: (segment) => exchange.close(segment),
    },
  });
  const exchange = new Exchange({
    seed: 1,
    market,
    accounts: new Map([["DU1", account]]),
    listener,
    segment: pulse.segment,
    now: () => clock.now(),
    later: (delayMs, callback) => void clock.at(clock.now() + delayMs, callback),
  });
  return {
    account,
    exchange,
    heard,
    place: (orderId, values, symbol = "AAPL") =>
      exchange.place(CLIENT, place(orderId, symbol, values)),
    cancel: (orderId) => exchange.cancel({ clientId: CLIENT, orderId }),
    runTo: (time) => clock.advanceTo(at(time)),
  };
}
