import { strictEqual } from "node:assert/strict";
import {
  averagePrice,
  distance,
  limitValue,
  money,
  price,
  shares,
  signed,
} from "../../lib/dashboard/page_format.ts";
import {
  ageText,
  asOf,
  countdown,
  duration,
  isStaleFigure,
  type Moment,
  sessionTime,
} from "../../lib/dashboard/page_time.ts";
import type { SessionPanel } from "../../lib/dashboard/feed.ts";
import { at } from "./entries.ts";

const NOW: Moment = {
  now: at(130),
  clock: "wall",
  zone: "America/New_York",
  quietMaxMs: 90_000,
  frozen: false,
};

Deno.test("money keeps its sign as a sign, not as a colour", () => {
  strictEqual(money("-1234.5"), "−1,234.50");
  strictEqual(signed("374.745307"), "+374.75");
  strictEqual(signed("-374.745307"), "−374.75");
  strictEqual(signed("0"), "0.00");
  strictEqual(price("7.065"), "7.065");
  strictEqual(price("7"), "7.00");
  strictEqual(averagePrice("166.672727"), "166.6727");
  strictEqual(shares("1250"), "1,250");
  strictEqual(shares("-0.5"), "−0.5");
  strictEqual(limitValue("19.360", "percent"), "19.36 %");
  strictEqual(limitValue("100", "percent"), "100 %");
  strictEqual(limitValue("99830.6", "usd"), "99,831");
  strictEqual(distance("95", "100"), "−5.0 %");
});

Deno.test("a number has its time at the exchange and its age, and says so when it is stale", () => {
  strictEqual(asOf({ at: at(130) - 12_000, seenAt: null }, NOW), "11:39:48, 12 s ago");
  strictEqual(ageText({ at: at(127), seenAt: null }, NOW), "stale 3 min");
  strictEqual(ageText({ at: at(127), seenAt: null }, { ...NOW, quietMaxMs: null }), "3 min ago");
});

Deno.test("times of a simulated clock have an age from when they were seen, and none before", () => {
  const moment = { ...NOW, clock: "simulated x60", now: 1_000_000 };
  strictEqual(ageText({ at: at(5), seenAt: 996_000 }, moment), "4 s ago");
  strictEqual(ageText({ at: at(5), seenAt: null }, moment), "simulated clock");
});

Deno.test("what was booked lasts until an entry changes it; what was measured goes stale; nothing survives a dead feed", () => {
  const stamp = { at: at(100), seenAt: null };
  const frozen = { ...NOW, frozen: true };
  strictEqual(isStaleFigure({ value: "1", stamp, lasting: true }, NOW), false);
  strictEqual(isStaleFigure({ value: "1", stamp, lasting: false }, NOW), true);
  strictEqual(isStaleFigure({ value: "1", stamp, lasting: true }, frozen), true);
  strictEqual(isStaleFigure({ value: null, because: "no session" }, frozen), false);
});

Deno.test("durations are short, and the last ten minutes count by the second", () => {
  strictEqual(duration(59_999), "59 s");
  strictEqual(duration(60_000), "1 min");
  strictEqual(duration(7_500_000), "2 h 5 min");
  strictEqual(duration(200_000_000), "2 days");
  strictEqual(countdown(600_000), "10 min");
  strictEqual(countdown(581_000), "9:41");
  strictEqual(countdown(-5), "0:00");
});

Deno.test("a simulated session's time runs on at its speed from the newest entry that was seen", () => {
  const session = (clock: string, seenAt: number | null): SessionPanel => ({
    sessionId: "2026-11-20-1",
    state: "trading",
    because: "",
    stamp: { at: at(0), seenAt: null },
    closed: null,
    last: { at: at(10), seenAt },
    quietMaxMs: 90_000,
    opened: {
      sessionId: "2026-11-20-1",
      mode: "paper",
      account: "DU•••567",
      exchange: "XNYS",
      date: "2026-11-20",
      opensAt: at(0),
      closesAt: at(390),
      strategy: "sma-crossover",
      symbols: 1,
      clock,
      codeVersion: "1.0.0",
    },
  });
  const moment = { now: 7_000, frozen: false };
  strictEqual(sessionTime(session("simulated x60", 5_000), moment), at(12));
  strictEqual(sessionTime(session("simulated x60", 5_000), { ...moment, frozen: true }), null);
  strictEqual(sessionTime(session("simulated x60", null), moment), null);
  strictEqual(sessionTime(session("virtual", 5_000), moment), null);
  strictEqual(sessionTime(session("wall", null), moment), 7_000);
});
