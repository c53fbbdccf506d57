import { Command } from "@commander-js/extra-typings";
import { loadavg } from "node:os";
import { WallClock } from "../../lib/clock.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { print } from "../../lib/terminal.ts";
import { at, DATE } from "../simulator/raw_client.ts";

/**
 * How many ticks a second leave the Gateway, and whether its memory stays: the Gateway in this process, each client a
 * process of its own, over loopback, until so many messages were received. What is printed is measured: messages a
 * second of the slowest and the fastest client, CPU seconds for each million messages (other work on the machine
 * changes the first, hardly the second), and the memory of the Gateway's live objects after a collection. Exit code 1
 * when that grew by more than `GROWTH_MAX_BYTES` from the second tenth of the run to its end.
 *
 *     deno task gateway:load --clients 20 --speed 8            20 clients of about 5,000 ticks/s
 *     deno task gateway:load --clients 1 --speed 200           one of about 100,000
 *     deno task gateway:load --messages 10000000               the soak
 */

const GROWTH_MAX_BYTES = 5_000_000;
const SAMPLE_MS = 1_000;
/** A run that has brought nothing for so long is stuck. */
const SILENCE_MAX_MS = 20_000;
/** Of the run, before the first sample counts: code is compiled and caches fill. */
const WARM_UP = 0.1;
const STEP_MS = 1_000;

const { clients, speed, messages } = new Command("gateway:load")
  .option("--clients <n>", "client processes, 96 quote lines each", Number, 20)
  .option(
    "--speed <n>",
    "simulated seconds per second; a client gets some 600 messages in each",
    Number,
    8,
  )
  .option("--messages <n>", "received by all clients together, until it ends", Number, 2_000_000)
  .parse(Deno.args, { from: "user" }).opts();

interface Tally {
  messages: number;
  bytes: number;
  cpuSeconds: number;
}

interface Sample {
  readonly atMs: number;
  readonly received: number;
  readonly cpuSeconds: number;
}

const clock = new WallClock({ originMs: at("09:31"), speed });
const gateway = await startGateway({ clock, port: 0, seed: 1, date: DATE, stepMs: STEP_MS });
const running = new Set<Deno.ChildProcess>();
const tallies: Tally[] = [];
/** Bytes of live objects at every tenth of the run. */
const live: number[] = [];
try {
  for (let id = 1; id <= clients; id++) {
    const child = start(["tests/bench/tick_client.ts", String(gateway.port), String(id)]);
    const tally: Tally = { messages: 0, bytes: 0, cpuSeconds: 0 };
    running.add(child);
    void child.status.then(() => running.delete(child));
    tallies.push(tally);
    void follow(child, tally);
  }
  const samples = await watch();
  if (samples === null) {
    throw new Error(`A client ended, or heard nothing for ${SILENCE_MAX_MS} ms`);
  }
  Deno.exitCode = report(samples) ? 0 : 1;
} finally {
  for (const child of running) child.kill();
  await gateway.close();
}

function start(args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=tests", "--no-prompt", ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function follow(child: Deno.ChildProcess, tally: Tally): Promise<void> {
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) Object.assign(tally, JSON.parse(line));
  }
}

/** Null when it got stuck, or a client was closed. */
async function watch(): Promise<Sample[] | null> {
  const samples: Sample[] = [];
  let changedMs = performance.now();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    const sample = { atMs: performance.now(), received: total("messages"), ...cpu() };
    if (sample.received !== samples.at(-1)?.received) changedMs = sample.atMs;
    // All clients are up before anything counts.
    if (tallies.every((tally) => tally.messages > 0)) samples.push(sample);
    if (sample.received >= messages * (live.length + 1) / 10) live.push(liveBytes());
    if (sample.received >= messages) return samples;
    if (sample.atMs - changedMs > SILENCE_MAX_MS || running.size < clients) return null;
  }
}

function total(of: keyof Tally): number {
  return tallies.reduce((sum, tally) => sum + tally[of], 0);
}

function cpu(): { readonly cpuSeconds: number } {
  const { system, user } = process.cpuUsage();
  return { cpuSeconds: (system + user) / 1e6 };
}

/** After a collection, when the process can be told to collect. */
function liveBytes(): number {
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc === "function") gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** False when memory grew. */
function report(samples: readonly Sample[]): boolean {
  const from = samples[Math.floor(samples.length * WARM_UP)];
  const to = samples.at(-1);
  if (from === undefined || to === undefined || from === to) {
    throw new Error("Too short to measure: use more --messages");
  }
  const seconds = (to.atMs - from.atMs) / 1000;
  const count = to.received - from.received;
  const rates = tallies.map((tally) => tally.messages / total("messages") * count / seconds);
  const perMillion = (cpuSeconds: number): string => (cpuSeconds / count * 1e6).toFixed(2);
  const clientCpu = total("cpuSeconds") * count / total("messages");
  print(
    `${clients} clients, speed ${speed}: ${rounded(count / seconds)} messages/s, ` +
      `${rounded(Math.min(...rates))} to ${rounded(Math.max(...rates))} a client, over ${
        seconds.toFixed(0)
      } s; ${rounded(total("bytes") / total("messages"))} bytes each`,
  );
  print(
    `CPU for a million messages: Gateway ${perMillion(to.cpuSeconds - from.cpuSeconds)} s, ` +
      `clients ${perMillion(clientCpu)} s; load of the machine ${loadavg()[0]?.toFixed(2)}`,
  );
  const early = live[1] ?? NaN;
  const late = live.at(-1) ?? NaN;
  print(
    `live objects of the Gateway: ${megabytes(early)} MB after a fifth, ${
      megabytes(late)
    } MB after ` +
      `${rounded(to.received)} messages; ${megabytes(Deno.memoryUsage().rss)} MB resident`,
  );
  return late - early <= GROWTH_MAX_BYTES;
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
