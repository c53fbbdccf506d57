import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { GatewayPanel } from "../../lib/dashboard/feed.ts";
import { at, entered, opened, ready, Script, tradingDay } from "./entries.ts";
import { clockOff, farm } from "./entries_link.ts";
import { shownAfter } from "./view_of.ts";

/** Farms and clock, as the session's entries tell them. */

const shown = (script: Script): GatewayPanel => shownAfter(script.entries).panels.gateway;
const farms = (script: Script): string => {
  const { tone, word } = shown(script).farms;
  return `${tone} ${word}`;
};

Deno.test("the farms' lamp is unknown until TWS said something, and good while all are up or at rest", () => {
  const script = tradingDay();
  strictEqual(farms(script), "unknown —");
  script.write(at(4), farm("usfarm", "up"), farm("ushmds", "inactive", "history"));
  strictEqual(farms(script), "good 2 ready");
  strictEqual(shown(script).farms.because, "usfarm up, ushmds inactive");
});

Deno.test("a market data farm that is down is worse than one of history, and says how many more are", () => {
  const script = tradingDay().write(
    at(4),
    farm("usfarm", "up"),
    farm("ushmds", "down", "history"),
  );
  strictEqual(farms(script), "warning ushmds down");
  script.write(at(5), farm("usfarm", "down"));
  strictEqual(farms(script), "bad usfarm down +1");
  deepStrictEqual(shown(script).farms.stamp, { at: at(5), seenAt: null });
  script.write(at(6), farm("usfarm", "connecting"), farm("ushmds", "up", "history"));
  strictEqual(farms(script), "warning usfarm connecting");
});

Deno.test("two services of one name are two farms", () => {
  const script = tradingDay().write(
    at(4),
    farm("eufarm", "up"),
    farm("eufarm", "down", "history"),
  );
  deepStrictEqual(shown(script).farmList.map(({ service, state }) => `${service} ${state}`), [
    "market-data up",
    "history down",
  ]);
});

Deno.test("what TWS says of its farms at every connection is no event; a failure and its end are", () => {
  const script = tradingDay().write(at(4), farm("usfarm", "up"), farm("secdefil", "up"));
  script.write(at(5), farm("usfarm", "down")).write(at(6), farm("usfarm", "up"));
  deepStrictEqual(shown(script).timeline.map(({ tone, state }) => `${tone} ${state}`), [
    "good ready",
    "bad usfarm down",
    "good usfarm up",
  ]);
});

Deno.test("without a session nothing is known of farms; the next session begins with none of them", () => {
  const script = tradingDay().write(at(4), farm("usfarm", "down"));
  script.write(at(5), { kind: "connection-changed", state: "closed", detail: "reset" });
  strictEqual(farms(script), "unknown —");
  script.as("2026-11-20-2", at(6), entered("connecting"), ready, opened(), entered("trading"));
  deepStrictEqual(shown(script).farmList, []);
});

Deno.test("half a second of difference cannot be told from none; beyond a second the clock is wrong", () => {
  const lamp = (offsetMs: number): string => {
    const { tone, word } = shown(tradingDay().write(at(4), clockOff(offsetMs))).clock;
    return `${tone} ${word}`;
  };
  strictEqual(lamp(502), "good in step");
  strictEqual(lamp(-503), "good −0.5 s");
  strictEqual(lamp(1_002), "good +1.0 s");
  strictEqual(lamp(-1_003), "warning −1.0 s");
  strictEqual(shown(tradingDay()).clock.word, "—");
});

Deno.test("on a simulated clock the same wall time is many times as long", () => {
  const script = new Script()
    .write(at(-10), entered("connecting"), ready, opened({ clock: "simulated x60" }))
    .write(at(0), entered("trading"), clockOff(20_000));
  strictEqual(shown(script).clock.word, "in step");
});
