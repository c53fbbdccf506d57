import type { Reconciled } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import { nameRemainder } from "./bridge.ts";
import { type Day, provisionalBecause } from "./day.ts";
import type { Verdict } from "./figure.ts";
import { display, plural } from "./format.ts";

/** Are the books right? */
export function verdictOf(day: Day): Verdict {
  const { facts, accounting } = day;
  const details: string[] = [...endings(day)];
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
  const stated = day.statement?.breaks ?? 0;
  if (stated > 0) details.push(`The broker's statement differs in ${plural(stated, "place")}`);
  const unnamed = unexplained !== null &&
    nameRemainder(unexplained, accounting) === "unexplained";
  if (breaks + stated > 0 || unnamed || frozen.length > 0 || currencies.length > 1) {
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
      `Reconciled: ${fills.ledger} of ${fills.broker} fills, ${positions.ledger} of ${positions.broker} positions, ${nav}${provisional}${
        day.statement === null ? "" : ", statement agrees"
      }`,
    details,
  };
}

/** A halt, or an end that was not the day's: known before anything else is read. */
function endings({ facts, times }: Day): readonly string[] {
  const halted = facts.halts.filter(({ body }) => body.kind === "halted").map(({ at, body }) =>
    `Halted at ${times.minute(at)}: ${body.because}`
  );
  const before = facts.haltBefore === null
    ? []
    : [`Halted since before the session: ${facts.haltBefore.body.because}`];
  const closed = facts.closed.at(-1)?.body;
  const early = closed === undefined || closed.outcome === "done" || closed.outcome === "halted"
    ? []
    : [`The session was ${closed.outcome}: ${closed.because}`];
  const again = facts.opened.length > 1
    ? [`The session was started ${facts.opened.length} times that day`]
    : [];
  return [...before, ...halted, ...early, ...again];
}

function brokenText(
  { facts, statement }: Day,
  last: Reconciled | undefined,
  unnamed: boolean,
): string {
  const frozen = [...facts.orders.values()].filter((order) => order.frozen !== null).length;
  const stated = statement?.breaks ?? 0;
  const breaks = (last?.differences.length ?? 0) + frozen + stated + (unnamed ? 1 : 0);
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
