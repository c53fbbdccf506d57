import { maskAccount, maskText } from "../probe/mask.ts";
import { accountPanel, valuate } from "./account.ts";
import type { OpenedSession, Panels, SessionPanel, Streams } from "./feed.ts";
import { gatewayPanel } from "./gateway.ts";
import { limitRows } from "./limits.ts";
import { parentRows } from "./parents.ts";
import { orderRows, positionRows } from "./rows.ts";
import { quietMaxMs, type SessionFold } from "./session.ts";
import type { DashboardState } from "./state.ts";

/** What is shown at an instant. */
export interface View {
  readonly panels: Panels;
  readonly streams: Streams;
}

/** Panels that come from elsewhere than the ledger's entries. */
export type Surroundings = Pick<
  Panels,
  "ledger" | "market" | "schedule" | "reports" | "control"
>;

export function viewOf(state: DashboardState, surroundings: Surroundings): View {
  const { session, notices, day, decisions } = state;
  const valuation = valuate(state);
  const { halt, pause, flatten } = notices.standing;
  return {
    panels: {
      ...surroundings,
      session: session === null ? null : sessionPanel(session, state),
      gateway: gatewayPanel(state),
      halt: halt === null ? { halted: false } : { halted: true, ...halt },
      pause: pause === null ? { paused: false } : { paused: true, ...pause },
      flatten: flatten === null ? { pending: false } : { pending: true, ...flatten },
      account: accountPanel(state, valuation),
      limits: limitRows(state, valuation),
      positions: positionRows(state, valuation.holdings),
      orders: orderRows(state),
      parents: parentRows(state.parents, state.orders),
      probe: notices.probe,
      reconciled: notices.reconciled,
    },
    streams: {
      equity: day.equity,
      marks: notices.marks.map(({ row }) => row),
      decisions: decisions.rows,
      incidents: notices.incidents.map(({ row }) => row),
    },
  };
}

function sessionPanel(session: SessionFold, { opened }: DashboardState): SessionPanel {
  const { sessionId, state, closed, last } = session;
  return {
    sessionId,
    state: state?.body.to ?? null,
    because: maskText(state?.body.because ?? ""),
    stamp: state?.stamp ?? last,
    closed: closed === null ? null : { outcome: closed.outcome, because: maskText(closed.because) },
    last,
    quietMaxMs: closed === null ? quietMaxMs(state?.body.to ?? null) : null,
    opened: opened === null ? null : openedSession(opened),
  };
}

function openedSession(
  { sessionId, body }: NonNullable<DashboardState["opened"]>,
): OpenedSession {
  const { mode, account, exchange, date, opensAt, closesAt, strategy, clock, codeVersion } = body;
  return {
    sessionId,
    mode,
    account: maskAccount(account),
    exchange,
    date,
    opensAt,
    closesAt,
    strategy,
    symbols: body.symbols.length,
    clock,
    codeVersion,
  };
}
