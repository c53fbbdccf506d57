import { figuresOf, type Report } from "./figure.ts";

/** Everything, with exact values: the report's own form plus every figure by id. */
export function toJson(report: Report): string {
  const { schema, verdict, ...rest } = report;
  const figures = Object.fromEntries(figuresOf(report));
  return `${JSON.stringify({ schema, verdict, figures, ...rest })}\n`;
}
