import type { Calendar, Session as ExchangeDay } from "../calendar/calendar.ts";
import type { LoadedConfig } from "../config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { limitsAsText } from "../risk/limits.ts";
import type { ChosenStrategy } from "../strategy/registry.ts";
import { VERSION } from "../version.ts";
import type { SessionPlan } from "./plan.ts";

const MINUTE_MS = 60_000;

/** The plan of a session from its configuration. */
export function planSession(options: {
  readonly loaded: LoadedConfig;
  readonly chosen: ChosenStrategy;
  readonly calendar: Calendar;
  readonly day: ExchangeDay;
  readonly mode: "paper" | "live";
  readonly sessionId: string;
  readonly clockName: string;
  readonly acceptDifferences?: string | undefined;
  /** Fresh ULIDs. */
  readonly ids: () => string;
}): SessionPlan {
  const { loaded, chosen, calendar, day, mode, sessionId, clockName, ids } = options;
  const { gateway, session, execution, risk } = loaded.config;
  return {
    sessionId,
    mode,
    account: gateway.account,
    calendar,
    day,
    clockName,
    symbols: [...new Set(session.symbols)],
    rules: {
      strategyName: chosen.name,
      strategy: chosen.create(),
      barMs: chosen.barMs,
      limits: risk,
      orderDeadlineMs: session.orderDeadlineSeconds * 1_000,
      ids,
    },
    execution,
    parameters: chosen.parameters,
    acceptDifferences: options.acceptDifferences ?? null,
    atClose: session.atClose,
    noEntriesBeforeCloseMs: session.noEntriesMinutesBeforeClose * MINUTE_MS,
    flattenBeforeCloseMs: session.flattenMinutesBeforeClose * MINUTE_MS,
    settleAfterCloseMs: session.settleMinutesAfterClose * MINUTE_MS,
    gatewayRestart: session.gatewayRestart,
    configHash: loaded.hash,
    codeVersion: VERSION,
    limits: limitsAsText(risk),
  };
}

/** `2026-11-20-1` for the first session of a date in this ledger, then `-2` … */
export function nextSessionId(ledger: Ledger, date: string): string {
  const before = new Set(ledger.sessionIds().filter((id) => id.startsWith(`${date}-`)));
  return `${date}-${before.size + 1}`;
}
