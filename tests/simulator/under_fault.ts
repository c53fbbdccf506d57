import { parseFault } from "../../lib/simulator/faults.ts";
import { parseMicros } from "../../lib/money.ts";
import type { Reply } from "../../lib/wire/replies.ts";
import { type RawClient, withGateway, type World } from "./raw_client.ts";

/** What tests of faults within a session begin with. */

const m = parseMicros;
export const BUY = { action: "BUY", totalQuantity: m("10"), orderType: "MKT" };
export const RESTING = {
  action: "BUY",
  totalQuantity: m("10"),
  orderType: "LMT",
  lmtPrice: m("9"),
};

/** A client at 09:40 of a Gateway with this fault, ready to trade. */
export function underFault(
  fault: string,
  test: (client: RawClient, world: World) => Promise<void>,
): Promise<void> {
  return withGateway({ from: "09:40", faults: [parseFault(fault)] }, async (world) => {
    const client = await world.connect();
    await client.reply("nextValidId");
    client.received.length = 0;
    await test(client, world);
  });
}

export function kinds(client: RawClient): Reply["type"][] {
  return client.received.map(({ reply }) => reply.type);
}
