import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { beaconPath } from "../../lib/beacon.ts";
import { calendar } from "../../lib/calendar/calendar.ts";
import { WallClock } from "../../lib/clock.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { Gateway } from "../../lib/simulator/options.ts";
import { Project } from "./project.ts";

/** A session told to end in mid-trade, and sessions started on top of each other: real processes. */

const DATE = "2026-11-20";
const SPEED = 240;
const HOUR_MS = 60 * 60_000;
const CONFIG = `
[session]
symbols = ["SOFI", "OPEN", "IXHL"]
parameters = { fast = 2, slow = 4, stop = "percent", stopPct = 1 }
[risk]
cooldown_ms = 0
max_spread_pct = 20
price_collar_pct = 20
max_quote_age_ms = 120000
`;

interface World {
  readonly project: Project;
  readonly gateway: Gateway;
  readonly args: readonly string[];
  /** Says what time it is, by so much off. */
  beacon(offsetMs: number): void;
}

async function inMidDay(test: (world: World) => Promise<void>): Promise<void> {
  using project = new Project();
  Deno.mkdirSync(project.path("data"));
  Deno.writeTextFileSync(project.path("robo-trader.toml"), CONFIG);
  const day = calendar("XNYS").session(DATE);
  if (day === null) throw new Error("No session");
  const originMs = day.opensAt + HOUR_MS;
  const startedWallMs = Date.now();
  const clock = new WallClock({ originMs, speed: SPEED });
  const gateway = await startGateway({ clock, port: 0, seed: 5, date: DATE });
  try {
    const { port } = gateway;
    const beacon = (offsetMs: number): void => {
      const said = { port, pid: Deno.pid, startedWallMs, speed: SPEED, date: DATE };
      Deno.writeTextFileSync(
        beaconPath(project.path("data"), port),
        JSON.stringify({ ...said, originMs: originMs + offsetMs }),
      );
    };
    beacon(0);
    await test({ project, gateway, args: ["--port", String(port), "--skip-probe"], beacon });
  } finally {
    await gateway.close();
  }
}

/** What it says on stderr up to this, and then whatever it says on. */
async function until(child: Deno.ChildProcess, said: (text: string) => boolean): Promise<void> {
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !said(text);) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`It ended before it said that:\n${text}`);
    text += value;
  }
  (async () => {
    while (!(await reader.read()).done);
  })();
}

Deno.test("SIGTERM in mid-trade: no entry is left working, what is held keeps its stop at the broker, exit 130, and the report is made", async () => {
  await inMidDay(async ({ project, gateway, args }) => {
    const session = project.command("session", args).spawn();
    await until(session, (text) => text.split(" filled: BUY").length > 2);
    session.kill("SIGTERM");
    strictEqual((await session.status).code, 130);
    await session.stdout.cancel();
    const { orders, positions } = gateway.truth();
    const working = orders.filter(({ status }) => !["Filled", "Cancelled"].includes(status));
    ok(
      working.every(({ orderType }) => orderType === "STP"),
      working.map(({ orderType }) => orderType).join(),
    );
    for (const { symbol, quantity } of positions) {
      const stops = working.filter((order) => order.symbol === symbol);
      deepStrictEqual(stops.map((stop) => stop.quantity - stop.filled), [quantity], symbol);
    }
    const report = await project.run("report", []);
    strictEqual(report.code, 0, report.stderr);
    const made = [...Deno.readDirSync(project.path("reports"))].map(({ name }) => name);
    ok(made.length > 0);
  });
});

Deno.test("two sessions at the same moment, and one more after the clock was set back an hour: one trades, the others leave with 5", async () => {
  await inMidDay(async ({ project, args, beacon }) => {
    const twins = [0, 1].map(() => project.command("session", args).spawn());
    const statuses = twins.map(async (twin) => ({ twin, code: (await twin.status).code }));
    const first = await Promise.race(statuses);
    strictEqual(first.code, 5);
    const owner = twins.find((twin) => twin !== first.twin);
    beacon(-HOUR_MS);
    const late = await project.run("session", args);
    strictEqual(late.code, 5);
    match(late.stderr, /Another session is running: session of 2026-11-20 \(pid \d+/);
    owner?.kill("SIGTERM");
    deepStrictEqual((await Promise.all(statuses)).map(({ code }) => code).sort(), [130, 5]);
    for (const twin of twins) {
      await twin.stdout.cancel();
      await twin.stderr.cancel();
    }
  });
});
