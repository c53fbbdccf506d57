import { z } from "zod";
import type { ExchangeCode } from "./exchange.ts";

/**
 * Closures and early closes announced after this program was written. The file is a JSON list:
 * `[{ "exchange": "XNYS", "date": "2026-12-24", "closed": true, "because": "…" },
 *   { "exchange": "XNYS", "date": "2026-12-23", "closesAt": "13:00", "because": "…" }]`.
 */

/** One day that differs from the built-in calendar. `closesAt` is the exchange's local time. */
export type CalendarOverride =
  & { readonly exchange: ExchangeCode; readonly date: string; readonly because: string }
  & ({ readonly closed: true } | { readonly closesAt: string });

/** The overrides cannot be read, or contradict each other or the calendar. No session may open on a guess. */
export class CalendarOverrideError extends Error {
  override readonly name = "CalendarOverrideError";
}

const day = {
  exchange: z.enum(["XNYS", "XLON"]),
  date: z.iso.date(),
  because: z.string().trim().min(1),
};
const overrides = z.array(
  z.union([
    z.strictObject({ ...day, closed: z.literal(true) }),
    z.strictObject({
      ...day,
      closesAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write it as 13:00"),
    }),
  ], { error: "Needs exchange, date, because, and either closed: true or closesAt" }),
);

/**
 * The overrides in the text of a file; `source` names it in the error.
 *
 * @throws {CalendarOverrideError} when the text is not such a list
 */
export function parseOverrides(text: string, source: string): readonly CalendarOverride[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CalendarOverrideError(`Cannot read "${source}" as JSON: ${error.message}`);
  }
  const parsed = overrides.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new CalendarOverrideError(
    `Cannot read calendar overrides in "${source}":\n${z.prettifyError(parsed.error)}`,
  );
}
