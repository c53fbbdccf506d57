import { toNumber } from "../money.ts";
import { ALL_FILLS, type Day, exact, figure, provisionalBecause, undefinedBecause } from "./day.ts";
import type { Figure } from "./figure.ts";
import { decimal } from "./format.ts";
import { nearestLimit } from "./limits.ts";
import { nextOpen } from "./next.ts";
import { drawdownOf } from "./session_strip.ts";
import { outages } from "./strip_marks.ts";

/** The figures that stand at the top. */
export function headlineOf(day: Day): readonly Figure[] {
  return [...money(day), ...counts(day)];
}

/** Net first: it is shown largest. */
function money(day: Day): readonly Figure[] {
  const { facts, accounting } = day;
  const { net, realized, unrealizedChange, commissions, startNav } = accounting;
  const provisional = provisionalBecause(accounting);
  const reason = net === null ? undefinedBecause(day) : provisional;
  const gross = unrealizedChange === null ? null : realized + unrealizedChange;
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
      inputs: ALL_FILLS,
      reason: gross === null ? undefinedBecause(day) : null,
    }),
    figure({
      id: "day.commissions",
      label: "Commissions",
      unit: "money",
      value: exact(commissions),
      formula: "Sum of the newest commission report of each fill",
      n: facts.commissions.size,
      inputs: ALL_FILLS,
      reason: provisional,
    }),
  ];
}

function counts(day: Day): readonly Figure[] {
  const { facts, trips } = day;
  const closed = trips.filter(({ openQuantity }) => openQuantity === 0n);
  const won = closed.filter((trip) => trip.net > 0n).length;
  const drawdown = drawdownOf(day);
  const nearest = nearestLimit(day);
  const next = nextOpen(day);
  const broken = facts.incidents.length + outages(day).length + halted(day);
  return [
    figure({
      id: "day.fills",
      label: "Fills",
      unit: "count",
      value: String(facts.books.fills),
      formula: "Executions that count, corrected ones once",
      n: facts.executions.size,
      inputs: { execIds: [...facts.executions.keys()] },
    }),
    figure({
      id: "day.won",
      label: "Round trips won",
      unit: "percent",
      value: closed.length === 0 ? null : decimal((won / closed.length) * 100),
      formula: "Closed round trips with a net gain over all closed ones",
      n: closed.length,
      inputs: ALL_FILLS,
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
      id: "day.limit",
      label: nearest === null ? "Nearest limit" : `Nearest limit: ${nearest.label}`,
      unit: "percent",
      value: nearest?.used ?? null,
      formula: "The largest share used at any time of a limit on money, positions or orders",
      n: nearest === null ? 0 : 1,
      inputs: { figures: nearest === null ? [] : [`limits.${nearest.name}.used`] },
      reason: nearest === null ? "No limit was measured" : null,
    }),
    figure({
      id: "day.incidents",
      label: "Incidents",
      unit: "count",
      value: String(broken),
      formula: "Incidents, losses of the connection and halts",
      n: broken,
      inputs: { seqs: facts.incidents.map(({ seq }) => seq) },
    }),
    figure({
      id: "day.next",
      label: "Next open",
      unit: "text",
      value: next,
      formula: "The exchange's calendar, after the day's close",
      n: facts.opened.length,
      inputs: { seqs: facts.opened.slice(-1).map(({ seq }) => seq) },
      reason: next === null ? "The calendar does not reach so far" : null,
    }),
  ];
}

function halted({ facts }: Day): number {
  return facts.halts.filter(({ body }) => body.kind === "halted").length;
}
