import type { Clock } from "../clock.ts";
import type { Bar } from "../market/market.ts";
import type { Micros } from "../money.ts";
import type { Traffic } from "../traffic.ts";
import type { CommissionSchedule } from "./commission.ts";
import type { FaultSpec } from "./faults.ts";
import type { JournalLine } from "./journal.ts";

export interface GatewayOptions {
  /** All of the Gateway's time. With a VirtualClock the client lives in this process and shares it. */
  readonly clock: Clock;
  /** Told of every byte, for virtual time. */
  readonly traffic?: Traffic | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  readonly hostname?: string;
  /** Same seed, same date, same messages: same bytes. */
  readonly seed: number;
  /** The exchange date it is about, `2026-11-20`; the clock decides the time of day. */
  readonly date: string;
  readonly accounts?: readonly AccountOption[];
  /** Length of a step of the market; divides 5000. */
  readonly stepMs?: number;
  /** Bars to trade against, by symbol and exchange date; empty where there are none. */
  readonly recorded?: (symbol: string, date: string) => readonly Bar[];
  /** IB's price list; `fixed` unless told otherwise. */
  readonly commissions?: CommissionSchedule;
  /** 178, 193 or 200. */
  readonly serverVersionMax?: number;
  /** Sees the orders of all clients. */
  readonly masterClientId?: number;
  readonly journal?: (line: JournalLine) => void;
  /** Told of everything that changes the truth, before it does: what `replay` needs. */
  readonly onInput?: (input: GatewayInput) => void;
  /** An earlier life to take up again. */
  readonly replay?: { readonly originMs: number; readonly inputs: readonly GatewayInput[] };
  readonly faults?: readonly FaultSpec[];
}

/** Something done to the Gateway that its truth depends on, at this time, epoch ms. */
export type GatewayInput =
  | {
    readonly kind: "request";
    readonly at: number;
    readonly clientId: number;
    readonly serverVersion: number;
    readonly fields: readonly string[];
  }
  | { readonly kind: "hand"; readonly at: number; readonly trade: ManualTrade };

/** How busy it is. */
export interface GatewayStatistics {
  /** Epoch ms. */
  readonly now: number;
  /** How far its time is behind its clock, in ms of that clock: a machine too slow for the speed. */
  readonly behindMs: number;
  readonly clients: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly orders: number;
  readonly executions: number;
}

export interface AccountOption {
  readonly id: string;
  readonly cash: Micros;
}

export const DEFAULT_ACCOUNTS: readonly AccountOption[] = [
  { id: "DU1234567", cash: 100_000_000_000n },
];

/** The exact state of an account, for audits. Clients see it rounded, late, or not at all. */
export interface AccountTruth {
  readonly account: string;
  readonly cash: Micros;
  readonly startingCash: Micros;
  readonly realizedPnl: Micros;
  readonly commissions: Micros;
  /** Open ones. */
  readonly positions: readonly {
    readonly symbol: string;
    readonly conId: number;
    readonly quantity: Micros;
    readonly avgCost: Micros;
  }[];
  /** All, in the order of acceptance. */
  readonly orders: readonly OrderTruth[];
  /** Oldest first. */
  readonly executions: readonly ExecutionTruth[];
}

export interface OrderTruth {
  readonly clientId: number;
  readonly orderId: number;
  readonly permId: number;
  readonly orderRef: string;
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly orderType: string;
  readonly quantity: Micros;
  readonly filled: Micros;
  readonly status: string;
}

export interface ExecutionTruth {
  readonly execId: string;
  readonly clientId: number;
  readonly orderId: number;
  readonly permId: number;
  readonly orderRef: string;
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly quantity: Micros;
  readonly price: Micros;
  readonly timeMs: number;
  readonly commission: Micros;
  readonly realizedPnl: Micros | null;
}

export interface ManualTrade {
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  /** Shares. */
  readonly quantity: number;
}

export interface Gateway {
  readonly port: number;
  /** @throws {RangeError} for an account it does not have */
  truth(account?: string): AccountTruth;
  statistics(): GatewayStatistics;
  /**
   * Somebody at TWS enters a market order by hand.
   *
   * @throws {RangeError} for a symbol that is not listed
   */
  tradeByHand(trade: ManualTrade): void;
  /** Closes every connection and the port. */
  close(): Promise<void>;
}
