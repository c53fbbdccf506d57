import type { Column, Figure, Inputs, Report, Row, Table } from "./figure.ts";
import { display, displayCell, isNumeric, plural, shownRows, signOf, suffixOf } from "./format.ts";
import { type Markup, markup } from "./markup.ts";
import type { ZoneTimes } from "./times.ts";

/** What the parts of a page need to know of the whole. */
export interface Page {
  readonly report: Report;
  readonly times: ZoneTimes;
  readonly figures: ReadonlyMap<string, Figure>;
  /** execIds that have a row to jump to, with the number of that row. */
  readonly fillRows: ReadonlyMap<string, number>; // execId → row
  readonly fills: number;
}

/** More than a normal day's fills, and with the decisions near a megabyte; the rest is in CSV. */
export const HTML_ROWS_MAX = 600;
/** Sources listed one by one; of more the page says how many, and JSON has them all. */
const SOURCES_MAX = 8;

/** So many figures undefined for one reason are one sentence. */
const TOGETHER_MIN = 3;

/** Figures side by side: label above, value below. */
export function figuresHtml(figures: readonly Figure[], page: Page): Markup {
  const reasons = new Map<string, Figure[]>();
  for (const figure of figures) {
    if (figure.value !== null) continue;
    const reason = figure.reason ?? "";
    reasons.set(reason, [...(reasons.get(reason) ?? []), figure]);
  }
  const together = [...reasons.values()].filter(({ length }) => length >= TOGETHER_MIN);
  const alone = figures.filter((figure) => !together.some((group) => group.includes(figure)));
  return markup`${alone.length === 0 ? null : sideBySide(alone, page)}${
    together.map((group) =>
      markup`<p class="together">${
        group.map(({ id, label }, index) =>
          markup`${index === 0 ? "" : ", "}<span data-m="${id}" data-v="">${label}</span>`
        )
      }: ${display(null, "text", { times: page.times })} (${group[0]?.reason ?? ""})</p>`
    )
  }`;
}

function sideBySide(figures: readonly Figure[], page: Page): Markup {
  const items = figures.map((figure) => {
    const { id, label, value, unit, status, reason } = figure;
    return markup`<div data-m="${id}" data-v="${
      value ?? ""
    }" class="${status}"><dt>${label}</dt><dd>${display(value, unit, { times: page.times })}${
      reason === null ? null : markup`<span class="reason">${reason}</span>`
    }</dd></div>`;
  });
  return markup`<dl class="figures">${items}</dl>`;
}

export function tableHtml(given: Table, page: Page): Markup {
  const table = { ...given };
  const { id, caption, rows, empty, long = false } = table;
  if (rows.length === 0) {
    return markup`<div class="table" id="t-${id}"><p class="caption">${caption}</p><p class="empty">${empty}</p></div>`;
  }
  if (table.offPage === true) {
    return markup`<p class="note" id="t-${id}">${caption} as a table: ${
      plural(rows.length, "row")
    } in ${id}.csv.</p>`;
  }
  const body = markup`${tableBody(table, page)}${reasonsHtml(table)}${howTableHtml(table, page)}`;
  const kind = table.heat === true ? "table heat" : "table";
  if (!long) return markup`<div class="${kind}" id="t-${id}">${body}</div>`;
  return markup`<details class="table" id="t-${id}"><summary>${caption} <span class="count">${
    plural(rows.length, "row")
  }</span></summary>${body}</details>`;
}

function tableBody(table: Table, page: Page): Markup {
  const { caption, columns } = table;
  const { rows, note } = shownRows(table, HTML_ROWS_MAX);
  const head = columns.map(({ label, unit }) => {
    const name = table.long === true ? `${label}${headUnit(unit)}` : label;
    return markup`<th scope="col"${isNumeric(unit) ? NUMERIC : null}>${name}</th>`;
  });
  // A class per numeric column is a tenth of a class per cell.
  const right = columns.flatMap(({ unit }, index) => isNumeric(unit) ? [`r${index + 1}`] : []);
  const kind = table.long === true && right.length > 0 ? markup` class="${right.join(" ")}"` : null;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${kind}><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${rows.map((row) => rowHtml(row, table, page))}</tbody></table></div>${
    note === null ? null : markup`<p class="note">${note}</p>`
  }`;
}

/** HTML needs no end of a row that another follows. */
const END_OF_ROW = markup`</tr>`;
const NUMERIC = markup` class="n"`;

function rowHtml(row: Row, table: Table, page: Page): Markup {
  const cells = table.columns.map((column, index) =>
    (table.long === true ? slimCellHtml : cellHtml)(row.cells[index] ?? null, column, {
      row,
      table,
      page,
      first: index === 0,
    })
  );
  const fill = table.id === "fills" ? page.fillRows.get(row.id) : undefined;
  const target = fill === undefined ? null : markup` id="x${fill}"`;
  const kind = row.emphasis ?? "";
  const style = kind === "" ? null : markup` class="${kind}"`;
  return markup`<tr${target}${style}>${cells}${table.long === true ? null : END_OF_ROW}
`;
}

/** In a long table the unit stands once, at the head. */
function headUnit(unit: Column["unit"]): string {
  const suffix = suffixOf(unit).trim();
  return suffix === "" ? "" : `, ${suffix}`;
}

interface CellPlace {
  readonly row: Row;
  readonly table: Table;
  readonly page: Page;
  readonly first: boolean;
}

/** Long tables are most of a page, so their cells are as short as HTML allows. */
function slimCellHtml(
  value: string | null,
  column: Column,
  { row, page, first }: CellPlace,
): Markup {
  const shown = value === "" ? "" : displayCell(value, column, page.times);
  const bare = shown.endsWith(suffixOf(column.unit))
    ? shown.slice(0, shown.length - suffixOf(column.unit).length)
    : shown;
  const tone = column.signed === true && value !== null ? toneOf(value) : "";
  const waits = row.status === "provisional" && column.formula !== null && value !== "";
  const kind = waits ? markup`"${`${tone} provisional`.trim()}"` : tone === "" ? null : tone;
  const style = kind === null ? null : markup` class=${kind}`;
  return first ? markup`<th scope=row${style}>${bare}` : markup`<td${style}>${bare}`;
}

function cellHtml(
  value: string | null,
  column: Column,
  { row, table, page, first }: CellPlace,
): Markup {
  const shown = value === "" ? "" : displayCell(value, column, page.times);
  const classes = [
    isNumeric(column.unit) ? "n" : "",
    column.signed === true && value !== null ? toneOf(value) : "",
    value === null
      ? "undefined"
      : row.status === "provisional" && column.formula !== null
      ? "provisional"
      : "",
  ].filter((name) => name !== "").join(" ");
  const figure = column.formula === null || value === ""
    ? null
    : markup` data-m="${table.id}.${row.id}.${column.id}" data-v="${value ?? ""}"`;
  const style = classes === "" ? null : markup` class="${classes}"`;
  return first
    ? markup`<th scope="row"${style}${figure}>${shown}</th>`
    : markup`<td${style}${figure}>${shown}</td>`;
}

function toneOf(value: string): string {
  return ["loss", "", "gain"][signOf(value) + 1] ?? "";
}

/** Why something is undefined or provisional, below the table where everybody can read it. */
function reasonsHtml({ rows, columns }: Table): Markup | null {
  const reasons = new Map<string, string[]>(); // reason → rows it holds for
  for (const { cells, reason, status = "final", id } of rows) {
    const concerns = status !== "final" || columns.some((_, index) => cells[index] === null);
    if (reason === undefined || !concerns) continue;
    reasons.set(reason, [...(reasons.get(reason) ?? []), cells[0] ?? id]);
  }
  if (reasons.size === 0) return null;
  const items = [...reasons].map(([reason, labels]) => {
    const who = labels.length > 6 ? `${labels.slice(0, 6).join(", ")} …` : labels.join(", ");
    return markup`<li><b>${who}</b>: ${reason}</li>`;
  });
  return markup`<ul class="reasons">${items}</ul>`;
}

/** How figures came about, and the way to their sources. */
export function howHtml(key: string, figures: readonly Figure[], page: Page): Markup {
  const rows = figures.map(({ id, label, formula, n, inputs }) =>
    markup`<tr><th scope="row">${label}<br><code>${id}</code></th><td>${formula}</td><td class="n">${n}</td><td>${
      sourcesHtml(inputs, page)
    }</td></tr>
`
  );
  return markup`<details class="how" id="how-${key}"><summary>How these figures are made</summary><div class="scroll" tabindex="0" role="region" aria-label="Formulas and sources"><table><thead><tr><th scope="col">Figure</th><th scope="col">Formula</th><th scope="col" class="n">n</th><th scope="col">From</th></tr></thead><tbody>
${rows}</tbody></table></div></details>`;
}

function howTableHtml(table: Table, page: Page): Markup | null {
  const formulas = table.columns.flatMap(({ label, formula }) =>
    formula === null ? [] : [markup`<dt>${label}</dt><dd>${formula}</dd>`]
  );
  if (formulas.length === 0) return null;
  // Long tables stand on their own facts: a row of fills is its own source.
  const rows = table.long === true ? [] : table.rows.filter(({ inputs }) => inputs !== undefined);
  const sources = rows.map(({ cells, id, inputs = {}, n }) =>
    markup`<dt>${cells[0] ?? id}</dt><dd>${n === undefined ? null : `n = ${n}; `}${
      sourcesHtml(inputs, page)
    }</dd>`
  );
  return markup`<details class="how" id="how-${table.id}"><summary>How these figures are made</summary><dl>${formulas}</dl>${
    sources.length === 0 ? null : markup`<p>From</p><dl>${sources}</dl>`
  }</details>`;
}

/** The figure that lists every fill. */
const COUNTED = "day.fills";

function sourcesHtml({ execIds, intentIds, seqs, figures }: Inputs, page: Page): Markup {
  const every = markup`<a href="#t-fills">all ${page.fills} fills</a>`;
  const fills = execIds ?? [];
  const all = fills.length > SOURCES_MAX && page.fills > 0 && fills.length >= page.fills;
  const parts = [
    all
      ? every
      : listHtml("fill", fills, (id) =>
        page.fillRows.has(id)
          ? markup`<a href="#x${page.fillRows.get(id)}">${id}</a>`
          : markup`${id}`),
    listHtml("order", intentIds ?? [], (id) => markup`<code>${id}</code>`),
    listHtml("ledger entry", seqs ?? [], (seq) => markup`#${seq}`),
    ...(figures?.includes(COUNTED) === true && page.fills > 0 ? [every] : []),
    listHtml(
      "figure",
      (figures ?? []).filter((id) => id !== COUNTED),
      (id) => markup`<code>${id}</code>`,
    ),
  ].filter((part) => part !== null);
  if (parts.length === 0) return markup`the ledger's entries of this day`;
  return markup`${parts.map((part, index) => index === 0 ? part : markup`; ${part}`)}`;
}

function listHtml<T>(
  noun: string,
  items: readonly T[],
  render: (item: T) => Markup,
): Markup | null {
  if (items.length === 0) return null;
  const shown = items.slice(0, SOURCES_MAX).map((item, index) =>
    index === 0 ? render(item) : markup`, ${render(item)}`
  );
  const left = items.length - shown.length;
  const many = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return markup`${items.length === 1 ? noun : many} ${shown}${
    left > 0 ? ` and ${left} more, all in report.json` : null
  }`;
}
