import type { ListenerRow } from "./evidence.ts";
import { readListener } from "./listener.ts";
import type { Look, Looker } from "./looker.ts";
import { seen } from "./looker.ts";
import { portLabel, standardPort } from "./ports.ts";
import { describeProgram, isOfInterest, type Program } from "./programs.ts";
import type { Mode } from "./report.ts";

/** Everything of IB's on this machine, by looking alone: nothing is connected to. */
export interface Inventory {
  readonly schema: "robo-trader/probe-all@1";
  /** Null where programs could not be listed. */
  readonly programs: readonly Pick<Program, "pid" | "kind" | "label" | "state" | "ageMs">[] | null;
  /** Null where sockets could not be listed. */
  readonly listeners: readonly FoundListener[] | null;
  /** Why something could not be looked at. */
  readonly unseen: readonly string[];
}

export interface FoundListener {
  readonly address: string;
  readonly port: number;
  /** By the standard ports; null of another port. The account decides, and this asks none. */
  readonly mode: Mode | null;
  readonly program: string | null;
  readonly pid: number | null;
  readonly waiting: number | null;
}

export async function takeInventory(
  looker: Looker,
  signal: AbortSignal | undefined,
): Promise<Inventory> {
  const [processes, rows] = await Promise.all([looker.processes(signal), looker.sockets(signal)]);
  const programs: Look<readonly Program[]> = processes.seen
    ? seen(processes.value.map((row) => describeProgram(row, null)))
    : processes;
  const listeners = !rows.seen ? null : readListener(
    { rows: rows.value, programs: programs.seen ? programs.value : [], ownPid: Deno.pid },
    { addresses: [], port: 0, namespace: "host" },
  ).elsewhere;
  return {
    schema: "robo-trader/probe-all@1",
    programs: !programs.seen ? null : programs.value
      .filter(({ kind }) => isOfInterest(kind))
      .map(({ pid, kind, label, state, ageMs }) => ({ pid, kind, label, state, ageMs })),
    listeners: listeners?.map(foundListener) ?? null,
    unseen: [processes, rows].flatMap((look) => look.seen ? [] : [look.because]),
  };
}

function foundListener({ address, port, holder, queue }: ListenerRow): FoundListener {
  return {
    address,
    port,
    mode: standardPort(port)?.mode ?? null,
    program: holder?.label ?? null,
    pid: holder?.pid ?? null,
    waiting: queue?.waiting ?? null,
  };
}

export function renderInventory({ programs, listeners, unseen }: Inventory): string {
  const lines = [
    "Programs",
    ...(programs === null
      ? ["  could not be listed"]
      : programs.length === 0
      ? ["  none of IB's, and no relay"]
      : programs.map(programLine)),
    "",
    "Listeners",
    ...(listeners === null
      ? ["  could not be listed"]
      : listeners.length === 0
      ? ["  none on IB's ports"]
      : listeners.map(listenerLine)),
    ...unseen.map((because) => `\nCould not look: ${because}`),
  ];
  return lines.join("\n");
}

function programLine(
  { pid, label, state, ageMs }: NonNullable<Inventory["programs"]>[number],
): string {
  const age = ageMs === null ? "" : `up ${Math.floor(ageMs / 60_000)} min`;
  return `  ${label.slice(0, 36).padEnd(36)} pid ${String(pid).padEnd(9)} ${
    state === "T" ? "STOPPED" : age
  }`.trimEnd();
}

function listenerLine({ address, port, program, pid, waiting }: FoundListener): string {
  const where = `${address}:${portLabel(port)}`;
  const by = program === null ? "owner hidden" : `${program} (pid ${pid})`;
  const queue = waiting !== null && waiting > 0 ? `, ${waiting} waiting` : "";
  return `  ${where.padEnd(36)} ${by}${queue}`.slice(0, 80);
}
