import type { Reconciled } from "../ledger/entry.ts";
import { formatMicros, toNumber } from "../money.ts";
import { nameRemainder } from "./bridge.ts";
import { type Day, exact, figure, provisionalBecause, undefinedBecause } from "./day.ts";
import type { Figure, Inputs, Row, Section, Table, Verdict } from "./figure.ts";
import { decimal, display, plural } from "./format.ts";
import { drawdownOf, outages } from "./session_strip.ts";

/** Are the books right? */
export function verdictOf(day: Day): Verdict {
  const { facts, accounting } = day;
  const details: string[] = [];
  const last = facts.reconciled.at(-1)?.body;
  const { unexplained, currencies, missingCommissions } = accounting;
  const frozen = [...facts.orders.values()].filter((order) => order.frozen !== null);
  if (frozen.length > 0) {
    details.push(`${plural(frozen.length, "order")} frozen: what became of them is not proven`);
  }
  if (currencies.length > 1) {
    details.push(`Amounts came in ${currencies.join(" and ")}; they cannot be added`);
  }
  const because = provisionalBecause(accounting);
  if (because !== null) details.push(`${because}: net figures are provisional`);
  if (facts.late.length > 0) {
    details.push(`${plural(facts.late.length, "entry", "entries")} came after the session ended`);
  }
  const breaks = last === undefined ? 0 : last.differences.length;
  const unnamed = unexplained !== null &&
    nameRemainder(unexplained, accounting) === "unexplained";
  if (breaks > 0 || unnamed || frozen.length > 0 || currencies.length > 1) {
    if (unnamed) details.push(`${formatMicros(unexplained)} of the NAV's change has no name`);
    return { state: "broken", text: brokenText(day, last, unnamed), details };
  }
  if (last === undefined || last.at !== "end" || unexplained === null) {
    return { state: "unknown", text: unknownText(day, last), details };
  }
  const provisional = missingCommissions.length > 0 ? ", commissions provisional" : "";
  const nav = unexplained === 0n
    ? "NAV difference 0.00"
    : nameRemainder(unexplained, accounting) === "rounding"
    ? "NAV difference below a cent"
    : `NAV difference ${
      display(formatMicros(unexplained), "money", { times: day.times, signed: true })
    }`;
  const { fills, positions } = last;
  return {
    state: "reconciled",
    text:
      `Reconciled: ${fills.ledger} of ${fills.broker} fills, ${positions.ledger} of ${positions.broker} positions, ${nav}${provisional}`,
    details,
  };
}

function brokenText({ facts }: Day, last: Reconciled | undefined, unnamed: boolean): string {
  const frozen = [...facts.orders.values()].filter((order) => order.frozen !== null).length;
  const breaks = (last?.differences.length ?? 0) + frozen + (unnamed ? 1 : 0);
  const named =
    last?.differences.map(({ what, key, ledger, broker }) =>
      `${what} ${key} ledger ${ledger || "none"}, broker ${broker || "none"}`
    ) ?? [];
  const list = named.length === 0 ? "" : `: ${named.slice(0, 2).join("; ")}`;
  const more = named.length > 2 ? `; ${named.length - 2} more` : "";
  return `Not reconciled: ${plural(Math.max(breaks, 1), "break")}${list}${more}`;
}

function unknownText({ facts }: Day, last: Reconciled | undefined): string {
  const closed = facts.closed.at(-1)?.body;
  const how = closed === undefined
    ? "the session never closed its books"
    : `the session ended as ${closed.outcome}: ${closed.because}`;
  const since = last === undefined
    ? "Nothing was ever compared with the broker"
    : `The books agreed at the ${last.at}, and were not compared at the end`;
  return `Not known: ${how}. ${since}`;
}

/** The figures that stand at the top. */
export function headlineOf(day: Day): readonly Figure[] {
  const { facts, accounting, trips } = day;
  const { net, realized, unrealizedChange, commissions, startNav } = accounting;
  const reason = net === null ? undefinedBecause(day) : provisionalBecause(accounting);
  const gross = unrealizedChange === null ? null : realized + unrealizedChange;
  const closed = trips.filter(({ openQuantity }) => openQuantity === 0n);
  const won = closed.filter((trip) => trip.net > 0n).length;
  const drawdown = drawdownOf(day);
  const executions: Inputs = { execIds: [...facts.executions.keys()] };
  const percent = net === null || startNav === null || startNav <= 0n
    ? null
    : decimal((toNumber(net) / toNumber(startNav)) * 100);
  return [
    figure({
      id: "day.net",
      label: "Net profit and loss",
      unit: "money",
      value: exact(net),
      formula: "Realised plus unrealised change less commissions",
      n: facts.books.fills,
      inputs: {
        figures: ["bridge.realized.change", "bridge.unrealized.change", "day.commissions"],
      },
      reason,
    }),
    figure({
      id: "day.return",
      label: "Return on the day's opening NAV",
      unit: "percent",
      value: percent,
      formula: "Net over NAV at the start",
      n: 1,
      inputs: { figures: ["day.net", "bridge.start.nav"] },
      reason: percent === null ? undefinedBecause(day) : reason,
    }),
    figure({
      id: "day.gross",
      label: "Before costs",
      unit: "money",
      value: exact(gross),
      formula: "Realised plus unrealised change",
      n: facts.books.fills,
      inputs: executions,
      reason: gross === null ? undefinedBecause(day) : null,
    }),
    figure({
      id: "day.commissions",
      label: "Commissions",
      unit: "money",
      value: exact(commissions),
      formula: "Sum of the newest commission report of each fill",
      n: facts.commissions.size,
      inputs: executions,
      reason: provisionalBecause(accounting),
    }),
    figure({
      id: "day.fills",
      label: "Fills",
      unit: "count",
      value: String(facts.books.fills),
      formula: "Executions that count, corrected ones once",
      n: facts.executions.size,
      inputs: executions,
    }),
    figure({
      id: "day.won",
      label: "Round trips won",
      unit: "percent",
      value: closed.length === 0 ? null : decimal((won / closed.length) * 100),
      formula: "Closed round trips with a net gain over all closed ones",
      n: closed.length,
      inputs: executions,
      reason: closed.length === 0 ? "No round trip was closed" : null,
    }),
    figure({
      id: "day.drawdown",
      label: "Deepest drawdown",
      unit: "money",
      value: drawdown === null ? null : exact(drawdown.amount),
      formula: "Largest fall from the highest equity so far, the start counting as a height",
      n: facts.equity.length,
      inputs: { figures: ["equity.drawdown"] },
      reason: drawdown === null ? "No equity was sampled" : null,
    }),
    figure({
      id: "day.incidents",
      label: "Incidents",
      unit: "count",
      value: String(facts.incidents.length + outages(day).length + halted(day)),
      formula: "Incidents, losses of the connection and halts",
      n: facts.incidents.length + outages(day).length + halted(day),
      inputs: { seqs: facts.incidents.map(({ seq }) => seq) },
    }),
  ];
}

function halted({ facts }: Day): number {
  return facts.halts.filter(({ body }) => body.kind === "halted").length;
}

/** Internal, external, difference: every comparison the session made. */
export function reconciliationSection(day: Day): Section {
  const { facts } = day;
  const rows = facts.reconciled.flatMap(({ seq, at, body }): Row[] => [
    {
      id: `${seq}-fills`,
      cells: [
        String(at),
        body.at,
        "Fills",
        String(body.fills.ledger),
        String(body.fills.broker),
        String(body.fills.ledger - body.fills.broker),
      ],
      inputs: { seqs: [seq] },
    },
    {
      id: `${seq}-positions`,
      cells: [
        String(at),
        body.at,
        "Positions",
        String(body.positions.ledger),
        String(body.positions.broker),
        String(body.positions.ledger - body.positions.broker),
      ],
      inputs: { seqs: [seq] },
    },
    {
      id: `${seq}-cash`,
      cells: [
        String(at),
        body.at,
        "Cash",
        formatMicros(body.cash.ledger),
        formatMicros(body.cash.broker),
        formatMicros(body.cash.ledger - body.cash.broker),
      ],
      inputs: { seqs: [seq] },
    },
    ...body.differences.map((difference, index): Row => ({
      id: `${seq}-difference-${index + 1}`,
      cells: [
        String(at),
        body.at,
        `Break: ${difference.what} ${difference.key}`,
        difference.ledger === "" ? null : difference.ledger,
        difference.broker === "" ? null : difference.broker,
        null,
      ],
      inputs: { seqs: [seq] },
      reason: "One side does not have it",
      emphasis: "subtotal",
    })),
  ]);
  const table: Table = {
    id: "reconciliation",
    caption: "Ledger against broker",
    columns: [
      { id: "time", label: "Time", unit: "time", formula: null },
      { id: "at", label: "When", unit: "text", formula: null },
      { id: "what", label: "What", unit: "text", formula: null },
      { id: "internal", label: "Internal", unit: "shares", formula: null },
      { id: "external", label: "External", unit: "shares", formula: null },
      { id: "difference", label: "Difference", unit: "shares", formula: null },
    ],
    rows,
    empty: "The session never got to compare its books with the broker's.",
  };
  const count = facts.reconciled.length;
  const breaks = facts.reconciled.reduce((sum, { body }) => sum + body.differences.length, 0);
  return {
    id: "reconciliation",
    title: "Reconciliation",
    lead: count === 0
      ? "Nothing was compared with the broker."
      : `The books were compared with the broker's ${
        count === 1 ? "once" : count === 2 ? "twice" : `${count} times`
      }; ${
        breaks === 0 ? "they agreed" : `${plural(breaks, "break")} came up`
      }. No broker statement was given.`,
    blocks: [{ type: "table", table }],
  };
}
