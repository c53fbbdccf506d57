import type { Day } from "./day.ts";
import type { Row, Section, Table } from "./figure.ts";
import { decimal, plural } from "./format.ts";
import { LIMIT_KINDS } from "./limit_kinds.ts";
import { blocksByCode, codeTable, refusalTable } from "./refusals.ts";

/** How near the day came to each limit, and what the limits stopped. */
export function limitsSection(day: Day): Section {
  const limits = day.facts.opened.at(-1)?.body.limits ?? {};
  const { refusals, signals, repeats } = day.facts;
  const again = [...repeats.values()].reduce((sum, count) => sum + count, 0);
  const blocked = refusals.size + again;
  return {
    id: "risk",
    title: "Limits and refusals",
    lead: blocked === 0
      ? "No signal was refused."
      : `${blocked} of ${plural(signals.size + again, "signal")} ${
        blocked === 1 ? "was" : "were"
      } refused before anything was sent.`,
    blocks: [
      { type: "table", table: limitTable(day, limits) },
      { type: "table", table: ruleTable(day, limits) },
      { type: "table", table: codeTable(day) },
      { type: "table", table: refusalTable(day) },
    ],
  };
}

/** They sort single entries out, and a day in which they are never at their limit is a day without an entry. */
const GATES: ReadonlySet<string> = new Set([
  "maxBarVolumePct",
  "maxSpreadPct",
  "priceCollarPct",
  "maxQuoteAgeMs",
  "cooldownMs",
  "outlierPct",
]);

/** The limit on money, positions or orders of which most was used; null when none was measured. */
export function nearestLimit(
  day: Day,
): { readonly name: string; readonly label: string; readonly used: string } | null {
  const limits = day.facts.opened.at(-1)?.body.limits ?? {};
  const used = limitTable(day, limits).rows.flatMap(({ id, cells }) => {
    const [label, , , , share] = cells;
    return typeof share === "string" && !GATES.has(id)
      ? [{ name: id, label: label ?? id, used: share }]
      : [];
  });
  return used.toSorted((a, b) => Number(b.used) - Number(a.used))[0] ?? null;
}

function limitTable(day: Day, limits: Readonly<Record<string, string>>): Table {
  const blocks = blocksByCode(day);
  const rows = Object.entries(limits).flatMap(([name, text]): Row[] => {
    const kind = LIMIT_KINDS[name];
    if (kind === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return [];
    const peak = kind.peak(day);
    const limit = Number(text);
    const used = peak === null || limit === 0 ? null : (peak.value / limit) * 100;
    return [{
      id: name,
      cells: [
        kind.of === "" ? kind.label : `${kind.label}, ${kind.of}`,
        decimal(limit),
        peak === null ? null : decimal(peak.value),
        peak === null ? null : String(peak.at),
        used === null ? null : decimal(used),
        peak === null ? null : decimal(limit - peak.value),
        String(blocks.get(kind.code) ?? 0),
        kind.formula,
      ],
      inputs: { seqs: peak?.seqs ?? [] },
      n: peak === null ? 0 : 1,
      reason: kind.reason ?? "Nothing happened that it measures",
    }];
  });
  return {
    id: "limits",
    caption: "Limits",
    columns: [
      { id: "limit", label: "Limit", unit: "text", formula: null },
      { id: "value", label: "Allowed", unit: "number", formula: null },
      {
        id: "peak",
        label: "Highest",
        unit: "number",
        formula: "As the last column says",
      },
      { id: "when", label: "When", unit: "time", formula: null },
      { id: "used", label: "Used", unit: "percent", formula: "Highest over allowed" },
      { id: "left", label: "Left", unit: "number", formula: "Allowed less highest" },
      {
        id: "blocks",
        label: "Blocks",
        unit: "count",
        formula: "Signals refused with this limit's code",
      },
      { id: "how", label: "Highest means", unit: "text", formula: null },
    ],
    rows,
    empty: "The session wrote down no limit that can be measured.",
  };
}

/** Rules that allow or forbid and have no highest. */
const RULES: Readonly<Record<string, { readonly label: string; readonly code: string }>> = {
  allowShort: { label: "Entries may sell short", code: "SHORT_NOT_ALLOWED" },
  requireLiveQuotes: { label: "Entries need live quotes", code: "QUOTE_NOT_LIVE" },
};

function ruleTable(day: Day, limits: Readonly<Record<string, string>>): Table {
  const blocks = blocksByCode(day);
  const rows = Object.entries(limits).flatMap(([name, text]): Row[] => {
    const rule = RULES[name];
    if (rule === undefined) return [];
    const cells = [rule.label, text === "true" ? "yes" : "no", String(blocks.get(rule.code) ?? 0)];
    return [{ id: name, cells }];
  });
  return {
    id: "switches",
    caption: "What is allowed at all",
    columns: [
      { id: "rule", label: "Rule", unit: "text", formula: null },
      { id: "value", label: "In force", unit: "text", formula: null },
      {
        id: "blocks",
        label: "Blocks",
        unit: "count",
        formula: "Signals refused with this rule's code",
      },
    ],
    rows,
    empty: "The session wrote down no rule.",
  };
}
