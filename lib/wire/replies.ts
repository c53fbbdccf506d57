import type { AccountReplies } from "./replies_accounts.ts";
import type { ContractReplies } from "./replies_contracts.ts";
import type { ExecutionReplies } from "./replies_executions.ts";
import type { HistoryReplies } from "./replies_history.ts";
import type { MarketDataReplies } from "./replies_marketdata.ts";
import type { OrderReplies } from "./replies_orders.ts";
import type { SessionReplies } from "./replies_session.ts";

/** Every message a server sends after the greeting, by IB's callback names. */
export interface ReplyMap
  extends
    SessionReplies,
    MarketDataReplies,
    HistoryReplies,
    ContractReplies,
    OrderReplies,
    ExecutionReplies,
    AccountReplies {}

/** A message id this codec has no layout for. */
export interface UnknownReply {
  readonly type: "unknown";
  readonly id: number;
  /** Everything after the id. */
  readonly fields: readonly string[];
}

export type Reply = ReplyMap[keyof ReplyMap] | UnknownReply;
