import type { Account } from "./account.ts";
import type { Client } from "./client.ts";
import type { Exchange } from "./exchange.ts";
import type { MarketSource } from "./market.ts";

/** What every request handler works on. */
export interface Desk {
  readonly market: MarketSource;
  readonly exchange: Exchange;
  readonly accounts: ReadonlyMap<string, Account>; // account id → Account
  readonly clients: ReadonlyMap<number, Client>; // client id → Client
  /** True when live data is not paid for: who asks for delayed data gets it. */
  isDataDelayed(): boolean;
  now(): number;
  /** Calls back after that long, in a turn of the Gateway. Returns what stops it. */
  later(delayMs: number, callback: () => void): () => void;
}
