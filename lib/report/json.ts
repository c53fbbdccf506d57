import { type Block, type Figure, figuresOf, type Report, type Row, type Table } from "./figure.ts";

/** Every figure by id with all it stands on, and the report's own form, which names them where they are shown. */
export function toJson(report: Report): string {
  return [...jsonParts(report)].join("");
}

/** Rows written at once: of a busy day's hundred thousand the text alone would be a hundred megabytes. */
const ROWS_AT_ONCE = 1_000;

/** The same text piece by piece. */
export function* jsonParts(report: Report): Iterable<string> {
  const { schema, verdict, headline, sections, ...rest } = report;
  yield `{${members({ schema, verdict })},"figures":{`;
  let comma = "";
  for (const [id, figure] of figuresOf(report)) {
    yield `${comma}${JSON.stringify(id)}:${JSON.stringify(figure)}`;
    comma = ",";
  }
  yield `},${members({ ...rest, headline: idsOf(headline) })},"sections":[`;
  for (const [index, { blocks, ...section }] of sections.entries()) {
    yield `${index === 0 ? "" : ","}{${members(section)},"blocks":[`;
    for (const [place, block] of blocks.entries()) {
      if (place > 0) yield ",";
      yield* blockParts(block);
    }
    yield "]}";
  }
  yield "]}\n";
}

/** Of an object's text what stands between its braces. */
function members(object: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(object).slice(1, -1);
}

function idsOf(figures: readonly Figure[]): readonly string[] {
  return figures.map(({ id }) => id);
}

function* blockParts(block: Block): Iterable<string> {
  if (block.type === "table") yield* tableParts(block.table);
  else if (block.type !== "figures") yield JSON.stringify(block);
  else yield JSON.stringify({ type: block.type, figures: idsOf(block.figures) });
}

/** What a figure came from stands with the figure, not again with its row; a long table has no other place for it. */
function* tableParts({ rows, ...table }: Table): Iterable<string> {
  yield `{"type":"table","table":{${members(table)},"rows":[`;
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    const told = table.long === true ? some : some.map(({ inputs: _, ...row }: Row) => row);
    yield `${from === 0 ? "" : ","}${JSON.stringify(told).slice(1, -1)}`;
  }
  yield "]}}";
}
