import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Entry, Incident } from "../../lib/ledger/entry.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { Journal } from "../../lib/session/journal.ts";
import { Notices } from "../../lib/session/notices.ts";
import { VirtualClock } from "../../lib/clock.ts";
import { at, HILL, MINUTE, RISING, run } from "./run.ts";
import type { MemoryBroker } from "./memory_broker.ts";

/** What goes wrong around the orders, and what the books say of it. */

type Told = readonly [minute: number, code: number, text: string];

function heard(...told: readonly Told[]): Incident[] {
  const ledger = new MemoryLedger();
  const journal = new Journal({ ledger, clock: new VirtualClock(0), sessionId: "s" });
  const notices = new Notices(journal);
  for (const [minute, code, text] of told) notices.hear({ code, text }, minute * MINUTE);
  return bodiesOf([...ledger.read()], "incident");
}

const inShort = ({ code, severity, durationMs }: Incident): string =>
  `${severity} ${code}${durationMs === null ? "" : ` ${Math.round(durationMs / MINUTE)} min`}`;

function incidents(entries: readonly Entry[]): string[] {
  return bodiesOf(entries, "incident").map(inShort);
}

function upstream(broker: MemoryBroker, code: 1100 | 1101 | 1102): void {
  broker.emit({ type: "notice", code, text: "Connectivity between IBKR and TWS" });
  const state = code === 1100 ? "upstream-lost" : "ready";
  broker.emit({ type: "connection", state, detail: String(code) });
}

Deno.test("C20: a farm that flaps is one incident for as long as it is down, with its length at the end", () => {
  const down = "Market data farm connection is broken:usfarm";
  const up = "Market data farm connection is OK:usfarm";
  deepStrictEqual(
    heard([1, 2103, down], [2, 2103, down], [5, 2104, up], [6, 2103, down]).map(inShort),
    ["warning farm-down", "note farm-restored 4 min", "warning farm-down"],
  );
});

Deno.test("two farms that are down at once are told apart", () => {
  deepStrictEqual(
    heard(
      [1, 2103, "Market data farm connection is broken:usfarm"],
      [2, 2103, "Market data farm connection is broken:usopt"],
      [3, 2105, "HMDS data farm connection is broken:ushmds"],
      [4, 2108, "Market data farm connection is inactive:usopt"],
      [9, 2107, "HMDS data farm connection is inactive:ushmds"],
    ).map(inShort),
    [
      "warning farm-down",
      "warning farm-down",
      "warning farm-down",
      "note farm-restored 2 min",
      "note farm-restored 6 min",
    ],
  );
});

Deno.test("a farm's state is an entry when it changes, and only then", () => {
  const ledger = new MemoryLedger();
  const journal = new Journal({ ledger, clock: new VirtualClock(0), sessionId: "s" });
  const notices = new Notices(journal);
  const codes = [2104, 2104, 2103, 2119, 2104, 2108, 2106, 2105, 2107, 2158, 2157, 2159];
  for (const code of codes) notices.hear({ code, text: "Some farm is somehow:usfarm" }, 0);
  notices.startConnection(0);
  notices.hear({ code: 2108, text: "Market data farm is inactive:usfarm" }, 0);
  deepStrictEqual(
    bodiesOf([...ledger.read()], "farm-changed").map(({ farm, service, state }) =>
      `${farm} ${service} ${state}`
    ),
    [
      "usfarm market-data up",
      "usfarm market-data down",
      "usfarm market-data connecting",
      "usfarm market-data up",
      "usfarm market-data inactive",
      "usfarm history up",
      "usfarm history down",
      "usfarm history inactive",
      "usfarm security-definition up",
      "usfarm security-definition down",
      "usfarm security-definition inactive",
    ],
  );
});

Deno.test("the greetings of healthy farms are no incidents", () => {
  deepStrictEqual(heard([0, 2104, "OK:usfarm"], [0, 2106, "OK:ushmds"], [0, 2158, "OK:sec"]), []);
});

Deno.test("a warning about a symbol is told once for each symbol, with its remedy", () => {
  const found = heard(
    [1, 10167, "AAPL: Displaying delayed market data"],
    [2, 10167, "AAPL: Displaying delayed market data"],
    [3, 10167, "SOFI: Displaying delayed market data"],
  );
  deepStrictEqual(found.map(({ code, symbol }) => `${code} ${symbol}`), [
    "tws-10167 AAPL",
    "tws-10167 SOFI",
  ]);
  ok(found[0]?.text.includes("Subscribe in Client Portal"));
});

Deno.test("C5, C20: data farms that flap for ten minutes leave the link to the orders alone", async () => {
  const { outcome, entries, broker } = await run({
    script: ({ clock, broker }) => {
      for (let second = 0; second < 600; second += 20) {
        const [code, word] = second % 40 === 0 ? [2103, "broken"] : [2104, "OK"];
        const text = `Market data farm connection is ${word}:usfarm`;
        clock.at(at(30) + second * 1_000, () => broker.emit({ type: "notice", code, text }));
      }
    },
  });
  strictEqual(outcome.outcome, "done");
  strictEqual(bodiesOf(entries, "connection-changed").length, 1);
  strictEqual(bodiesOf(entries, "state-changed").filter(({ to }) => to === "connecting").length, 1);
  strictEqual(incidents(entries).filter((text) => text === "warning farm-down").length, 15);
  strictEqual(broker.placed.length, 3);
});

Deno.test("C20: while TWS has lost IBKR nothing leaves: the entry is refused and does not come later", async () => {
  const { entries, broker } = await run({
    path: RISING,
    script: ({ clock, broker }) => {
      clock.at(at(19), () => upstream(broker, 1100));
      clock.at(at(60), () => upstream(broker, 1102));
    },
  });
  deepStrictEqual(broker.placed, []);
  strictEqual(bodiesOf(entries, "refused").at(0)?.code, "ENTRIES_CLOSED");
  deepStrictEqual(incidents(entries).slice(0, 2), [
    "error upstream-lost",
    "note upstream-restored 41 min",
  ]);
});

Deno.test("an exit wanted while TWS has lost IBKR leaves the stop alone until the line is back", async () => {
  const { outcome, entries, broker } = await run({
    script: ({ clock, broker }) => {
      clock.at(at(75), () => upstream(broker, 1100));
      clock.at(at(120), () => upstream(broker, 1102));
    },
  });
  strictEqual(outcome.outcome, "done");
  const cancelled = entries.find(({ body }) =>
    body.kind === "order-event" && body.status === "PendingCancel"
  );
  const exit = entries.find(({ body }) => body.kind === "intent" && body.role === "exit");
  ok((cancelled?.at ?? 0) >= at(120), "the stop was cancelled too early");
  ok((exit?.at ?? 0) >= at(120) && (exit?.at ?? 0) < at(121));
  strictEqual(broker.account.shares.size, 0);
});

Deno.test("D6: a symbol that falls silent is one incident, however long, and its length when it speaks again", async () => {
  const { entries } = await run({
    symbols: ["AAPL", "SOFI"],
    path: () => 100,
    script: ({ clock, broker }) => {
      clock.at(at(30), () => broker.silent.add("SOFI"));
      clock.at(at(90), () => broker.silent.delete("SOFI"));
    },
  });
  deepStrictEqual(
    bodiesOf(entries, "incident").map((one) => `${inShort(one)} ${one.symbol}`),
    ["warning stale-feed SOFI", "note feed-restored 60 min SOFI"],
  );
  const [first] = entries.filter(({ body }) => body.kind === "incident");
  ok((first?.at ?? 0) > at(32) && (first?.at ?? 0) < at(33.5), "three bars of a minute");
});

Deno.test("S4: a whole feed that falls silent is one incident that names every symbol", async () => {
  const { entries } = await run({
    symbols: ["AAPL", "SOFI"],
    path: () => 100,
    script: ({ clock, broker }) =>
      void clock.at(at(30), () => ["AAPL", "SOFI"].forEach((one) => broker.silent.add(one))),
  });
  const [stale, ...others] = bodiesOf(entries, "incident");
  ok(stale?.text.startsWith("No event of AAPL, SOFI for more than 3 bars"));
  deepStrictEqual([stale?.symbol, others.length], [null, 0]);
});

Deno.test("D6: an entry on an old quote is refused with its age", async () => {
  const { entries, broker } = await run({
    path: RISING,
    script: ({ clock, broker }) => void clock.at(at(10), () => broker.muteQuotes = true),
  });
  deepStrictEqual(broker.placed, []);
  const [refused] = bodiesOf(entries, "refused");
  strictEqual(refused?.code, "STALE_QUOTE");
  ok(Number(refused?.value) > Number(refused?.limit));
});

Deno.test("O11: a rejected order is an incident with the broker's reason, and is not tried again", async () => {
  const { outcome, entries, broker } = await run({
    path: HILL,
    script: ({ broker }) => {
      broker.rejectNext = "entry";
    },
  });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(broker.placed.map(({ role }) => role), ["entry", "stop"]);
  deepStrictEqual(
    bodiesOf(entries, "incident").map(({ code, severity, text }) => `${severity} ${code}: ${text}`),
    [
      "error order-rejected: entry BUY 19 AAPL rejected: " +
      "201 Order rejected - reason:YOUR ORDER IS NOT ACCEPTED",
    ],
  );
});
