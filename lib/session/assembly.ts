import type { BrokerEvent } from "../broker/broker.ts";
import type { Clock } from "../clock.ts";
import type { Entry, SessionState } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ClockWatch } from "./clock_watch.ts";
import { type Connect, Connection } from "./connection.ts";
import { OrderDesk } from "./desk.ts";
import { Funds } from "./funds.ts";
import { Hands } from "./hands.ts";
import { Inquiry } from "./inquiry.ts";
import { Journal } from "./journal.ts";
import { MarketView } from "./market_view.ts";
import { Notices } from "./notices.ts";
import type { SessionPlan } from "./plan.ts";
import { Profiles } from "./profiles.ts";
import { StaleFeed } from "./stale_feed.ts";
import { MAY } from "./state.ts";
import { Trader } from "./trader.ts";
import { Windows } from "./windows.ts";

export interface SessionDeps {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly connect: Connect;
  /** Aborted by SIGINT and SIGTERM. */
  readonly stop: AbortSignal;
  /** Sees each entry once it is durable. */
  readonly observe: (entry: Entry) => void;
}

/** What a session is made of. */
export interface Parts {
  readonly journal: Journal;
  readonly desk: OrderDesk;
  readonly market: MarketView;
  readonly trader: Trader;
  readonly profiles: Profiles;
  readonly notices: Notices;
  readonly staleFeed: StaleFeed;
  readonly windows: Windows;
  readonly hands: Hands;
  readonly funds: Funds;
  readonly clockWatch: ClockWatch;
  readonly connection: Connection;
  readonly inquiry: Inquiry;
}

/** The parts of a session, each made once and handed what it needs of the others. */
export function assemble(plan: SessionPlan, deps: SessionDeps, day: {
  readonly state: () => SessionState;
  readonly listener: (event: BrokerEvent) => void;
}): Parts {
  const { clock, ledger, observe, stop } = deps;
  const { rules: { limits, barMs } } = plan;
  const journal = new Journal({ ledger, clock, sessionId: plan.sessionId, observe });
  const market = new MarketView({
    barMs,
    opensAt: plan.day.opensAt,
    outlierPct: limits.outlierPct,
  });
  const desk = new OrderDesk(journal, (symbol) => market.seen(symbol));
  const profiles = new Profiles(plan, journal);
  const funds = new Funds(journal, limits);
  const windows = new Windows(
    journal,
    plan.gatewayRestart === null ? null : { timeOfDay: plan.gatewayRestart, zone: plan.day.zone },
  );
  const trader: Trader = new Trader({
    buyingPower: () => funds.view,
    rules: {
      ...plan.rules,
      execution: {
        ...plan.day,
        settings: plan.execution,
        entriesEndAt: plan.day.closesAt - plan.noEntriesBeforeCloseMs,
        profile: (symbol) => profiles.of(symbol),
      },
    },
    clock,
    journal,
    desk,
    market,
    may: () => MAY[day.state()],
    pausedBecause: () => hands.pausedBecause ?? windows.pausedBecause(clock.now()),
  });
  const hands: Hands = new Hands(journal, trader);
  const notices = new Notices(journal);
  const clockWatch = new ClockWatch(journal);
  const staleFeed = new StaleFeed({ journal, market, barMs });
  const connection = new Connection({
    connect: deps.connect,
    clock,
    stop,
    untilMs: plan.day.closesAt,
    mode: plan.mode,
    account: plan.account,
    journal,
    desk,
    listener: day.listener,
  });
  const inquiry = new Inquiry({ connection, trader, journal, clock, stop });
  return {
    journal,
    desk,
    market,
    trader,
    profiles,
    notices,
    staleFeed,
    windows,
    hands,
    funds,
    clockWatch,
    connection,
    inquiry,
  };
}
