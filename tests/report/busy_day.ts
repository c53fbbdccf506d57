import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import {
  ACCOUNT,
  commission,
  execution,
  MINUTE,
  OPENS_AT,
  reconciled,
  sessionOpened,
  snapshot,
} from "./fixtures.ts";

/**
 * A long day, entry by entry, so that nobody has to hold a million of them: round trips in 24 symbols, each with a
 * signal, a bracket, its fills, commissions and the cancelled stop.
 */
export function* busyDay(
  fills: number,
  { date = "2026-11-20", symbols = 24, seqFrom = 0 }: {
    readonly date?: string;
    readonly symbols?: number;
    readonly seqFrom?: number;
  } = {},
): Generator<Entry> {
  let seq = seqFrom;
  const entry = (at: number, body: EntryBody): Entry => {
    seq++;
    return { seq, at, sessionId: `${date}-1`, body, hash: seq.toString(16).padStart(64, "0") };
  };
  const names = Array.from(
    { length: symbols },
    (_, index) => `S${String(index + 1).padStart(2, "0")}`,
  );
  const early = OPENS_AT - 10 * MINUTE;
  yield entry(early, sessionOpened({ symbols: names, date }));
  yield entry(early, reconciled("start", { cash: "1000000" }));
  yield entry(
    early,
    snapshot("start", { cash: "1000000", netLiquidation: "1000000", positions: [] }),
  );
  let cash = parseMicros("1000000");
  const trips = Math.floor(fills / 2);
  const stepMs = (389 * MINUTE) / trips;
  let sampled = 0;
  for (let trip = 0; trip < trips; trip++) {
    const at = Math.round(OPENS_AT + trip * stepMs);
    for (; OPENS_AT + sampled * MINUTE <= at; sampled++) {
      yield entry(OPENS_AT + sampled * MINUTE, equity(cash));
    }
    const symbol = names[trip % symbols] ?? "S01";
    const price = 20 + (trip * 7919) % 400 / 100;
    const exit = price + ((trip * 104_729) % 41 - 20) / 100;
    const name = `${date.replaceAll("-", "")}${trip}`;
    for (const body of roundTrip({ name, trip, at, symbol, price, exit })) yield entry(at, body);
    cash += parseMicros(((exit - price) * 100 - 2).toFixed(6));
  }
  const end = formatMicros(cash);
  const late = OPENS_AT + 391 * MINUTE;
  yield entry(late, snapshot("end", { cash: end, netLiquidation: end, positions: [] }));
  yield entry(late, {
    ...reconciled("end", { cash: end }),
    fills: { ledger: trips * 2, broker: trips * 2 },
  });
  yield entry(late, { kind: "session-closed", outcome: "done", because: "the day is over" });
}

function* roundTrip(
  { name, trip, at, symbol, price, exit }: {
    readonly name: string;
    readonly trip: number;
    readonly at: number;
    readonly symbol: string;
    readonly price: number;
    readonly exit: number;
  },
): Generator<EntryBody> {
  const quote = { bid: price - 0.01, ask: price + 0.01, time: at };
  const orderId = trip * 3 + 1;
  const ids = { entry: `I${name}E`, stop: `I${name}S`, exit: `I${name}X` };
  const signal = (signalId: string, purpose: "enter" | "exit"): EntryBody => ({
    kind: "signal",
    group: null,
    signalId,
    strategy: "sma-crossover",
    symbol,
    side: purpose === "enter" ? "BUY" : "SELL",
    purpose,
    stopPrice: null,
    reason: {
      rule: purpose === "enter" ? "sma-cross-above" : "sma-cross-below",
      text: "The average of the last 10 closes crossed the average of the last 30",
      inputs: { fast: 10, slow: 30, fastSma: price, slowSma: price - 0.005 },
    },
    quote,
  });
  const intent = (role: "entry" | "stop" | "exit", signalId: string): EntryBody => ({
    kind: "intent",
    intentId: ids[role],
    signalId,
    orderRef: `RT-${ids[role]}`,
    strategy: "sma-crossover",
    symbol,
    conId: 1,
    side: role === "entry" ? "BUY" : "SELL",
    role,
    orderType: role === "stop" ? "STP" : "LMT",
    tif: role === "stop" ? "GTC" : "DAY",
    quantity: parseMicros("100"),
    lmtPrice: role === "stop" ? null : parseMicros((price * 1.01).toFixed(2)),
    auxPrice: role === "stop" ? parseMicros((price * 0.98).toFixed(2)) : null,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    deadlineMs: at + 10_000,
    sizing: "5 % of equity 1000000 is 100 shares",
    quote,
  });
  const status = (
    role: "entry" | "stop" | "exit",
    state: "Submitted" | "Filled" | "Cancelled",
  ): EntryBody => ({
    kind: "order-event",
    intentId: ids[role],
    orderId,
    permId: orderId + 1_000,
    symbol,
    status: state,
    filled: state === "Filled" ? parseMicros("100") : 0n,
    remaining: state === "Filled" ? 0n : parseMicros("100"),
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  });
  const fill = (role: "entry" | "exit"): EntryBody => ({
    ...execution(0, {
      execId: `0000e0d5.${name}.${role === "entry" ? "01" : "02"}.01`,
      side: role === "entry" ? "BUY" : "SELL",
      shares: "100",
      at: (role === "entry" ? price : exit).toFixed(2),
      intentId: ids[role],
      symbol,
    }),
    account: ACCOUNT,
    time: at,
    quote,
  });
  const enter = `${name}-s1`;
  const leave = `${name}-s2`;
  yield signal(enter, "enter");
  yield intent("entry", enter);
  yield intent("stop", enter);
  yield { kind: "order-sent", intentId: ids.entry, orderId };
  yield { kind: "order-sent", intentId: ids.stop, orderId: orderId + 1 };
  yield status("entry", "Submitted");
  yield status("stop", "Submitted");
  const bought = fill("entry");
  yield bought;
  if (bought.kind === "execution") yield commission(bought.execId, "1");
  yield status("entry", "Filled");
  yield signal(leave, "exit");
  yield status("stop", "Cancelled");
  yield intent("exit", leave);
  yield { kind: "order-sent", intentId: ids.exit, orderId: orderId + 2 };
  const sold = fill("exit");
  yield sold;
  if (sold.kind === "execution") yield commission(sold.execId, "1");
  yield status("exit", "Filled");
}

/** So many fills, 500 a day, on weekdays one after another. */
export function* busyYears(fills: number): Generator<Entry> {
  let day = Temporal.PlainDate.from("2020-01-01");
  let seq = 0;
  for (let left = fills; left > 0; left -= FILLS_A_DAY) {
    for (
      const entry of busyDay(Math.min(left, FILLS_A_DAY), { date: day.toString(), seqFrom: seq })
    ) {
      seq = entry.seq;
      yield entry;
    }
    day = day.add({ days: day.dayOfWeek === 5 ? 3 : 1 });
  }
}

const FILLS_A_DAY = 500;

/** sessionId and date of `busyYears`. */
export function busyDates(fills: number): { sessionId: string; date: string }[] {
  const dates: { sessionId: string; date: string }[] = [];
  let day = Temporal.PlainDate.from("2020-01-01");
  for (let left = fills; left > 0; left -= FILLS_A_DAY) {
    dates.push({ sessionId: `${day}-1`, date: day.toString() });
    day = day.add({ days: day.dayOfWeek === 5 ? 3 : 1 });
  }
  return dates;
}

function equity(cash: bigint): EntryBody {
  return {
    kind: "equity",
    cash,
    equity: cash,
    realizedPnl: 0n,
    unrealizedPnl: 0n,
    commissions: 0n,
    grossExposure: parseMicros("20000"),
    netExposure: parseMicros("20000"),
    marks: {},
  };
}
