import { IBApi } from "@stoqey/ib/dist/api/api.js";
import { EventName } from "@stoqey/ib/dist/api/data/enum/event-name.js";
import { OrderType } from "@stoqey/ib/dist/api/order/enum/orderType.js";
import { SecType } from "@stoqey/ib/dist/api/data/enum/sec-type.js";
import { OrderAction } from "@stoqey/ib/dist/api/order/enum/order-action.js";
import { HostileTws } from "../broker/hostile_tws.ts";
import { AAPL, tellTime } from "../broker/rig.ts";
import type { OrderPath } from "./order_path_rig.ts";

/** What most people write: the client library alone, an entry and its stop at once, nothing decided, nothing kept. */
export async function openBareLoop(): Promise<OrderPath> {
  const tws = await HostileTws.listen({ onRequest: tellTime });
  // The library's own default of 50 a second would make it a measurement of waiting.
  const ib = new IBApi({ host: "127.0.0.1", port: tws.port, clientId: 7, maxReqPerSec: 1_000 });
  const ready = Promise.withResolvers<number>();
  ib.on(EventName.nextValidId, (orderId) => ready.resolve(orderId));
  ib.connect();
  let orderId = await ready.promise;
  const { symbol, conId, exchange, currency } = AAPL;
  const contract = { symbol, conId, exchange, currency, secType: SecType.STK };
  let orders = 0;
  return {
    bar: () => {
      const started = performance.now();
      const parentId = orderId++;
      ib.placeOrder(parentId, contract, {
        action: OrderAction.BUY,
        orderType: OrderType.LMT,
        totalQuantity: 1,
        lmtPrice: 100.01,
        transmit: false,
      });
      ib.placeOrder(orderId++, contract, {
        action: OrderAction.SELL,
        orderType: OrderType.STP,
        totalQuantity: 1,
        auxPrice: 95,
        parentId,
        transmit: true,
      });
      orders += 2;
      return performance.now() - started;
    },
    arrived: () => tws.peer.until(() => tws.peer.requestsOf(3).length >= orders),
    close: async () => {
      const sent = tws.peer.requestsOf(3).length;
      ib.disconnect();
      await tws[Symbol.asyncDispose]();
      return sent;
    },
  };
}
