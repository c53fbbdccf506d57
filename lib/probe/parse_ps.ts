import type { ProcessRow } from "./programs.ts";

/** The same columns on Linux (procps) and macOS; `=` takes the headings away. */
export const PS_ARGUMENTS = [
  "-axww",
  "-o",
  "pid=,ppid=,user=,state=,etime=,pcpu=,command=",
] as const;

const LINE = /^(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(.+)$/;
/** `[[days-]hours:]minutes:seconds` */
const ELAPSED = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/;

export function parsePs(output: string): ProcessRow[] {
  return output.split("\n").flatMap((line) => {
    const match = LINE.exec(line.trim());
    if (match === null) return [];
    const [, pid, parentPid, user = null, state = "", elapsed = "", cpu, commandLine = ""] = match;
    return [{
      pid: Number(pid),
      parentPid: Number(parentPid),
      user,
      state: state.charAt(0),
      ageMs: parseElapsed(elapsed),
      // Some locales print a decimal comma.
      cpuPercent: parsePercent(cpu),
      commandLine,
    }];
  });
}

function parseElapsed(text: string): number | null {
  const match = ELAPSED.exec(text);
  if (match === null) return null;
  const [, days = "0", hours = "0", minutes, seconds] = match;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) *
    1000;
}

function parsePercent(text: string | undefined): number | null {
  const percent = Number(text?.replace(",", "."));
  return Number.isFinite(percent) ? percent : null;
}
