import { join } from "node:path";
import { connectIb } from "../../lib/broker/ib.ts";
import type { Broker } from "../../lib/broker/broker.ts";
import { calendar } from "../../lib/calendar/calendar.ts";
import { loadConfig } from "../../lib/config.ts";
import { takeLease } from "../../lib/ledger/lease.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { takeLock } from "../../lib/lock.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { runSession } from "../../lib/session/session.ts";
import { nextSessionId, planSession } from "../../lib/session/setup.ts";
import { Random } from "../../lib/simulator/random.ts";
import { chooseStrategy } from "../../lib/strategy/registry.ts";
import { cut, readFiles } from "../power_cut.ts";
import { Killer, parseKill } from "./killer.ts";
import { jobSchema } from "./protocol.ts";
import { Reporter } from "./session_reporter.ts";
import { SharedClock, TimeFile } from "./shared_time.ts";
import { onCommit, onOrderFrame } from "./trapdoors.ts";

/**
 * A session as a process of its own: the production session with its real ledger, lock and lease, on the rig's time.
 * At the point it was told it kills itself with SIGKILL; nothing is flushed, closed or released.
 */

const CLIENT_ID = 17;
const LIMIT_MS = 15_000;

/** @param text the job, as JSON */
export async function live(text: string): Promise<void> {
  const job = jobSchema.parse(JSON.parse(text));
  const { folder, date, seed } = job;
  using time = new TimeFile(join(folder, "time"));
  const clock = new SharedClock(time);
  const reporter = new Reporter(clock);
  const path = join(folder, "ledger.sqlite");
  let broker: Broker | null = null;
  const killer = new Killer(parseKill(job.kill), {
    death: () => Deno.kill(Deno.pid, "SIGKILL"),
    cut: () => void broker?.close(),
    powerCut: () => {
      const before = readFiles(path);
      return () => {
        const left = cut(before, readFiles(path), Random.seeded(seed).split("power cut"));
        Deno.writeFileSync(path, left.database);
        Deno.writeFileSync(`${path}-wal`, left.log);
      };
    },
  });
  onCommit(() => killer.commit());
  onOrderFrame((bytes) => killer.orderFrame(bytes));

  const owner = { pid: Deno.pid, since: clock.now() };
  using _lock = takeLock(join(folder, "session.lock"), { ...owner, task: `session of ${date}` });
  const file = openLedger(path);
  using _lease = takeLease(path, { ...owner, host: "chaos", date });
  const xnys = calendar("XNYS");
  const day = xnys.session(date);
  if (day === null) throw new RangeError(`No session on ${date}`);
  const loaded = loadConfig({ file: { name: "chaos", text: job.config }, env: {}, flags: {} });
  const { strategy, parameters } = loaded.config.session;
  const chance = Random.seeded(seed).split(`ids of ${date}, life ${job.life}`);
  const plan = planSession({
    loaded,
    chosen: chooseStrategy(strategy, parameters),
    calendar: xnys,
    day,
    mode: "paper",
    sessionId: nextSessionId(file, date),
    clockName: "virtual",
    ids: ulidSource({
      now: () => clock.now(),
      random: (bytes) => void bytes.forEach((_, i) => bytes[i] = Math.floor(chance.next() * 256)),
    }),
  });
  const { outcome } = await runSession(plan, {
    clock,
    ledger: killer.ledger(file),
    connect: async (signal, orderIdFloor) => {
      broker = await connectIb({
        host: "127.0.0.1",
        port: job.port,
        clientId: CLIENT_ID,
        orderIdFloor,
        connectTimeoutMs: LIMIT_MS,
        handshakeTimeoutMs: LIMIT_MS,
        answerTimeoutMs: LIMIT_MS,
        clock,
        traffic: reporter.traffic,
        signal,
      });
      return killer.broker(broker);
    },
    stop: new AbortController().signal,
    observe: ({ body }) => {
      if (body.kind === "reconciled") reporter.reconciled = true;
    },
  });
  file.close();
  reporter.end(outcome);
}
