import { type Block, type Figure, figuresOf, type Report, type Row } from "./figure.ts";

/** Every figure by id with all it stands on, and the report's own form, which names them where they are shown. */
export function toJson(report: Report): string {
  const { schema, verdict, headline, sections, ...rest } = report;
  return `${
    JSON.stringify({
      schema,
      verdict,
      figures: Object.fromEntries(figuresOf(report)),
      ...rest,
      headline: idsOf(headline),
      sections: sections.map((section) => ({ ...section, blocks: section.blocks.map(slim) })),
    })
  }\n`;
}

function idsOf(figures: readonly Figure[]): readonly string[] {
  return figures.map(({ id }) => id);
}

/** What a figure came from stands with the figure, not again with its row. */
function slim(block: Block): unknown {
  if (block.type === "figures") return { type: block.type, figures: idsOf(block.figures) };
  if (block.type !== "table" || block.table.long === true) return block;
  const rows = block.table.rows.map(({ inputs: _, ...row }: Row) => row);
  return { type: block.type, table: { ...block.table, rows } };
}
