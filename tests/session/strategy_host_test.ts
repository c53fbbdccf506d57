import { deepStrictEqual, match, rejects, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { WallClock } from "../../lib/clock.ts";
import type { Bar } from "../../lib/market/market.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { StrategyHost } from "../../lib/session/strategy_host.ts";
import type { Signal, Strategy, View } from "../../lib/strategy/strategy.ts";
import { RISING, run } from "./run.ts";

/** An author's strategy in a Worker of its own. */

const BAR: Bar = {
  symbol: "AAPL",
  time: 0,
  durationMs: 60_000,
  open: 100,
  high: 101,
  low: 99,
  close: 100.5,
  volume: 1_000,
  wap: 100,
  count: 10,
};
const VIEW: View = { now: 60_000, quote: () => null, position: () => 7 };

/** A module with one strategy whose `next` has this body. */
function moduleOf(next: string): string {
  return `
    import { z } from "zod";
    export const mine = {
      name: "mine",
      summary: "A test",
      barMs: 60_000,
      parameters: z.strictObject({ fast: z.coerce.number().int().default(3) }),
      create: ({ fast }) => ({
        warmupBars: fast,
        seen: 0,
        init(symbols) { this.symbols = symbols; },
        warmUp() { return [this.seen++]; },
        next(bar, view) { ${next} },
        idle: (symbol) => symbol + " stands still",
      }),
    };`;
}

const reason = `{ rule: "r", text: "t", inputs: { seen: this.seen } }`;

/** What the other files of a test run take meanwhile, in this same process, is not this strategy's. */
const OTHERS_TOO_MIB = 16_384;

async function hosted(text: string, growthMaxMib = OTHERS_TOO_MIB): Promise<StrategyHost> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "mine.ts");
    // An author need not write types; the worker of a test run would insist on them.
    await Deno.writeTextFile(path, `// @ts-nocheck\n${text}`);
    return await StrategyHost.load(pathToFileURL(path), new WallClock(), growthMaxMib);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function started(host: StrategyHost): Strategy {
  const strategy = host.choose({ fast: "5" }).create();
  strategy.init(["AAPL"]);
  return strategy;
}

/** What the strategy whose `next` has this body answers to one bar. */
async function answer(next: string): Promise<readonly Signal[]> {
  using host = await hosted(moduleOf(next));
  return started(host).next(BAR, VIEW);
}

Deno.test("a strategy in a Worker answers as one in this process, with its state kept between bars", async () => {
  using host = await hosted(moduleOf(`
    return [{
      symbol: bar.symbol, side: "SELL", purpose: "exit", stopPrice: null,
      reason: { rule: "r", text: "t", inputs: { seen: this.seen, now: view.now, held: view.position("AAPL") } },
    }];`));
  const chosen = host.choose({ fast: "5" });
  deepStrictEqual([chosen.name, chosen.barMs, chosen.parameters], ["mine", 60_000, { fast: 5 }]);
  const strategy = chosen.create();
  strictEqual(strategy.warmupBars, 5);
  strategy.init(["AAPL"]);
  strategy.warmUp(BAR);
  strategy.warmUp(BAR);
  const [signal] = strategy.next(BAR, VIEW);
  deepStrictEqual(signal?.reason.inputs, { seen: 2, now: 60_000, held: 7 });
  strictEqual(strategy.idle?.("AAPL"), "AAPL stands still");
});

Deno.test("a strategy in a Worker has no disk, no network, no environment and no clock", async () => {
  const attempt = (code: string): Promise<readonly Signal[]> => answer(`${code}; return [];`);
  const denied = { name: "StrategyStoppedError", message: /Requires \w+ access/ };
  await rejects(attempt(`Deno.readTextFileSync("/etc/hostname")`), denied);
  await rejects(attempt(`Deno.env.get("HOME")`), denied);
  await rejects(attempt(`Deno.writeTextFileSync("x", "x")`), denied);
  await rejects(attempt(`Deno.listen({ port: 0 })`), denied);
  const timeless = { name: "StrategyStoppedError", message: /Cannot read the time/ };
  for (const code of ["Date.now()", "new Date()", "performance.now()"]) {
    await rejects(attempt(code), timeless, code);
  }
});

Deno.test("a strategy that loops for ever is stopped after its two seconds, and is not asked again", async () => {
  using host = await hosted(moduleOf("for (;;);"));
  const strategy = started(host);
  const stopped = { name: "StrategyStoppedError", message: "it did not answer within 2000 ms" };
  throws(() => strategy.next(BAR, VIEW), stopped);
  throws(() => strategy.next(BAR, VIEW), stopped);
  match(strategy.idle?.("AAPL") ?? "", /^the strategy was stopped: it did not answer/);
});

Deno.test("a strategy that throws, asks for 1,000 orders or answers nonsense is stopped", async () => {
  const one = `{ symbol: "AAPL", side: "BUY", purpose: "enter", stopPrice: 1, reason: ${reason} }`;
  const because = (message: RegExp): { name: string; message: RegExp } => ({
    name: "StrategyStoppedError",
    message,
  });
  await rejects(answer(`throw new Error("no luck")`), because(/^no luck$/));
  await rejects(
    answer(`return Array.from({ length: 1000 }, () => (${one}))`),
    because(/^it asked for 1000 orders at once, limit 200$/),
  );
  await rejects(answer(`return "BUY"`), because(/^its answer is wrong/));
  await rejects(answer(`return [{ ...${one}, side: "buy" }]`), because(/^its answer is wrong/));
  await rejects(answer(`return "x".repeat(2_000_000)`), because(/is larger than 1048576$/));
});

Deno.test("a strategy whose code throws outside of an answer is stopped with what it threw", async () => {
  using host = await hosted(moduleOf(`Promise.reject(new Error("too late to catch")); return [];`));
  const strategy = started(host);
  // Its next answer may have been on its way before.
  const ask = (): void => {
    for (let bar = 0; bar < 100; bar++) strategy.next(BAR, VIEW);
  };
  throws(ask, { name: "StrategyStoppedError", message: "too late to catch" });
});

Deno.test("a strategy that keeps more with every bar is stopped at its memory budget", async () => {
  using host = await hosted(moduleOf(
    "(this.kept ??= []).push(Array.from({ length: 2e6 }, () => bar.close + this.kept.length)); return [];",
  ));
  const strategy = started(host);
  const leak = (): void => {
    // 16 MiB a bar; a hundred bars would be far beyond it.
    for (let bar = 0; bar < 100; bar++) strategy.next(BAR, VIEW);
  };
  const message = /^it holds \d+ MiB of memory, limit 256 MiB$/;
  throws(leak, { name: "StrategyStoppedError", message });
});

Deno.test("a strategy that takes all memory within one answer is stopped before the process is", async () => {
  using host = await hosted(
    moduleOf("const kept = []; for (;;) kept.push(new Float64Array(1e6).fill(bar.close));"),
    256,
  );
  const message = /^it took \d+ MiB of memory within one answer, limit 256 MiB$/;
  throws(() => started(host).next(BAR, VIEW), { name: "StrategyStoppedError", message });
});

Deno.test("StrategyHost says what is wrong with a file and with a parameter", async () => {
  const wrong = (message: RegExp): { name: string; message: RegExp } => ({
    name: "StrategyError",
    message,
  });
  await rejects(hosted("throw new Error('no luck');"), wrong(/^Cannot load .*no luck/));
  using empty = await hosted("export const answer = 42;");
  throws(() => empty.choose({}), wrong(/must export exactly one strategy/));
  using host = await hosted(moduleOf("return [];"));
  throws(() => host.choose({ fsat: 1 }), wrong(/did you mean "fast"/));
});

/** Buys at its tenth bar, and at its twentieth does this. */
const buysAndThen = (fault: string): string =>
  moduleOf(`
    this.bars = (this.bars ?? 0) + 1;
    if (this.bars === 20) { ${fault} }
    if (this.bars !== 10) return [];
    return [{
      symbol: bar.symbol, side: "BUY", purpose: "enter", stopPrice: bar.close - 5, reason: ${reason},
    }];`);

for (const [what, fault] of [["throws", `throw new Error("no luck")`], ["hangs", "for (;;);"]]) {
  Deno.test(`a session whose strategy ${what} goes on: its stop works, it is closed at the end`, async () => {
    using host = await hosted(buysAndThen(fault ?? ""));
    const { outcome, broker, entries } = await run({ path: RISING, chosen: host.choose({}) });
    strictEqual(outcome.outcome, "done");
    deepStrictEqual(broker.placed.map(({ role }) => role), ["entry", "stop", "exit"]);
    strictEqual(broker.account.shares.size, 0);
    const incidents = bodiesOf(entries, "incident");
    deepStrictEqual(incidents.map(({ code, severity }) => `${severity} ${code}`), [
      "error strategy-stopped",
    ]);
    match(incidents[0]?.text ?? "", /positions keep their stops: (no luck|it did not answer)/);
    match(
      bodiesOf(entries, "decisions-summary")[0]?.symbols[0]?.last ?? "",
      /^nothing, because the strategy was stopped/,
    );
  });
}

Deno.test("a session with a strategy in a Worker gives the same ledger twice, hash for hash", async () => {
  const hashes: (string | undefined)[] = [];
  for (const _ of ["once", "again"]) {
    using host = await hosted(buysAndThen(""));
    hashes.push((await run({ path: RISING, chosen: host.choose({}) })).entries.at(-1)?.hash);
  }
  strictEqual(hashes[0], hashes[1]);
});

Deno.test("a strategy that throws before the first bar ends the session before it trades", async () => {
  const text = moduleOf("return [];").replace(
    "this.symbols = symbols;",
    `throw new Error("no init");`,
  );
  using host = await hosted(text);
  const { outcome, broker } = await run({ chosen: host.choose({}) });
  deepStrictEqual([outcome.outcome, outcome.because], ["failed", "no init"]);
  deepStrictEqual(broker.placed, []);
});
