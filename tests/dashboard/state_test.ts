import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Figure, LimitRow } from "../../lib/dashboard/feed.ts";
import {
  at,
  entered,
  fill,
  incident,
  intent,
  MINUTE,
  opened,
  ready,
  sample,
  Script,
  sent,
  signal,
  snapshot,
  status,
  tradingDay,
} from "./entries.ts";
import { said } from "./entries_link.ts";
import { shownAfter } from "./view_of.ts";

const value = (figure: Figure): string | null => figure.value;
const limit = (rows: readonly LimitRow[], name: string): string =>
  rows.filter((row) => row.name === name).map(({ used, share }) => `${value(used)} ${share}`)
    .join();

Deno.test("equity is cash and shares at the newest marks, and the parts of the day's P&L add up to it", () => {
  const { account } = shownAfter(tradingDay().entries).panels;
  strictEqual(value(account.start), "10000");
  strictEqual(value(account.cash), "8999");
  strictEqual(value(account.equity), "10029");
  strictEqual(value(account.pnl), "29");
  strictEqual(value(account.unrealized), "30");
  strictEqual(value(account.realized), "0");
  strictEqual(value(account.commissions), "1");
  strictEqual(value(account.carried), "0");
  strictEqual(value(account.drawdown), "0");
  strictEqual(value(account.gross), "1030");
});

Deno.test("a number that was measured has the age of its marks, one that was booked that of its entry", () => {
  const { equity, cash } = shownAfter(tradingDay().entries).panels.account;
  deepStrictEqual(equity, { value: "10029", stamp: { at: at(3), seenAt: null }, lasting: false });
  deepStrictEqual(cash, { value: "8999", stamp: { at: at(1) + 95, seenAt: null }, lasting: true });
});

Deno.test("equity is unknown, with the reason, while a share held was never priced", () => {
  const held = { symbol: "NVDA", conId: 4815747, quantity: 5_000_000n, avgCost: 180_000_000n };
  const taken = snapshot("10000");
  const script = new Script().write(
    at(-10),
    opened(),
    taken.kind === "account-snapshot" ? { ...taken, positions: [held] } : taken,
  );
  const { account, positions } = shownAfter(script.entries).panels;
  deepStrictEqual(account.equity, { value: null, because: "no valuation of NVDA yet" });
  deepStrictEqual(account.pnl, { value: null, because: "no valuation of NVDA yet" });
  deepStrictEqual(positions.map(({ symbol, mark }) => `${symbol} ${mark.value}`), ["NVDA null"]);
});

Deno.test("until it is valued, a position is worth the middle of the quote it was filled at; the sum is as old as its oldest mark", () => {
  const script = tradingDay().write(
    at(4),
    intent("C", { symbol: "NVDA" }),
    { ...fillOf("C"), symbol: "NVDA", execId: "e2.01" },
  );
  const { account, positions } = shownAfter(script.entries).panels;
  deepStrictEqual(positions.map(({ symbol, mark }) => `${symbol} ${mark.value}`), [
    "AAPL 103",
    "NVDA 100",
  ]);
  deepStrictEqual(account.equity, {
    value: "10029",
    stamp: { at: at(3), seenAt: null },
    lasting: false,
  });
});

function fillOf(intentId: string): Extract<ReturnType<typeof fill>, { kind: "execution" }> {
  const body = fill(intentId, { execId: "" });
  if (body.kind !== "execution") throw new TypeError("A fill is an execution");
  return body;
}

Deno.test("a position shows the stop that works for it, and none after the stop was cancelled", () => {
  const script = tradingDay();
  const [before] = shownAfter(script.entries).panels.positions;
  deepStrictEqual(before?.stop, {
    price: "95",
    shares: "10",
    changed: null,
    stamp: { at: at(1) + 40, seenAt: null },
  });
  script.write(at(4), status("B", "Cancelled"));
  strictEqual(shownAfter(script.entries).panels.positions[0]?.stop, null);
});

Deno.test("working orders are those that may still fill; one whose fate is unknown stays and is frozen", () => {
  const script = tradingDay();
  deepStrictEqual(
    shownAfter(script.entries).panels.orders.map(({ intentId, phase }) => `${intentId} ${phase}`),
    ["B working"],
  );
  script.write(at(4), {
    kind: "intent-frozen",
    intentId: "B",
    symbol: "AAPL",
    because: "two lists disagree",
  });
  const { panels, streams } = shownAfter(script.entries);
  strictEqual(panels.orders[0]?.phase, "frozen");
  strictEqual(streams.incidents.at(-1)?.code, "order-frozen");
});

Deno.test("limits show how much is used: the loss of the day at the newest marks", () => {
  const script = tradingDay().write(at(4), sample("9899", { AAPL: "90" }));
  const { limits } = shownAfter(script.entries).panels;
  strictEqual(limit(limits, "maxDailyLossPct"), "1.01 0.505");
  strictEqual(limit(limits, "maxOpenPositions"), "1 0.25");
  strictEqual(limit(limits, "maxOrderNotionalUsd"), "1000 0.4");
  strictEqual(limit(limits, "maxGrossExposurePct"), "");
});

Deno.test("a decision says why the signal was refused, with code and numbers", () => {
  const script = tradingDay().write(at(5), signal("s2", "NVDA"), {
    kind: "refused",
    signalId: "s2",
    symbol: "NVDA",
    code: "COOLDOWN",
    value: "1200",
    limit: "600000",
  });
  const { streams, panels } = shownAfter(script.entries);
  deepStrictEqual(streams.decisions.map(({ symbol, outcome, text }) => [symbol, outcome, text]), [
    ["AAPL", "filled", "BUY 10 LMT 100, filled 10 at 100"],
    [
      "NVDA",
      "refused",
      "COOLDOWN: The symbol was traded too short a time ago (1200, limit 600000)",
    ],
  ]);
  deepStrictEqual(panels.account.counts, {
    signals: 2,
    refused: 1,
    orders: 2,
    fills: 1,
    refusals: { COOLDOWN: 1 },
  });
  script.write(at(6), {
    kind: "refusal-repeated",
    signalId: "s2",
    symbol: "NVDA",
    code: "COOLDOWN",
    value: "61200",
    limit: "600000",
    count: 9,
    lastAt: at(6),
  });
  const later = shownAfter(script.entries);
  match(
    later.streams.decisions[1]?.text ?? "",
    /\(61200, limit 600000\); 9 times more until then$/,
  );
  const { signals, refused, refusals } = later.panels.account.counts;
  deepStrictEqual([signals, refused, refusals], [11, 10, { COOLDOWN: 10 }]);
});

Deno.test("a signal that never became an order is dropped when its session ends", () => {
  const script = tradingDay().write(at(5), signal("s2")).write(at(390), entered("closed"), {
    kind: "session-closed",
    outcome: "done",
    because: "the day is over",
  });
  strictEqual(shownAfter(script.entries).streams.decisions.at(-1)?.outcome, "dropped");
});

Deno.test("the rejection of an order is told with the broker's words", () => {
  const script = tradingDay().write(
    at(5),
    signal("s2"),
    intent("C", { signalId: "s2" }),
    sent("C", 3),
    { kind: "order-message", intentId: "C", orderId: 3, code: 201, text: "No margin in DU1234567" },
    status("C", "Inactive"),
  );
  const decision = shownAfter(script.entries).streams.decisions.at(-1);
  strictEqual(decision?.outcome, "rejected");
  strictEqual(decision?.text, "BUY 10 LMT 100, 201 No margin in DU•••567");
});

Deno.test("another day begins with empty figures, and the halt of the day before still stands", () => {
  const script = tradingDay();
  script.as("operator", at(6), { kind: "halted", actor: "operator", because: "lunch" });
  script.as(
    "2026-11-23-1",
    at(4_320),
    entered("connecting"),
    ready,
    opened({ date: "2026-11-23" }),
    incident("late"),
  );
  const { panels, streams } = shownAfter(script.entries);
  deepStrictEqual([streams.equity.length, streams.decisions.length], [0, 0]);
  deepStrictEqual(streams.incidents.map(({ text }) => text), ["late"]);
  strictEqual(panels.account.counts.orders, 0);
  ok(panels.halt.halted && panels.halt.because === "lunch");
  strictEqual(panels.session?.opened?.sessionId, "2026-11-23-1");
});

Deno.test("a restart on the same day keeps the day's figures", () => {
  const script = tradingDay();
  script.as("2026-11-20-2", at(10), entered("connecting"), ready, opened());
  const { panels, streams } = shownAfter(script.entries);
  strictEqual(streams.equity.length, 1);
  strictEqual(panels.account.counts.orders, 2);
  strictEqual(panels.session?.sessionId, "2026-11-20-2");
});

Deno.test("paper and live are never mixed: a live session shows nothing of the paper one", () => {
  const script = tradingDay();
  script.as(
    "2026-11-20-2",
    at(10),
    entered("connecting"),
    ready,
    opened({ mode: "live", account: "U7654321" }),
    snapshot("5000"),
  );
  const { panels, streams } = shownAfter(script.entries);
  strictEqual(panels.session?.opened?.mode, "live");
  deepStrictEqual([panels.positions.length, panels.orders.length, streams.decisions.length], [
    0,
    0,
    0,
  ]);
  strictEqual(value(panels.account.start), "5000");
});

Deno.test("a session that is connecting says so while the figures of the one before stay", () => {
  const script = tradingDay();
  script.as("2026-11-23-1", at(4_320), entered("connecting"));
  const { session, gateway } = shownAfter(script.entries).panels;
  strictEqual(session?.sessionId, "2026-11-23-1");
  strictEqual(session?.opened?.sessionId, "2026-11-20-1");
  strictEqual(gateway.port.word, "connecting");
});

Deno.test("a halt by a person in between does not become the session that is shown", () => {
  const script = tradingDay();
  script.as("operator", at(9), { kind: "halted", actor: "operator", because: "lunch" });
  const { session } = shownAfter(script.entries).panels;
  strictEqual(session?.sessionId, "2026-11-20-1");
  strictEqual(session?.last.at, at(3));
});

Deno.test("what the connection went through is told, and what it means for port, session and data", () => {
  const script = tradingDay();
  const words = (): readonly string[] => {
    const { port, session, data } = shownAfter(script.entries).panels.gateway;
    return [port, session, data].map(({ tone, word }) => `${tone} ${word}`);
  };
  deepStrictEqual(words(), ["good answers", "good ready", "good valued"]);
  script.write(at(4), { kind: "connection-changed", state: "upstream-lost", detail: "1100" });
  deepStrictEqual(words(), ["good answers", "good ready", "bad lost upstream"]);
  script.write(at(5), { kind: "connection-changed", state: "closed", detail: "reset" });
  deepStrictEqual(words(), ["bad lost", "bad lost", "bad none"]);
});

Deno.test("account ids are masked wherever the ledger carries them", () => {
  const script = tradingDay().write(at(4), incident("Order rejected for DU1234567"));
  const text = JSON.stringify(shownAfter(script.entries));
  ok(!text.includes("DU1234567"));
  ok(text.includes("DU•••567"));
});

Deno.test("a session may be silent for a minute and a half while it trades, and for ever once it ended", () => {
  const script = tradingDay();
  strictEqual(shownAfter(script.entries).panels.session?.quietMaxMs, 1.5 * MINUTE);
  script.write(at(390), entered("closed"), {
    kind: "session-closed",
    outcome: "done",
    because: "the day is over",
  });
  strictEqual(shownAfter(script.entries).panels.session?.quietMaxMs, null);
});

Deno.test("a session that failed is an incident with its reason; one that is done is none", () => {
  const closed = (outcome: "failed" | "done"): readonly string[] =>
    shownAfter(
      tradingDay().write(at(9), { kind: "session-closed", outcome, because: "no answer" }).entries,
    ).streams.incidents.map(({ severity, text }) => `${severity} ${text}`);
  deepStrictEqual(closed("failed"), ["error The session failed: no answer"]);
  deepStrictEqual(closed("done"), []);
});

Deno.test("an empty ledger shows nothing as known", () => {
  const { panels, streams } = shownAfter(new Script().entries);
  strictEqual(panels.session, null);
  deepStrictEqual(panels.account.equity, { value: null, because: "no session has opened yet" });
  strictEqual(panels.account.cash.value, null);
  deepStrictEqual(panels.limits, []);
  deepStrictEqual(streams.equity, []);
});

Deno.test("a halt, a pause and the wish to be flat each show who said it and why, until they are lifted", () => {
  const script = tradingDay();
  const shown = (): readonly string[] => {
    const { halt, pause, flatten } = shownAfter(script.entries).panels;
    return [
      halt.halted ? halt.because : "",
      pause.paused ? pause.because : "",
      flatten.pending ? flatten.because : "",
    ];
  };
  deepStrictEqual(shown(), ["", "", ""]);
  script.as("operator", at(5), said("entries-paused", "lunch"));
  script.as("operator", at(6), said("halted", "storm"), said("flatten-requested", "storm"));
  script.as("operator", at(7), said("entries-paused", "again"));
  deepStrictEqual(shown(), ["storm", "lunch", "storm"]);
  script.as("operator", at(8), said("halt-lifted", "over"));
  deepStrictEqual(shown(), ["", "lunch", ""]);
  script.as("operator", at(9), said("entries-resumed", "fed"));
  deepStrictEqual(shown(), ["", "", ""]);
});
