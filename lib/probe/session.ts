import type { Clock } from "../clock.ts";
import type { Conversation, Question } from "./conversation.ts";
import type { GatewayTime } from "./deps.ts";
import type { SessionEvidence } from "./evidence.ts";
import { maskAccount } from "./mask.ts";
import type { ProbeOptions } from "./options.ts";
import { modeOfAccounts } from "./ports.ts";
import { ClockQuestion } from "./question_clock.ts";
import { HistoryQuestion } from "./question_history.ts";
import { MarketDataQuestion } from "./question_market_data.ts";
import { type Holdings, OpenStateQuestion } from "./question_open_state.ts";
import { ReadOnlyQuestion } from "./question_read_only.ts";
import { WhatIfQuestion } from "./question_what_if.ts";
import type { CheckId } from "./report.ts";

/** The conversation behind the greeting: start, then every question at once. */

export interface SessionOptions {
  readonly options: ProbeOptions;
  readonly clientId: number;
  readonly wanted: ReadonlySet<CheckId>;
  readonly deadlineMs: number;
  readonly waitMs: number;
  readonly clock: Clock;
  readonly gatewayTime: GatewayTime | null;
  readonly holdings: () => Holdings | null;
  readonly timings: Map<CheckId, number>;
  readonly onProgress: (check: CheckId, text: string, limitMs: number | null) => void;
}

export async function holdSession(
  conversation: Conversation,
  session: SessionOptions,
): Promise<SessionEvidence> {
  const { options, clientId, wanted, clock, timings } = session;
  await conversation.start(clientId, session.deadlineMs + session.waitMs);
  timings.set("startApi", conversation.elapsedMs);
  const ask = (check: CheckId): boolean => conversation.started && wanted.has(check);
  const timeQuestion = ask("clock")
    ? new ClockQuestion(clock, {
      serverVersion: conversation.serverVersion,
      gatewayTime: session.gatewayTime,
    })
    : null;
  const marketData = ask("marketData") ? new MarketDataQuestion(options.symbol) : null;
  const history = ask("history") ? new HistoryQuestion(options.symbol) : null;
  const readOnly = ask("readOnly") ? new ReadOnlyQuestion() : null;
  const openState = ask("openState") ? new OpenStateQuestion() : null;
  const whatIf = ask("readOnly") && options.whatIf ? whatIfQuestion(conversation, options) : null;
  const questions = [timeQuestion, readOnly, openState, marketData, history, whatIf]
    .filter((question): question is NonNullable<typeof question> => question !== null);
  if (questions.length > 0) await askAll(conversation, questions, session);
  const accounts = conversation.accounts;
  return {
    clientId,
    messages: conversation.messages,
    nextValidId: conversation.nextValidId,
    accounts: accounts?.map(maskAccount) ?? null,
    accountsAfterMs: conversation.accountsAfterMs,
    mode: modeOfAccounts(accounts ?? []),
    accountFound: options.account === undefined || accounts === null
      ? null
      : accounts.includes(options.account),
    clock: timeQuestion?.evidence ?? null,
    marketData: marketData?.evidence ?? null,
    history: history?.evidence ?? null,
    readOnly: readOnly?.evidence ?? null,
    openState: openState?.evidence(accounts ?? [], session.holdings()) ?? null,
    whatIf: whatIf?.evidence ?? (options.whatIf && conversation.started ? NOT_PAPER : null),
  };
}

const NOT_PAPER = { outcome: "not-a-paper-account", code: null, text: null } as const;

/** Null unless every account of the login is a paper one. */
function whatIfQuestion(
  conversation: Conversation,
  { symbol, account }: ProbeOptions,
): WhatIfQuestion | null {
  const accounts = conversation.accounts ?? [];
  const target = account ?? accounts[0];
  const orderId = conversation.nextValidId?.value;
  if (modeOfAccounts(accounts) !== "paper" || target === undefined || orderId === undefined) {
    return null;
  }
  if (!accounts.includes(target)) return null;
  return new WhatIfQuestion(symbol, { orderId, account: target });
}

async function askAll(
  conversation: Conversation,
  questions: readonly Question[],
  { clock, options, onProgress }: SessionOptions,
): Promise<void> {
  onProgress(
    "marketData",
    "asking for time, quotes, bars, positions and orders",
    options.timeoutMs,
  );
  await conversation.ask(questions, clock.now() + options.timeoutMs);
}
