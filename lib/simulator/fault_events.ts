import type { Client } from "./client.ts";
import type { Exchange } from "./exchange.ts";
import { LOST, restoredText } from "./fault_desk.ts";
import type { FaultEvent, Faults } from "./faults.ts";
import { fromDollars } from "./ticket.ts";
import { listingOf } from "./universe.ts";

/** Faults that happen at a time, unasked. */

export interface FaultEventsOptions {
  readonly faults: Faults;
  readonly exchange: Exchange;
  readonly clients: ReadonlyMap<number, Client>; // client id → Client
  now(): number;
  later(delayMs: number, callback: () => void): void;
  /** Closes every connection and the port. */
  goDown(): void;
  comeBack(): void;
  /** Listens on another port, 0 for a free one, and closes every connection after it was told by `moved`. */
  movePort(port: number, moved: (port: number) => void): void;
}

/** Sets all timers. Called once, when the Gateway listens. */
export function scheduleFaults(options: FaultEventsOptions): void {
  const { faults } = options;
  const on = (event: FaultEvent, begin: () => void, end: () => void = () => {}): void => {
    at(options, event.fromMs, begin);
    at(options, event.toMs, end);
  };
  for (const event of faults.events("connection-lost")) {
    const code = Number(event.args["restored"]);
    const lost = Number(event.args["lost"]);
    on(
      event,
      () => tellAll(options, lost, lost === 2110 ? BROKEN : LOST),
      () => restore(options, code),
    );
  }
  for (const event of faults.events("farm-down")) {
    const farm = String(event.args["farm"]);
    const { name, broken, ok } = FARM_KINDS[farmKind(farm)];
    on(
      event,
      () => tellAll(options, broken, `${name} connection is broken:${farm}`),
      () => tellAll(options, ok, `${name} connection is OK:${farm}`),
    );
  }
  for (const event of faults.events("restart")) {
    on(
      event,
      () => options.goDown(),
      () => {
        if (event.args["ids"] === "rollback") options.exchange.book.forgetIds();
        options.comeBack();
      },
    );
  }
  for (const event of faults.events("port-reset")) {
    on(event, () =>
      options.movePort(
        Number(event.args["port"]),
        (port) => tellAll(options, 1300, `${PORT_RESET} ${port}`),
      ));
  }
  for (const event of faults.events("correction")) {
    on(event, () => options.exchange.correctNewest(fromDollars(Number(event.args["dollars"]))));
  }
  for (const event of faults.events("bust")) on(event, () => options.exchange.bustNewest());
  for (const event of faults.events("manual-trade")) on(event, () => trade(options, event));
}

const BROKEN =
  "Connectivity between Trader Workstation and server is broken. It will be restored automatically.";
const PORT_RESET =
  "Socket port has been reset and this connection is being dropped. Please reconnect on the new port -";

/** What each kind of farm is called, and the codes of its end and its return. */
const FARM_KINDS = {
  market: { name: "Market data farm", broken: 2103, ok: 2104 },
  history: { name: "HMDS data farm", broken: 2105, ok: 2106 },
  definitions: { name: "Sec-def data farm", broken: 2157, ok: 2158 },
} as const;

/** By its name: `usfarm`, `ushmds`, `secdefil`. */
export function farmKind(farm: string): keyof typeof FARM_KINDS {
  if (farm.includes("secdef")) return "definitions";
  return farm.includes("hmds") ? "history" : "market";
}

/** At once when the time is past or was not given, never when it is Infinity. */
function at({ now, later }: FaultEventsOptions, epochMs: number, callback: () => void): void {
  if (epochMs !== Infinity) later(Math.max(0, epochMs - now()), callback);
}

function tellAll({ clients }: FaultEventsOptions, code: number, text: string): void {
  for (const client of clients.values()) client.sendError(-1, code, text);
}

function restore(options: FaultEventsOptions, code: number): void {
  tellAll(options, code, restoredText(code));
  if (code !== 1101) return;
  for (const client of options.clients.values()) client.dropMarketData();
}

function trade({ exchange }: FaultEventsOptions, { args }: FaultEvent): void {
  const listing = listingOf(String(args["symbol"]));
  if (listing === undefined) return;
  exchange.placeByHand({
    listing,
    side: args["side"] === "SELL" ? "SELL" : "BUY",
    shares: Number(args["quantity"]),
  });
}
