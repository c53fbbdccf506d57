import type { Day } from "./day.ts";
import type { Row, Table } from "./figure.ts";
import type { OrderResult } from "./order_results.ts";

/** Instants in the life of an order, by our clock, as far as they happened. */
interface Instants extends Readonly<Record<Instant, number | undefined>> {
  readonly isPrompt: boolean;
}

type Instant = "signal" | "sent" | "acknowledged" | "filled" | "cancel" | "cancelled";

interface Stretch {
  readonly id: string;
  readonly label: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Only of orders that mean to trade at once: a stop, a target or an algorithm's slice waits on purpose. */
  readonly prompt: boolean;
}

const STRETCHES: readonly Stretch[] = [
  { id: "decide", label: "Signal to sent", from: "signal", to: "sent", prompt: true },
  {
    id: "acknowledge",
    label: "Sent to first status",
    from: "sent",
    to: "acknowledged",
    prompt: false,
  },
  { id: "fill", label: "Sent to first fill heard", from: "sent", to: "filled", prompt: true },
  {
    id: "cancel",
    label: "Cancel asked to confirmed",
    from: "cancel",
    to: "cancelled",
    prompt: false,
  },
];

/** How long things took, by our clock; from the exchange to us by two clocks. */
export function latencyTable(day: Day, results: readonly OrderResult[]): Table {
  const instants = results.map((result) => instantsOf(result, day));
  const heard = [...day.facts.executions.values()].map(({ at, body }) => at - body.time);
  const rows = STRETCHES.map(({ id, label, from, to, prompt }) => {
    const values = instants.flatMap((one) => {
      const [start, end] = [one[from], one[to]];
      if (start === undefined || end === undefined || (prompt && !one.isPrompt)) return [];
      return [end - start];
    });
    return latencyRow(id, label, values);
  });
  return {
    id: "latencies",
    caption: "Latencies",
    columns: [
      { id: "what", label: "From … to", unit: "text", formula: null },
      { id: "n", label: "n", unit: "count", formula: "Orders or fills measured" },
      { id: "p50", label: "Median", unit: "ms", formula: "Value at rank ⌈n × 0.50⌉" },
      { id: "p95", label: "95th", unit: "ms", formula: "Value at rank ⌈n × 0.95⌉" },
      { id: "p99", label: "99th", unit: "ms", formula: "Value at rank ⌈n × 0.99⌉" },
      { id: "max", label: "Longest", unit: "ms", formula: "Largest value" },
    ],
    rows: results.length + heard.length === 0
      ? []
      : [...rows, latencyRow("hear", "Exchange's time to heard", heard)],
    empty: "No order was made and no fill was heard.",
  };
}

function instantsOf({ record }: OrderResult, { facts }: Day): Instants {
  const { intent, sent, events, executions } = record;
  const signalId = intent?.body.signalId ?? null;
  const cancel = events.find(({ body }) => body.source === "local");
  const cancelled = cancel === undefined
    ? undefined
    : events.find(({ seq, body }) =>
      seq > cancel.seq && (body.status === "Cancelled" || body.status === "ApiCancelled")
    );
  const role = intent?.body.role;
  // A slice waits for its time, and rests at its price, on purpose.
  const isSlice = (intent?.body.parentOrderId ?? null) !== null;
  return {
    isPrompt: !isSlice && (role === "entry" || role === "exit"),
    signal: signalId === null ? undefined : facts.signals.get(signalId)?.at,
    sent: sent[0]?.at,
    acknowledged: events.find(({ body }) => body.source === "status")?.at,
    filled: executions[0]?.at,
    cancel: cancel?.at,
    cancelled: cancelled?.at,
  };
}

function latencyRow(id: string, label: string, values: readonly number[]): Row {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number): string | null => {
    const value = sorted[Math.ceil(sorted.length * share) - 1];
    return value === undefined ? null : String(value);
  };
  return {
    id,
    cells: [label, String(sorted.length), rank(0.5), rank(0.95), rank(0.99), rank(1)],
    n: sorted.length,
    reason: "None happened",
  };
}
