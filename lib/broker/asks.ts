import type { Instrument } from "../market/market.ts";
import type { AccountValues, Commission, Execution, MarginPreview } from "./broker.ts";
import type { Encode } from "./codec.ts";
import { NO_CONTRACT } from "./codes.ts";
import { FRAME } from "./message.ts";
import type { Question } from "./questions.ts";

/** The questions with a request id and how their answers are put together. */

export interface ExecutionsAnswer {
  readonly executions: readonly Execution[];
  readonly commissions: readonly Commission[];
}

/** Today's executions of all clients. A commission comes without a request id, by the execId before it. */
export function executionsQuestion(encode: Encode): Question<ExecutionsAnswer> {
  // execId → what was said last
  const executions = new Map<string, Execution>();
  const commissions = new Map<string, Commission>();
  return {
    endMarker: "execDetailsEnd (55)",
    frame: FRAME.execution,
    encode: (reqId) => encode.executions(reqId),
    take: (message) => {
      if (message.type === "execution") {
        executions.set(message.execution.execId, message.execution);
      }
      if (message.type === "commission" && executions.has(message.commission.execId)) {
        commissions.set(message.commission.execId, message.commission);
      }
      if (message.type !== "execution-end") return undefined;
      const answer = {
        executions: [...executions.values()],
        commissions: [...commissions.values()],
      };
      return { answer };
    },
  };
}

/** In the account's base currency, as decimal text. */
export const ACCOUNT_TAGS: readonly string[] = [
  "AccountType",
  "NetLiquidation",
  "TotalCashValue",
  "SettledCash",
  "AccruedCash",
  "BuyingPower",
  "EquityWithLoanValue",
  "GrossPositionValue",
  "InitMarginReq",
  "MaintMarginReq",
  "AvailableFunds",
  "ExcessLiquidity",
];

/** TWS keeps two such subscriptions at most, so each is ended at once. */
export function accountQuestion(encode: Encode, account: string): Question<AccountValues> {
  // tag → value as sent
  const values = new Map<string, string>();
  return {
    endMarker: "accountSummaryEnd (64)",
    frame: FRAME.accountValue,
    encode: (reqId) => encode.accountSummary(reqId, ACCOUNT_TAGS),
    take: (message) => {
      if (message.type === "account-value" && message.account === account) {
        values.set(message.tag, message.value);
      }
      return message.type === "account-value-end" ? { answer: { account, values } } : undefined;
    },
    stop: { when: "always", encode: (reqId) => encode.cancelAccountSummary(reqId) },
  };
}

/** The margin of an order that is not placed; `bytes` are its what-if under `orderId`. */
export function previewQuestion(orderId: number, bytes: Uint8Array): Question<MarginPreview> {
  return {
    id: orderId,
    endMarker: "openOrder (5) of a what-if",
    frame: FRAME.openOrder,
    encode: () => bytes,
    take: (message) => {
      if (message.type !== "margin-preview") return undefined;
      return { answer: { initMarginChange: message.initMarginChange } };
    },
  };
}

/** Where stocks are looked for. */
const EXCHANGE = "SMART";
const CURRENCY = "USD";

/** All contracts that match; an empty list when TWS knows none. */
export function instrumentQuestion(encode: Encode, symbol: string): Question<Instrument[]> {
  // conId → instrument
  const instruments = new Map<number, Instrument>();
  return {
    endMarker: "contractDetailsEnd (52)",
    frame: FRAME.contract,
    encode: (reqId) =>
      encode.contractDetails(reqId, { symbol, exchange: EXCHANGE, currency: CURRENCY }),
    take: (message) => {
      if (message.type === "contract") {
        instruments.set(message.instrument.conId, message.instrument);
      }
      return message.type === "contract-end" ? { answer: [...instruments.values()] } : undefined;
    },
    forgive: (code) => code === NO_CONTRACT ? { answer: [] } : undefined,
  };
}
