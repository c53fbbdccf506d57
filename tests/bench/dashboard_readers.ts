import { join } from "node:path";
import process from "node:process";
import { z } from "zod";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { print } from "../../lib/terminal.ts";
import { ask } from "../dashboard/rig.ts";
import { LineChild } from "./line_child.ts";
import { openOrderPath, type OrderPath } from "./order_path_rig.ts";

/**
 * What 200 readers of the dashboard and somebody hostile cost the session beside it. The dashboard reads the ledger
 * from another process, so there are three ways: the processors, the write-ahead log that a long read keeps from being
 * emptied, and the disk.
 *
 * A session writes durable orders in blocks: alone, alone again, with readers, and so on. The second block over the
 * first is what the machine does by itself; the third over the second is what the readers do. Each ratio is of two
 * blocks side by side, so slow drift of a busy machine is in neither; the interval says what so many rounds can tell.
 * `deno run -A tests/bench/dashboard_readers.ts [rounds] [folder]`; with a folder in memory, /dev/shm, the disk's
 * own noise is out of it.
 */

const ROUNDS = Number(Deno.args[0] ?? 20);
const IN: Deno.MakeTempOptions = Deno.args[1] === undefined ? {} : { dir: Deno.args[1] };
const READERS = 200;
const BARS = 60;
/** Two orders, at fewer messages a second than IB allows. */
const APART_MS = 45;
/** Readers that came or went have settled. */
const SETTLE_MS = 700;

interface Block {
  /** Middle of its bars, ms: from the bar to the bytes of its orders. */
  readonly latencyMs: number;
  /** Of this process, per bar. */
  readonly cpuMs: number;
  readonly walKib: number;
  readonly dashboardCpuPercent: number;
}

const folder = Deno.makeTempDirSync({ prefix: "bench-", ...IN });
const ledgerPath = join(folder, "ledger.sqlite");
const ledger = openLedger(ledgerPath);
const path = await openOrderPath(ledger);
const here = import.meta.dirname ?? ".";
try {
  await using dashboard = new LineChild(
    join(here, "dashboard_child.ts"),
    ...[ledgerPath, join(folder, "credentials")],
  );
  const { port, cookie } = await admitted(await dashboard.line());
  await using readers = new LineChild(
    join(here, "live_readers.ts"),
    ...[String(port), cookie, String(READERS)],
  );
  await block(path, dashboard);
  const rounds: (readonly [Block, Block, Block])[] = [];
  let heard = "";
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = [await block(path, dashboard), await block(path, dashboard)];
    await readers.ask("on");
    await settle();
    const watched = await block(path, dashboard);
    heard = await readers.ask("off");
    await settle();
    rounds.push([first, second, watched]);
  }
  report(rounds, heard);
} finally {
  await path.close();
  ledger.close();
  Deno.removeSync(folder, { recursive: true });
}

async function admitted(greeting: string): Promise<{ port: number; cookie: string }> {
  const { link, port } = z.object({ link: z.string(), port: z.number() })
    .parse(JSON.parse(greeting));
  const { headers } = await ask(port, { path: link.slice(link.indexOf("/?")) });
  return { port, cookie: headers.get("set-cookie")?.split(";")[0] ?? "" };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function block(path: OrderPath, dashboard: LineChild): Promise<Block> {
  const latencies: number[] = [];
  const dashboardBefore = Number(await dashboard.ask("cpu"));
  const started = performance.now();
  const before = process.cpuUsage();
  for (let nth = 0; nth < BARS; nth++) {
    await new Promise((resolve) => setTimeout(resolve, APART_MS));
    latencies.push(path.bar());
  }
  const { user, system } = process.cpuUsage(before);
  const tookMs = performance.now() - started;
  const dashboardMs = Number(await dashboard.ask("cpu")) - dashboardBefore;
  return {
    latencyMs: middle(latencies),
    cpuMs: (user + system) / 1_000 / BARS,
    walKib: Deno.statSync(`${ledgerPath}-wal`).size / 1_024,
    dashboardCpuPercent: dashboardMs / tookMs * 100,
  };
}

function report(rounds: readonly (readonly [Block, Block, Block])[], heard: string): void {
  const line = (label: string, of: (block: Block) => number): void => {
    const alone = rounds.map(([first, second]) => of(second) / of(first));
    const watched = rounds.map(([, second, third]) => of(third) / of(second));
    const [was, is] = [rounds.map(([, second]) => of(second)), rounds.map(([, , b]) => of(b))];
    print(
      `${label.padEnd(30)} ${middle(was).toFixed(3).padStart(8)} alone  ` +
        `${middle(is).toFixed(3).padStart(8)} watched   ` +
        `ratio ${interval(watched)}   alone twice ${interval(alone)}`,
    );
  };
  print(`${READERS} readers and a hostile client, ${rounds.length} rounds of 3 × ${BARS} bars`);
  line("bar to bytes, durable, ms", ({ latencyMs }) => latencyMs);
  line("session's CPU per bar, ms", ({ cpuMs }) => cpuMs);
  line("write-ahead log, KiB", ({ walKib }) => walKib);
  line("dashboard's CPU, % of a core", (block) => block.dashboardCpuPercent);
  print(`Last block: ${heard}`);
}

function middle(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Middle, and where it would be 19 times of 20: order statistics, so no shape of the noise is supposed. */
function interval(samples: readonly number[]): string {
  const sorted = samples.toSorted((a, b) => a - b);
  const n = sorted.length;
  const rank = Math.max(0, Math.floor(n / 2 - 0.98 * Math.sqrt(n)));
  const [low, high] = [sorted[rank] ?? NaN, sorted[n - 1 - rank] ?? NaN];
  return `${middle(samples).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
