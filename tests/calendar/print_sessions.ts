/** Prints every session of 2026 as the host sees it: run under several TZ, the outputs must be one. */
import { calendar } from "../../lib/calendar/calendar.ts";
import { compareLiquidHours } from "../../lib/calendar/liquid_hours.ts";

const lines: string[] = [];
for (const code of ["XNYS", "XLON"] as const) {
  const of = calendar(code);
  const afterMs = Temporal.Instant.from("2026-01-01T12:00:00Z").epochMilliseconds;
  const untilMs = Temporal.Instant.from("2026-12-31T00:00:00Z").epochMilliseconds;
  for (
    let session = of.nextSession(afterMs);
    session.opensAt < untilMs;
    session = of.nextSession(session.opensAt)
  ) {
    const { date, opensAt, closesAt } = session;
    lines.push(`${code} ${date} ${opensAt} ${closesAt} ${of.sessionAt(closesAt - 1)?.date}`);
  }
}
lines.push(JSON.stringify(compareLiquidHours(
  calendar("XNYS"),
  "20260401:0930-20260401:1500;20260403:CLOSED",
  "US/Eastern",
)));
await Deno.stdout.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
