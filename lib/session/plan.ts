import type { Calendar, Session as ExchangeDay } from "../calendar/calendar.ts";
import type { SessionOpened } from "../ledger/entry.ts";
import type { ExecutionSettings } from "../orders/execution_style.ts";
import type { TradingRules } from "./dispatcher.ts";

/** What was decided before the session starts. */
export interface SessionPlan {
  readonly sessionId: string;
  readonly mode: "paper" | "live";
  /** Null takes the login's only account. */
  readonly account: string | null;
  readonly calendar: Calendar;
  readonly day: ExchangeDay;
  readonly clockName: string;
  readonly symbols: readonly string[];
  readonly rules: Omit<TradingRules, "execution">;
  readonly execution: ExecutionSettings;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Why a person takes over what the broker says although the ledger differs; null when nobody does. */
  readonly acceptDifferences: string | null;
  readonly atClose: "flatten" | "hold";
  readonly noEntriesBeforeCloseMs: number;
  readonly flattenBeforeCloseMs: number;
  readonly settleAfterCloseMs: number;
  /** When the Gateway restarts by its own timer, `23:45` exchange time; null when it does not. */
  readonly gatewayRestart: string | null;
  readonly configHash: string;
  readonly codeVersion: string;
  /** Each limit in force, as text. */
  readonly limits: Readonly<Record<string, string>>;
}

/** The plan as the ledger keeps it. */
export function openedEntry(plan: SessionPlan, account: string): SessionOpened {
  const { mode, day, rules, parameters, symbols, clockName, configHash, codeVersion, limits } =
    plan;
  const { gatewayRestart } = plan;
  return {
    kind: "session-opened",
    mode,
    account,
    exchange: day.exchange,
    date: day.date,
    opensAt: day.opensAt,
    closesAt: day.closesAt,
    strategy: rules.strategyName,
    parameters,
    symbols,
    clock: clockName,
    configHash,
    codeVersion,
    limits,
    gatewayRestart,
  };
}
