import type { Entry, EntryBody, EntryKind, SessionOpened } from "../ledger/entry.ts";
import { Books } from "../ledger/positions.ts";
import type { Instrument } from "../market/market.ts";
import { greatest, type Micros } from "../money.ts";
import { DayFold } from "./day.ts";
import { Decisions } from "./decisions.ts";
import type { Stamp } from "./feed.ts";
import { Latencies } from "./latency.ts";
import { Notices } from "./notices.ts";
import { Orders } from "./orders.ts";
import { Parents, progressOf } from "./parents.ts";
import { instrumentOf } from "./risk_book.ts";
import { LosingStreak } from "./streak.ts";
import { beginsSession, SessionFold } from "./session.ts";

const MONEY_KINDS: ReadonlySet<EntryKind> = new Set([
  "execution",
  "commission",
  "account-snapshot",
]);

/**
 * Everything the dashboard shows of the ledger, folded from all of its entries. Figures are of one exchange day, one
 * account and one mode: when a session opens with another of these, they begin anew.
 */
export class DashboardState {
  readonly books = new Books();
  readonly notices = new Notices();
  orders = new Orders();
  parents = new Parents();
  day = new DayFold();
  decisions = new Decisions();
  /** The newest session. */
  session: SessionFold | null = null;
  /** The opening of the newest session that opened, and its id. */
  opened: { readonly sessionId: string; readonly body: SessionOpened } | null = null;
  readonly streak = new LosingStreak();
  readonly latencies = new Latencies();
  /** Highest equity of this account since a halt was last lifted. */
  high: Micros | null = null;
  readonly instruments = new Map<string, Instrument>(); // symbol → Instrument
  /** When cash or positions last changed. */
  bookedAt: Stamp | null = null;
  /** The newest entry applied. */
  head: Pick<Entry, "seq" | "hash"> | null = null;

  /** `seenAt`: when the dashboard saw it being written, by the wall clock; null when it was there before. */
  apply(entry: Entry, seenAt: number | null): void {
    const stamp: Stamp = { at: entry.at, seenAt };
    const { body, sessionId } = entry;
    if (beginsSession(entry, this.session)) this.session = new SessionFold(sessionId, stamp);
    this.session?.apply(entry, stamp);
    if (body.kind === "session-opened") this.#open(sessionId, body);
    if (body.kind === "instrument") this.instruments.set(body.symbol, instrumentOf(body));
    this.books.apply(entry);
    if (MONEY_KINDS.has(body.kind)) this.bookedAt = stamp;
    const order = this.orders.apply(entry, stamp);
    this.day.apply(entry, stamp, this.orders);
    this.streak.apply(entry);
    this.latencies.apply(entry);
    this.#raise(body);
    const parent = this.parents.apply(entry, stamp, order);
    const progress = parent === null ? null : { ...parent, ...progressOf(parent, this.orders) };
    this.decisions.apply(entry, stamp, { order, parent: progress });
    this.notices.apply(entry, stamp);
    this.head = { seq: entry.seq, hash: entry.hash };
  }

  #open(sessionId: string, body: SessionOpened): void {
    const before = this.opened?.body;
    this.opened = { sessionId, body };
    const sameAccount = before?.account === body.account && before.mode === body.mode;
    if (!sameAccount) {
      this.orders = new Orders();
      this.parents = new Parents();
      this.high = null;
    }
    if (sameAccount && before.date === body.date && before.exchange === body.exchange) return;
    this.day = new DayFold();
    this.decisions = new Decisions();
    this.streak.startAgain();
    this.notices.keepOnly(sessionId);
  }

  #raise(body: EntryBody): void {
    if (body.kind === "halt-lifted") this.high = null;
    const equity = body.kind === "equity"
      ? body.equity
      : body.kind === "account-snapshot" && body.at === "start"
      ? body.netLiquidation
      : null;
    if (equity !== null) this.high = greatest(this.high ?? equity, equity);
  }
}
