import type { Figure, Panels, Stamp } from "./feed.ts";
import type { Latencies, Timings } from "./latency.ts";

import { isWell } from "./link.ts";

/** Prometheus' text format, 0.0.4. What is unknown is left out: an absent sample is not a zero. */

export interface MetricsInput {
  readonly panels: Panels;
  readonly latencies: Pick<Latencies, "signalToWire" | "wireToWord">;
  /** severity → incidents since the ledger began */
  readonly incidents: ReadonlyMap<string, number>;
  readonly readers: number;
  /** By the wall clock. */
  readonly now: number;
}

interface Sample {
  /** What follows the metric's name: `_sum` and `_count` of a summary. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | string;
}

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter" | "summary";
  readonly help: string;
  readonly samples: readonly Sample[];
}

export function metricsText(input: MetricsInput): string {
  return [...sessionMetrics(input), ...moneyMetrics(input), ...orderMetrics(input)]
    .filter(({ samples }) => samples.length > 0)
    .map(metricLines)
    .join("");
}

function sessionMetrics({ panels, readers, now }: MetricsInput): readonly Metric[] {
  const { ledger, session, gateway, halt, pause, flatten, probe } = panels;
  const info = session?.opened ?? null;
  const tones = [gateway.port, gateway.session, gateway.data];
  return [
    gauge("ledger_following", "1 while the ledger is read to its end", [
      { value: flag(ledger.state === "following") },
    ]),
    gauge("ledger_seq", "Number of the newest entry", [{ value: ledger.seq }]),
    gauge(
      "last_entry_age_seconds",
      "Age of the session's newest entry, by the wall clock",
      ages(session?.last ?? null, info?.clock ?? null, now),
    ),
    gauge(
      "session_state",
      "1 for the state the session is in",
      session === null || session.state === null
        ? []
        : [{ labels: { state: session.state }, value: 1 }],
    ),
    gauge(
      "session_info",
      "The session whose figures these are",
      info === null ? [] : [{
        labels: {
          session: info.sessionId,
          mode: info.mode,
          strategy: info.strategy,
          clock: info.clock,
          version: info.codeVersion,
        },
        value: 1,
      }],
    ),
    gauge(
      "gateway_up",
      "Port, API session and data as the session experienced them",
      ["port", "session", "data"].flatMap((link, index): Sample[] => {
        const tone = tones[index]?.tone ?? "unknown";
        return tone === "unknown" ? [] : [{ labels: { link }, value: flag(tone === "good") }];
      }),
    ),
    gauge(
      "farm_up",
      "IB's data farms as TWS reported them; one at rest is up",
      gateway.farmList.map(({ farm, service, state }) => ({
        labels: { farm, service },
        value: flag(isWell(state)),
      })),
    ),
    gauge(
      "clock_offset_seconds",
      "TWS's clock less ours",
      gateway.clockOffsetMs === null ? [] : [{ value: gateway.clockOffsetMs / 1_000 }],
    ),
    gauge("halted", "1 while halted", [{ value: flag(halt.halted) }]),
    gauge("entries_paused", "1 while a person paused entries", [{ value: flag(pause.paused) }]),
    gauge("flatten_requested", "1 while a person wants every position closed", [
      { value: flag(flatten.pending) },
    ]),
    gauge(
      "probe_ready",
      "Verdict of the last probe: 1 ready, 0.5 degraded, 0 not ready",
      probe === null ? [] : [{ value: { ready: 1, degraded: 0.5, "not-ready": 0 }[probe.verdict] }],
    ),
    gauge("live_readers", "Open connections to /live", [{ value: readers }]),
  ];
}

function moneyMetrics({ panels }: MetricsInput): readonly Metric[] {
  const { account, limits, positions } = panels;
  return [
    gauge("equity_usd", "Cash and positions at their newest marks", samplesOf(account.equity)),
    gauge("day_pnl_usd", "Profit and loss of the day, by part", [
      ...samplesOf(account.pnl, { part: "total" }),
      ...samplesOf(account.realized, { part: "realized" }),
      ...samplesOf(account.unrealized, { part: "unrealized" }),
      ...samplesOf(account.commissions, { part: "commissions" }),
    ]),
    gauge("drawdown_usd", "Below the day's highest equity", samplesOf(account.drawdown)),
    gauge("exposure_usd", "Market value of the positions", [
      ...samplesOf(account.gross, { kind: "gross" }),
      ...samplesOf(account.net, { kind: "net" }),
    ]),
    gauge("positions", "Symbols held", [{ value: positions.length }]),
    gauge(
      "positions_without_stop",
      "Symbols held without a stop that the ledger knows of",
      [{ value: positions.filter(({ stop }) => stop === null).length }],
    ),
    gauge(
      "limit_used_ratio",
      "Part of a limit that is used",
      limits.flatMap(({ name, share }) =>
        share === null ? [] : [{ labels: { limit: name }, value: share }]
      ),
    ),
  ];
}

function orderMetrics({ panels, latencies, incidents }: MetricsInput): readonly Metric[] {
  const { counts } = panels.account;
  return [
    gauge("working_orders", "Orders that may still fill", [{ value: panels.orders.length }]),
    gauge("working_parents", "Orders that an algorithm works in slices", [
      { value: panels.parents.length },
    ]),
    gauge("day_signals", "Signals of the day", [{ value: counts.signals }]),
    gauge("day_orders", "Orders of the day, stops included", [{ value: counts.orders }]),
    gauge("day_fills", "Fills of the day", [{ value: counts.fills }]),
    gauge(
      "day_refusals",
      "Signals of the day that risk refused",
      Object.entries(counts.refusals).map(([code, value]) => ({ labels: { code }, value })),
    ),
    summary(
      "signal_to_wire_seconds",
      "From a signal to its entry order on the wire, by the session's clock",
      latencies.signalToWire,
    ),
    summary(
      "wire_to_word_seconds",
      "From the wire to the broker's first word, by the session's clock",
      latencies.wireToWord,
    ),
    counter(
      "incidents_total",
      "Incidents since the ledger began",
      [...incidents].map(([severity, value]) => ({ labels: { severity }, value })),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `robo_trader_${name}`, type: "gauge", help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `robo_trader_${name}`, type: "counter", help, samples };
}

function summary(name: string, help: string, { count, sumMs }: Timings): Metric {
  const samples = [
    { suffix: "_sum", value: sumMs / 1_000 },
    { suffix: "_count", value: count },
  ];
  return { name: `robo_trader_${name}`, type: "summary", help, samples };
}

function samplesOf(figure: Figure, labels: Readonly<Record<string, string>> = {}): Sample[] {
  return figure.value === null ? [] : [{ labels, value: figure.value }];
}

/** Another clock's times have an age only from when we saw them. */
function ages(stamp: Stamp | null, clock: string | null, now: number): Sample[] {
  const from = clock === "wall" ? stamp?.at : stamp?.seenAt;
  return from === undefined || from === null ? [] : [{ value: (now - from) / 1_000 }];
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}

function metricLines({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ suffix = "", labels = {}, value }) =>
    `${name}${suffix}${labelText(labels)} ${value}\n`
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
