import { type UnitOptions, type UnitRun, unitRuns } from "./units.ts";

/**
 * Lines for `crontab -e`.
 *
 * Only some crons know CRON_TZ (cronie does; Debian's, Ubuntu's and macOS's run every line by the host's zone, and
 * say nothing). So each line wakes up every five minutes and asks for the time at the exchange itself: right with
 * every cron, on every host, over every change to summer time on either side.
 */
export function crontab(options: UnitOptions): string {
  const runs = unitRuns(options);
  const zone = options.calendar.zone;
  return [
    "# robo-trader: add these lines with `crontab -e`.",
    `# Times are those of ${zone}. CRON_TZ=${zone} would be shorter, but many crons ignore it,`,
    "# so each line looks at the exchange's own clock: weekday 1-5, hour and minute.",
    ...runs.map((run) => cronLine(run, options)),
    "",
  ].join("\n");
}

function cronLine({ step, time, zone }: UnitRun, { deno, project }: UnitOptions): string {
  // Zones differ by multiples of 15 minutes, so a full five minutes there is one here.
  const everyFive = Number(time.slice(3)) % 5 === 0;
  const due = time.replace(":", "");
  const guard = `TZ=${shellQuote(zone)} date +%u%H%M | grep -q '^[1-5]${due}$'`;
  const command = `cd ${shellQuote(project)} && ${shellQuote(deno)} task ${step}`;
  const output = ">> schedule.log 2>&1";
  // A bare percent sign ends the command in a crontab.
  const line = `${guard} && ${command} ${output}`.replaceAll("%", "\\%");
  return `${everyFive ? "*/5" : "*"} * * * * ${line}`;
}

/** As one word of a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
