import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openLedgerReader } from "../../lib/ledger/sqlite.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** `deno task backtest`, with the permissions the task has. */
async function backtest(
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=backtest", "--no-prompt", "main.ts", "backtest", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const DAYS = ["--from", "2026-11-19", "--to", "2026-11-20", "--symbols", "AAPL"];

Deno.test("deno task backtest tests on the simulated market, twice the same", async () => {
  const [first, second] = [await backtest(...DAYS, "--json"), await backtest(...DAYS, "--json")];
  strictEqual(first.code, 0, first.err);
  strictEqual(first.out, second.out);
  const summary = JSON.parse(first.out);
  strictEqual(summary.days, 2);
  strictEqual(summary.bars, 780);
  strictEqual(Number(summary.finalEquity), 100_000 + Number(summary.netProfit));
});

Deno.test("deno task backtest tests on recorded bars", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const open = Date.parse("2026-11-20T14:30:00Z");
    const lines = Array.from({ length: 60 }, (_, index) => {
      const close = index < 35 ? 200 - index : 165 + 3 * (index - 34);
      return `${open + index * 60_000},${close},${close},${close},${close},1000`;
    });
    await Deno.writeTextFile(
      join(folder, "AAPL.csv"),
      ["time,open,high,low,close,volume", ...lines, ""].join("\n"),
    );
    const day = ["--from", "2026-11-20", "--to", "2026-11-20", "--symbols", "AAPL"];
    const { code, out, err } = await backtest(...day, "--bars", folder, "--json");
    strictEqual(code, 0, err);
    const summary = JSON.parse(out);
    strictEqual(summary.bars, 60);
    strictEqual(summary.signals, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno task backtest tries a grid and walks forward over it", async () => {
  const grid = [...DAYS, "--param", "fast=5,10", "--param", "slow=20,30", "--json"];
  const { rows } = JSON.parse((await backtest(...grid)).out);
  deepStrictEqual(rows.map(({ label }: { label: string }) => label), [
    "fast=5 slow=20",
    "fast=5 slow=30",
    "fast=10 slow=20",
    "fast=10 slow=30",
  ]);
  const walked = JSON.parse((await backtest(...grid, "--folds", "1")).out);
  strictEqual(walked.rows.length, 1);
  match(walked.rows[0].label, /^2026-11-20…2026-11-20 fast=\d+ slow=\d+$/);
});

Deno.test("P2, P5: deno task backtest keeps its entries in a database of their own, never in a used one", async () => {
  const path = join("data", `backtest-${crypto.randomUUID()}.sqlite`);
  await Deno.mkdir(join(ROOT, "data"), { recursive: true });
  try {
    strictEqual((await backtest(...DAYS, "--ledger", path)).code, 0);
    const ledger = openLedgerReader(join(ROOT, path));
    strictEqual(ledger.firstBreak(), null);
    strictEqual(ledger.sessions()[0]?.date, "2026-11-19");
    ledger.close();
    const again = await backtest(...DAYS, "--ledger", path);
    strictEqual(again.code, 1);
    match(again.err, /it has entries already/);
    // Refused before a day is gone through.
    strictEqual(again.out, "");
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) {
      await Deno.remove(join(ROOT, path + suffix)).catch((error: unknown) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  }
});

Deno.test("deno task backtest --compare-execution shows that patience saves impact on large parents", async () => {
  const days = ["--from", "2026-11-02", "--to", "2026-11-20", "--symbols", "AAPL"];
  const { code, out, err } = await backtest(...days, "--compare-execution", "--json");
  strictEqual(code, 0, err);
  interface Row {
    readonly part: number;
    readonly algorithm: string;
    readonly parents: number;
    readonly savedBps: number;
    readonly chosen: boolean;
  }
  const rows: readonly Row[] = JSON.parse(out).rows;
  const saved = (algorithm: string): number =>
    rows.find((row) => row.part === 0.2 && row.algorithm === algorithm)?.savedBps ?? NaN;
  strictEqual(saved("MARKET"), 0);
  ok(saved("TWAP") > 1 && saved("VWAP") > 1);
  ok(rows.every(({ parents }) => parents === 15));
  const chosen = rows.filter((row) => row.chosen).map(({ algorithm }) => algorithm);
  deepStrictEqual(chosen, ["ADAPTIVE", "VWAP", "POV"]);
  const { verdict, picture } = JSON.parse(out);
  match(verdict[0], /^TWAP beats MARKET on impact at .*20 % \(/);
  match(await Deno.readTextFile(join(ROOT, picture)), /^<svg [^]*ADAPTIVE \*[^]*<\/svg>$/);
});

Deno.test("deno task backtest says what is wrong with what it was asked, with exit code 2", async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--strategy", "sma"], /did you mean "sma-crossover"/],
    [["--param", "fats=3"], /did you mean "fast"/],
    [["--param", "fast=40"], /fast must be shorter than slow/],
    [["--folds", "5"], /Cannot split 2 days into 5 folds/],
    [["--strategy", "pairs"], /Cannot trade a pair/],
    [["--param", "fast=5,10", "--ledger", "two.sqlite"], /Cannot keep several backtests in one/],
  ];
  for (const [args, why] of cases) {
    const { code, err } = await backtest(...DAYS, ...args);
    strictEqual(code, 2, args.join(" "));
    match(err, why);
  }
  const weekend = await backtest("--from", "2026-11-21", "--to", "2026-11-22");
  strictEqual(weekend.code, 2);
  match(weekend.err, /XNYS is closed/);
});

Deno.test("deno task backtest fails with exit code 1 where there are no bars", async () => {
  const { code, err } = await backtest(...DAYS, "--bars", "nowhere");
  strictEqual(code, 1);
  match(err, /"nowhere\/AAPL.csv" does not exist/);
});

Deno.test("deno task backtest --help lists the strategies' parameters, of an author's own file too", async () => {
  const built = await backtest("--help");
  strictEqual(built.code, 0, built.err);
  match(built.out, /sma-crossover: [^]*fast=10 +\S[^]*donchian-momentum: /);
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "dip.ts");
    await Deno.writeTextFile(
      path,
      `import { z } from "zod";
      export const dip = { name: "dip", summary: "Buys dips", barMs: 60000, create: () => ({}),
        parameters: z.strictObject({ dipPct: z.coerce.number().default(1).describe("a fall") }) };`,
    );
    match((await backtest("--strategy", path, "--help")).out, /dip: Buys dips\n +dipPct=1 +a fall/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
