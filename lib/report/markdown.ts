import type { Block, Figure, Report, Row, Story, Table, Verdict } from "./figure.ts";
import { display, displayCell, isNumeric, shownRows } from "./format.ts";
import { mostTelling, untoldText } from "./html_stories.ts";
import { ZoneTimes } from "./times.ts";

/** Rows and stories of the long lists that a page of text can bear; the rest is in CSV and JSON. */
export const LONG_ROWS_MAX = 60;

export const VERDICT_MARKS: Readonly<Record<Verdict["state"], string>> = {
  reconciled: "✓",
  broken: "✗",
  unknown: "?",
};

export function toMarkdown(report: Report): string {
  const times = new ZoneTimes(report.zone);
  const { verdict } = report;
  const parts = [
    `# ${escape(report.title)}`,
    [
      report.exchange,
      `${report.mode} account ${report.account}`,
      report.strategy,
      `times in ${report.timesIn}`,
    ]
      .map(escape).join(" · "),
    `**${VERDICT_MARKS[verdict.state]} ${escape(verdict.text)}**`,
    verdict.details.map((detail) => `- ${escape(detail)}`).join("\n"),
    figureTable(report.headline, report, times),
    ...report.sections.flatMap(({ title, lead, blocks }) => [
      `## ${escape(title)}`,
      escape(lead),
      ...blocks.map((block) => blockText(block, report, times)),
    ]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function blockText(block: Block, report: Report, times: ZoneTimes): string {
  switch (block.type) {
    case "figures":
      return figureTable(block.figures, report, times);
    case "table":
      return tableText(block.table, times);
    case "stories":
      return storiesText(block, times);
    case "note":
      return escape(block.text);
    case "chart":
      // What a chart draws stands in the tables beside it.
      return "";
  }
}

function figureTable(figures: readonly Figure[], { currency }: Report, times: ZoneTimes): string {
  const lines = figures.map(({ id, label, value, unit, status, reason }) => {
    const shown = display(value, unit, { times });
    const suffix = unit === "money" && value !== null ? ` ${currency}` : "";
    const note = status === "final" ? "" : `${status}: ${reason ?? ""}`;
    return `| ${escape(label)} | ${escape(shown + suffix)} | \`${id}\` | ${escape(note)} |`;
  });
  return ["| Figure | Value | Id | Note |", "|---|--:|---|---|", ...lines].join("\n");
}

function tableText(given: Table, times: ZoneTimes): string {
  const table = { ...given };
  const { caption, id, columns, rows, empty, long = false } = table;
  const heading = `### ${escape(caption)} (\`${id}\`)`;
  if (rows.length === 0) return `${heading}\n\n${escape(empty)}`;
  const { rows: shown, note } = shownRows(table, long ? LONG_ROWS_MAX : Infinity);
  const head = `| ${columns.map(({ label }) => escape(label)).join(" | ")} |`;
  const rule = `|${columns.map(({ unit }) => isNumeric(unit) ? "--:" : "---").join("|")}|`;
  const body = shown.map((row) => {
    const cells = columns.map((column, index) => {
      const value = row.cells[index] ?? null;
      return value === "" ? "" : escape(displayCell(value, column, times));
    });
    return `| ${cells.join(" | ")} |`;
  });
  const notes = [
    ...(note === null ? [] : [note]),
    ...shown.flatMap((row) => noteOf(row, table)),
  ];
  return [heading, "", head, rule, ...body, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}

/** Why something in a row is undefined or provisional. */
function noteOf(row: Row, { columns, id }: Table): readonly string[] {
  const { status = "final", reason, cells } = row;
  if (reason === undefined) return [];
  const missing = columns.filter((_, index) => cells[index] === null).map(({ label }) => label);
  if (missing.length === 0 && status === "final") return [];
  const what = missing.length === 0 ? status : `${missing.join(", ")} undefined`;
  return [`- \`${id}.${escape(row.id)}\` ${escape(what)}: ${escape(reason)}`];
}

function storiesText(
  { stories, untold }: { readonly stories: readonly Story[]; readonly untold: number },
  times: ZoneTimes,
): string {
  const shown = mostTelling(stories, LONG_ROWS_MAX);
  const told = shown.map((story) => {
    const why = story.why.map(({ label, text }) => `- ${escape(label)}: ${escape(text)}`);
    const events = story.events.map(({ at, order, what, detail, quote }) => {
      const seen = quote === null ? "" : ` (quote ${quote})`;
      const more = detail === "" ? "" : `: ${detail}`;
      return `- ${times.timeMs(at)} ${escape(order === "" ? what : `${order}: ${what}`)}${
        escape(more)
      }${escape(seen)}`;
    });
    const title = `#### ${times.time(story.at)} ${escape(story.symbol)} ${escape(story.title)}`;
    return [title, "", `${escape(story.outcome)}`, "", ...why, ...events].join("\n");
  });
  const note = untoldText({ told: shown.length, stories: stories.length, untold });
  return [...(note === null ? [] : [escape(note)]), ...told].join("\n\n");
}

/** Whatever the ledger says, it stays text: no markup, no link, no new row. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, "\\$&").replace(/\s*[\r\n]+\s*/g, " ");
}
