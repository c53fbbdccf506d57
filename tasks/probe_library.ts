import { connectIb } from "../lib/broker/ib.ts";
import { NotReadyError } from "../lib/broker/broker.ts";
import { sleep, WallClock } from "../lib/clock.ts";
import type { ProbeOptions } from "../lib/probe/options.ts";
import { randomClientId } from "../lib/probe/options.ts";
import { EXIT, type ProbeReport } from "../lib/probe/report.ts";
import { suspect } from "../lib/probe/rules.ts";

/** Between two connections of a run; TWS needs a moment to forget the first. */
const PAUSE_MS = 1_000;

/** The report, and whether the session's own client gets through as well. */
export async function withLibrary(
  report: ProbeReport,
  { options, signal }: { readonly options: ProbeOptions; readonly signal: AbortSignal },
): Promise<ProbeReport> {
  const clock = new WallClock();
  await sleep(clock, PAUSE_MS, signal);
  const startedMs = clock.now();
  try {
    const broker = await connectIb({
      host: options.host,
      port: options.port,
      clientId: randomClientId(),
      clock,
      connectTimeoutMs: options.timeoutMs,
      handshakeTimeoutMs: options.timeoutMs,
      answerTimeoutMs: options.timeoutMs,
      signal,
    });
    await broker.close();
    return { ...report, library: { ready: true, ms: clock.now() - startedMs, error: null } };
  } catch (error) {
    if (!(error instanceof NotReadyError)) throw error;
    return {
      ...report,
      verdict: "not-ready",
      exitCode: EXIT.notReady,
      library: { ready: false, ms: clock.now() - startedMs, error: error.message },
      diagnoses: [
        suspect("client-side", 0.8, {
          because: ["the probe gets through", `the session's client does not: ${error.message}`],
        }),
        ...report.diagnoses,
      ].slice(0, 3),
    };
  }
}
