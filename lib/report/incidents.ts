import { type Day, figure } from "./day.ts";
import type { Figure, Row, Section, Table } from "./figure.ts";
import { decimal, duration, plural } from "./format.ts";
import { farmOutages, outages } from "./strip_marks.ts";

/** What broke, for how long, and what was open meanwhile. */
export function incidentsSection(day: Day): Section {
  const { facts } = day;
  const lost = outages(day);
  const troubles = facts.incidents.filter(({ body }) => body.severity !== "note").length;
  const farms = farmOutages(day).length;
  const haltCount = facts.halts.filter(({ body }) => body.kind === "halted").length;
  const parts = [
    plural(troubles, "incident"),
    plural(lost.length, "loss of the connection", "losses of the connection"),
    plural(haltCount, "halt"),
    plural(farms, "data farm outage"),
  ];
  const quiet = troubles + lost.length + haltCount + farms === 0;
  return {
    id: "incidents",
    title: "Incidents and connection",
    lead: quiet ? "Nothing broke." : `${parts.join(", ")}.`,
    blocks: [
      { type: "figures", figures: [...connectionFigures(day), ...machineFigures(day)] },
      { type: "table", table: incidentTable(day) },
      { type: "table", table: messageTable(day) },
      { type: "table", table: stateTable(day) },
    ],
  };
}

function connectionFigures(day: Day): readonly Figure[] {
  const { facts } = day;
  const lost = outages(day).map(({ time, until }) => (until ?? time) - time);
  const ready = facts.connections.find(({ body }) => body.state === "ready");
  const total = ready === undefined || facts.last === null ? 0 : facts.last.at - ready.at;
  const down = lost.reduce((sum, ms) => sum + ms, 0);
  const seqs = facts.connections.map(({ seq }) => seq);
  const sorted = lost.toSorted((a, b) => a - b);
  const median = sorted[Math.ceil(sorted.length / 2) - 1];
  return [
    figure({
      id: "connection.uptime",
      label: "Connected",
      unit: "percent",
      value: total <= 0 ? null : decimal((1 - down / total) * 100),
      formula: "Time ready over time from the first ready to the last entry",
      n: facts.connections.length,
      inputs: { seqs },
      reason: total <= 0 ? "The connection was never ready" : null,
    }),
    figure({
      id: "connection.losses",
      label: "Losses",
      unit: "count",
      value: String(lost.length),
      formula: "Times the state left ready after it was first reached",
      n: facts.connections.length,
      inputs: { seqs },
    }),
    figure({
      id: "connection.median",
      label: "Back after, median",
      unit: "ms",
      value: median === undefined ? null : String(median),
      formula: "Median time from a loss to ready",
      n: lost.length,
      inputs: { seqs },
      reason: median === undefined ? "The connection was not lost" : null,
    }),
    figure({
      id: "connection.longest",
      label: "Back after, longest",
      unit: "ms",
      value: lost.length === 0 ? null : String(sorted.at(-1)),
      formula: "Longest time from a loss to ready",
      n: lost.length,
      inputs: { seqs },
      reason: lost.length === 0 ? "The connection was not lost" : null,
    }),
  ];
}

/** Starts of the session and the two clocks. */
function machineFigures({ facts }: Day): readonly Figure[] {
  const offsets = facts.clocks.map(({ body, seq }) => ({ ms: body.offsetMs, seq }))
    .toSorted((a, b) => Math.abs(a.ms) - Math.abs(b.ms));
  const widest = offsets.at(-1);
  const restarts = Math.max(0, facts.opened.length - 1);
  return [
    figure({
      id: "session.restarts",
      label: "Restarts",
      unit: "count",
      value: String(restarts),
      formula: "Times a session of this date was opened again",
      n: facts.opened.length,
      inputs: { seqs: facts.opened.map(({ seq }) => seq) },
    }),
    figure({
      id: "clock.offset",
      label: "Clocks apart, widest",
      unit: "ms",
      value: widest === undefined ? null : String(widest.ms),
      formula: "TWS's clock less ours, the largest of the day; half a second either way is unknown",
      n: offsets.length,
      inputs: { seqs: widest === undefined ? [] : [widest.seq] },
      reason: widest === undefined ? "The clocks were never compared" : null,
    }),
  ];
}

const COMMAND_NAMES = {
  halted: "halted",
  "halt-lifted": "halt lifted",
  "entries-paused": "entries paused",
  "entries-resumed": "entries resumed",
  "flatten-requested": "everything to be closed",
} as const;

interface Happening {
  readonly id: string;
  readonly at: number;
  readonly durationMs: number | null;
  readonly kind: string;
  readonly symbol: string;
  readonly text: string;
  readonly seqs: readonly number[];
}

function happenings(day: Day): readonly Happening[] {
  const { facts } = day;
  const lost = outages(day).map(({ time, until, text }, index): Happening => ({
    id: `outage-${index + 1}`,
    at: time,
    durationMs: until === null ? null : until - time,
    kind: "connection lost",
    symbol: "",
    text,
    seqs: facts.connections.filter(({ at }) => at === time || at === until).map(({ seq }) => seq),
  }));
  const incidents = facts.incidents.map(({ seq, at, body }): Happening => ({
    id: String(seq),
    // One that says how long it lasted is written at its end.
    at: at - (body.durationMs ?? 0),
    durationMs: body.durationMs,
    kind: `${body.severity}: ${body.code}`,
    symbol: body.symbol ?? "",
    text: body.text,
    seqs: [seq],
  }));
  const farms = farmOutages(day).map(({ time, until, text }, index): Happening => ({
    id: `farm-${index + 1}`,
    at: time,
    durationMs: until === null ? null : until - time,
    kind: "data farm lost",
    symbol: "",
    text,
    seqs: facts.farms.filter(({ at }) => at === time || at === until).map(({ seq }) => seq),
  }));
  const commands = [...facts.halts, ...facts.pauses, ...facts.flattens].map(
    ({ seq, at, body }): Happening => ({
      id: String(seq),
      at,
      durationMs: null,
      kind: COMMAND_NAMES[body.kind],
      symbol: "",
      text: `${body.actor}: ${body.because}`,
      seqs: [seq],
    }),
  );
  return [...lost, ...farms, ...incidents, ...commands].toSorted((a, b) => a.at - b.at);
}

function incidentTable(day: Day): Table {
  return {
    id: "incidents",
    caption: "What broke",
    columns: [
      { id: "time", label: "Time", unit: "time", formula: null },
      { id: "kind", label: "What", unit: "text", formula: null },
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "duration", label: "Lasted", unit: "ms", formula: null },
      { id: "open", label: "Open then", unit: "text", formula: null },
      { id: "text", label: "In words", unit: "text", formula: null },
    ],
    rows: happenings(day).map((one): Row => ({
      id: one.id,
      cells: [
        String(one.at),
        one.kind,
        one.symbol,
        one.durationMs === null ? "" : String(one.durationMs),
        openAt(day, one.at),
        one.text,
      ],
      inputs: { seqs: one.seqs },
    })),
    empty: "No incident, no halt, no pause, no loss of the connection or of a data farm.",
  };
}

/** `2 orders, 1 position`: what was at stake at that moment. */
function openAt({ facts, trips }: Day, at: number): string {
  const orders = [...facts.orders.values()].filter(({ sent, events }) => {
    const [first] = sent;
    const last = events.findLast(({ body }) => FINAL.has(body.status));
    return first !== undefined && first.at <= at && (last === undefined || last.at > at);
  }).length;
  const positions =
    trips.filter(({ openedAt, closedAt }) =>
      (openedAt ?? -Infinity) <= at && (closedAt ?? Infinity) > at
    ).length;
  return `${plural(orders, "order")}, ${plural(positions, "position")}`;
}

const FINAL: ReadonlySet<string> = new Set(["Filled", "Cancelled", "ApiCancelled", "Inactive"]);

/** Most of them confirm that a stop was cancelled, and each stands with its order too. */
const MESSAGES_MAX = 100;

function messageTable({ facts }: Day): Table {
  const messages = [...facts.orders.values()].flatMap((order) =>
    order.messages.map((message) => ({ message, symbol: order.intent?.body.symbol ?? "" }))
  ).toSorted((a, b) => a.message.seq - b.message.seq);
  return {
    id: "messages",
    caption: "What the broker said about orders",
    columns: [
      { id: "time", label: "Time", unit: "time", formula: null },
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "order", label: "Order", unit: "text", formula: null },
      { id: "code", label: "Code", unit: "text", formula: null },
      { id: "text", label: "Text", unit: "text", formula: null },
    ],
    rows: messages.map(({ message, symbol }): Row => ({
      id: String(message.seq),
      cells: [
        String(message.at),
        symbol,
        String(message.body.orderId),
        String(message.body.code),
        message.body.text,
      ],
      inputs: { seqs: [message.seq] },
    })),
    empty: "The broker said nothing about any order.",
    long: true,
    pageRows: MESSAGES_MAX,
  };
}

function stateTable({ facts, times }: Day): Table {
  const { states } = facts;
  return {
    id: "states",
    caption: "How the session went",
    columns: [
      { id: "time", label: "Time", unit: "text", formula: null },
      { id: "state", label: "State", unit: "text", formula: null },
      { id: "lasted", label: "Lasted", unit: "text", formula: null },
      { id: "because", label: "Because", unit: "text", formula: null },
    ],
    rows: states.map(({ seq, at, body }, index): Row => {
      const next = states[index + 1]?.at;
      return {
        id: String(seq),
        cells: [
          times.time(at),
          body.to,
          next === undefined ? "" : duration(next - at),
          body.because,
        ],
        inputs: { seqs: [seq] },
      };
    }),
    empty: "No state was written down.",
    long: true,
  };
}
