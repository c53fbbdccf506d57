import { type Calendar, calendar } from "./calendar.ts";
import type { ExchangeCode } from "./exchange.ts";
import { CalendarOverrideError, parseOverrides } from "./overrides.ts";

/** Read when it exists; whoever knows of a closure writes it here. Every permission set may read `data`. */
export const OVERRIDES_FILE = "data/calendar.json";

/**
 * The calendar with the overrides of `file`, or of `data/calendar.json` if there is one.
 *
 * @throws {CalendarOverrideError} when the named file is missing, or what it says cannot be used
 */
export function loadCalendar(code: ExchangeCode, file?: string): Calendar {
  const path = file ?? OVERRIDES_FILE;
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (file === undefined) return calendar(code);
    throw new CalendarOverrideError(`Cannot read "${path}": it does not exist`);
  }
  return calendar(code, parseOverrides(text, path));
}
