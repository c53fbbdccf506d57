import { type UnitOptions, UnitPathError, type UnitRun, unitRuns } from "./units.ts";
import { shellQuote } from "./crontab.ts";
import type { Step } from "./plan.ts";

export interface UnitFile {
  /** `robo-trader-session.timer` */
  readonly name: string;
  readonly text: string;
}

interface Service {
  readonly description: string;
  /** Lines of [Unit] and [Service] that only this one has. */
  readonly unit: readonly string[];
  readonly service: readonly string[];
  /** Whether a start that was slept through is made up for. */
  readonly persistent: boolean;
}

const SERVICES: Readonly<Record<Step, Service>> = {
  probe: {
    description: "robo-trader: look whether the Gateway is ready",
    unit: [],
    service: ["TimeoutStartSec=5min"],
    persistent: false,
  },
  session: {
    description: "robo-trader: one trading session",
    // Three starts in six hours, then it stays down and shows as failed.
    unit: ["StartLimitIntervalSec=6h", "StartLimitBurst=3"],
    service: [
      "Restart=on-failure",
      "RestartSec=30",
      "# Not again after: wrong configuration, halted, another session owns it, interrupted",
      "RestartPreventExitStatus=2 4 5 130",
      "# Only `deno task` gets SIGTERM, and passes it on; the session winds down by itself",
      "KillMode=mixed",
      "TimeoutStopSec=60",
    ],
    persistent: false,
  },
  report: {
    description: "robo-trader: report of the day",
    unit: [],
    service: ["TimeoutStartSec=30min"],
    persistent: true,
  },
};

/** A service and a timer for each task, as user units. */
export function systemdUnits(options: UnitOptions): readonly UnitFile[] {
  return unitRuns(options).flatMap((run) => [
    { name: `robo-trader-${run.step}.service`, text: serviceText(run.step, options) },
    { name: `robo-trader-${run.step}.timer`, text: timerText(run) },
  ]);
}

/** A shell script that writes the units and starts the timers. */
export function systemdScript(options: UnitOptions): string {
  const files = systemdUnits(options);
  const timers = files.map(({ name }) => name).filter((name) => name.endsWith(".timer"));
  return [
    "#!/bin/sh",
    "# Read it, then: deno task schedule --print systemd | sh",
    "# So that the timers run without a login: loginctl enable-linger",
    "set -eu",
    'units="${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user"',
    'mkdir -p "$units"',
    ...files.flatMap(({ name, text }) => [
      "",
      `cat > "$units"/${shellQuote(name)} <<'END_OF_UNIT'`,
      text.trimEnd(),
      "END_OF_UNIT",
    ]),
    "",
    "systemctl --user daemon-reload",
    `systemctl --user enable --now ${timers.join(" ")}`,
    "",
  ].join("\n");
}

function serviceText(step: Step, { deno, project }: UnitOptions): string {
  const { description, unit, service } = SERVICES[step];
  return [
    "[Unit]",
    `Description=${description}`,
    ...unit,
    "",
    "[Service]",
    // A session runs for hours, the others end at once; a timer starts nothing while its service still runs.
    `Type=${step === "session" ? "exec" : "oneshot"}`,
    `WorkingDirectory=${escapePercent(project)}`,
    `ExecStart=${program(deno)} task ${step}`,
    ...service,
    "",
  ].join("\n");
}

function timerText({ step, time, zone }: UnitRun): string {
  return [
    "[Unit]",
    `Description=${SERVICES[step].description} (timer)`,
    "",
    "[Timer]",
    `OnCalendar=Mon..Fri ${time}:00 ${zone}`,
    "AccuracySec=1s",
    `Persistent=${SERVICES[step].persistent}`,
    "",
    "[Install]",
    "WantedBy=timers.target",
    "",
  ].join("\n");
}

/** The program of an ExecStart line. systemd takes no quote or backslash in its name, whatever the quoting. */
function program(path: string): string {
  if (/['"\\]/.test(path)) {
    throw new UnitPathError(
      `Cannot use path ${path}: systemd runs no program with a quote in its path`,
    );
  }
  return `"${escapePercent(path)}"`;
}

/** A percent sign begins a specifier. */
function escapePercent(text: string): string {
  return text.replaceAll("%", "%%");
}
