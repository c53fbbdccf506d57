import type { AccountRequests } from "./requests_accounts.ts";
import type { ContractRequests } from "./requests_contracts.ts";
import type { HistoryRequests } from "./requests_history.ts";
import type { MarketDataRequests } from "./requests_marketdata.ts";
import type { OrderRequests } from "./requests_orders.ts";
import type { SessionRequests } from "./requests_session.ts";

/** Every message a client sends after the greeting, by IB's method names. */
export interface RequestMap
  extends
    SessionRequests,
    MarketDataRequests,
    HistoryRequests,
    ContractRequests,
    OrderRequests,
    AccountRequests {}

/** A message id this codec has no layout for. TWS answers nothing to those. */
export interface UnknownRequest {
  readonly type: "unknown";
  readonly id: number;
  /** Everything after the id. */
  readonly fields: readonly string[];
}

export type Request = RequestMap[keyof RequestMap] | UnknownRequest;
