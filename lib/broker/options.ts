import type { Clock } from "../clock.ts";
import type { Traffic } from "../traffic.ts";
import type { BrokerEvent } from "./broker.ts";
import type { MarketDataType } from "./codec.ts";
import type { PaceMemory } from "./history_pace.ts";

/** What a connection is made with. */

export interface IbOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  readonly clock: Clock;
  /** Only where both ends of the link live in this process. */
  readonly traffic?: Traffic;
  readonly connectTimeoutMs: number;
  /** From the greeting to nextValidId and managedAccounts. */
  readonly handshakeTimeoutMs: number;
  /** Limit of every question. */
  readonly answerTimeoutMs: number;
  /** Default 45; IB's limit is 50. */
  readonly maxMessagesPerSecond?: number;
  /** Ends a connect under way at once. */
  readonly signal?: AbortSignal;
  /** The listener, from the first event on; else `listen()` gets what it missed. */
  readonly onEvent?: (event: BrokerEvent) => void;
  /** Account of the orders. Needed only when the user manages several. */
  readonly account?: string;
  /** Highest order id ever used, from the ledger: TWS may hand old ones out again after a restart. */
  readonly orderIdFloor?: number;
  /** Default 3: live where subscribed, else delayed and marked so. */
  readonly marketDataType?: MarketDataType;
  /** Historical requests already counted by IB; without it every connection counts anew. */
  readonly paceMemory?: PaceMemory;
  /** Default 15 s. */
  readonly heartbeatMs?: number;
}

/** For remedies. */
export const PORTS = "ports: Gateway live 4001, paper 4002; TWS live 7496, paper 7497";

/** Beyond it a single second's messages could not be told from a peer that has stopped reading. */
const MESSAGES_PER_SECOND_MAX = 500;

/** @throws {RangeError} for an option that would make a limit endless or an id unusable */
export function checkOptions(options: IbOptions): void {
  const { port, clientId, orderIdFloor = 0, maxMessagesPerSecond = 1 } = options;
  const whole: Record<string, readonly [value: number, from: number, to: number]> = {
    port: [port, 1, 65_535],
    clientId: [clientId, 0, 2_147_483_647],
    orderIdFloor: [orderIdFloor, 0, Number.MAX_SAFE_INTEGER],
    maxMessagesPerSecond: [maxMessagesPerSecond, 1, MESSAGES_PER_SECOND_MAX],
  };
  for (const [name, [value, from, to]] of Object.entries(whole)) {
    if (Number.isSafeInteger(value) && value >= from && value <= to) continue;
    throw new RangeError(
      `Cannot connect with ${name} ${value}: use a whole number ${from} to ${to}`,
    );
  }
  const { connectTimeoutMs, handshakeTimeoutMs, answerTimeoutMs, heartbeatMs = 1 } = options;
  const limits = { connectTimeoutMs, handshakeTimeoutMs, answerTimeoutMs, heartbeatMs };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(`Cannot connect with ${name} ${value}: use a positive number of ms`);
  }
}
