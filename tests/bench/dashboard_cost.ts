import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { assetAt, assetPaths } from "../../lib/dashboard/assets.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { runBacktest } from "../../lib/session/backtest.ts";
import { print } from "../../lib/terminal.ts";
import { launchChromium } from "../dashboard/chromium.ts";
import { sample, SESSION, shifted, tradingDay } from "../dashboard/entries.ts";
import { referencePlan, walk } from "../session/reference_market.ts";
import { LineChild } from "./line_child.ts";
import { percentiles } from "./percentiles.ts";

/**
 * What the dashboard costs: to start, to load, and to keep a page up to date five times a second. Times of a busy
 * machine are long, so CPU time stands beside them. `deno run -P=tests tests/bench/dashboard_cost.ts`
 */

const STARTS = 15;
const LOADS = 15;
const UPDATES = 100;
const UPDATE_EVERY_MS = 200;
/** Notes when the first number is in the page. */
const WATCH = `new MutationObserver((_, observer) => {
  if (!/\\d/.test(document.getElementById("equity")?.textContent ?? "")) return;
  observer.disconnect();
  requestAnimationFrame(() => { window.shownAt = performance.now(); });
}).observe(document, { subtree: true, childList: true, characterData: true });`;
const here = import.meta.dirname ?? ".";
const folder = Deno.makeTempDirSync({ prefix: "bench-" });
const files = {
  day: join(folder, "day.sqlite"),
  long: join(folder, "long.sqlite"),
  keys: join(folder, "keys"),
} as const;
const browser = await launchChromium();
try {
  fill();
  weigh();
  await start("starts, a day's ledger", files.day);
  await start("starts, ledger of 10,000 entries", files.long);
  await load(browser);
  await follow(browser);
} finally {
  await browser.close();
  Deno.removeSync(folder, { recursive: true });
}

function fill(): void {
  const day = openLedger(files.day);
  const script = tradingDay();
  const now = Date.now();
  const { entries } = script;
  const last = entries.at(-1)?.at ?? now;
  for (const { sessionId, at, body } of shifted(entries, now - last)) {
    day.append(sessionId, at, [body]);
  }
  for (let minute = 390; minute > 0; minute--) {
    day.append(SESSION, now - minute * 1_000, [
      sample(String(10_000 + minute % 37), { AAPL: "103" }),
    ]);
  }
  day.close();
  const bars = walk(12_345, 30_000);
  const long = openLedger(files.long);
  runBacktest(referencePlan(bars), bars, long);
  long.close();
}

function weigh(): void {
  const bytes = assetPaths().map((path) =>
    new TextEncoder().encode(assetAt(path)?.body ?? "").length
  );
  const kilobytes = bytes.reduce((sum, one) => sum + one, 0) / 1_000;
  print(`${"the page, all of its files".padEnd(44)} ${kilobytes.toFixed(1)} kB, uncompressed`);
}

function dashboardOver(ledger: string): LineChild {
  return new LineChild(join(here, "dashboard_child.ts"), ledger, files.keys);
}

async function start(label: string, ledger: string): Promise<void> {
  const [times, cpu]: [number[], number[]] = [[], []];
  for (let nth = 0; nth < STARTS; nth++) {
    const started = performance.now();
    await using dashboard = dashboardOver(ledger);
    await dashboard.line();
    times.push(performance.now() - started);
    cpu.push(Number(await dashboard.ask("cpu")));
  }
  print(`${percentiles(label, times)}   least ${Math.min(...times).toFixed(0)} ms`);
  print(`${percentiles("  its CPU", cpu)}   least ${Math.min(...cpu).toFixed(0)} ms`);
}

function linkOf(greeting: string): string {
  return z.object({ link: z.string() }).parse(JSON.parse(greeting)).link;
}

async function load(browser: Browser): Promise<void> {
  await using dashboard = dashboardOver(files.day);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.goto(linkOf(await dashboard.line()));
  const shown: number[] = [];
  for (let nth = 0; nth < LOADS; nth++) {
    await page.reload();
    await hasNumbers(page);
    const at = "new Promise((resolve) => requestAnimationFrame(() => resolve(window.shownAt)))";
    shown.push(Number(await page.evaluate(at)));
  }
  await context.close();
  const least = Math.min(...shown).toFixed(0);
  print(`${percentiles("first paint with data", shown)}   least ${least} ms`);
}

async function hasNumbers(page: Page): Promise<void> {
  await page.locator("#equity").filter({ hasText: /\d/ }).waitFor();
}

/** One open page, an entry five times a second. */
async function follow(browser: Browser): Promise<void> {
  await using dashboard = dashboardOver(files.day);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(linkOf(await dashboard.line()));
  await hasNumbers(page);
  const quiet = await cost(dashboard, page, () => {});
  const ledger = openLedger(files.day);
  const busy = await cost(dashboard, page, (nth) => {
    ledger.append(SESSION, Date.now(), [sample(String(10_000 + nth), { AAPL: "103" })]);
  });
  ledger.close();
  await context.close();
  for (
    const [label, { server, renderer }] of [["no news", quiet], [
      "news 5 times a second",
      busy,
    ]] as const
  ) {
    const words = `server ${server.toFixed(2)} %, page ${renderer.toFixed(2)} % of a core`;
    print(`${`CPU, one page open, ${label}`.padEnd(44)} ${words}`);
  }
}

interface Cost {
  /** Percent of a core. */
  readonly server: number;
  readonly renderer: number;
}

async function cost(
  dashboard: LineChild,
  page: Page,
  update: (nth: number) => void,
): Promise<Cost> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const work = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN) * 1_000;
  };
  const [server, renderer] = [Number(await dashboard.ask("cpu")), await work()];
  const started = performance.now();
  for (let nth = 0; nth < UPDATES; nth++) {
    update(nth);
    await new Promise((resolve) => setTimeout(resolve, UPDATE_EVERY_MS));
  }
  const tookMs = performance.now() - started;
  return {
    server: (Number(await dashboard.ask("cpu")) - server) / tookMs * 100,
    renderer: (await work() - renderer) / tookMs * 100,
  };
}
