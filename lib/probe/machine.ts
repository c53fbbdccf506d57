import { type Look, type Looker, type Namespace, seen, unseen } from "./looker.ts";
import { anyAddress, LSOF_ARGUMENTS, parseLsof, withDescriptors } from "./parse_lsof.ts";
import {
  NETSTAT_ARGUMENTS,
  NETSTAT_QUEUE_ARGUMENTS,
  type NetstatQueue,
  parseNetstat,
  parseNetstatQueues,
} from "./parse_netstat.ts";
import { parsePowershell, POWERSHELL_ARGUMENTS, type WindowsTables } from "./parse_powershell.ts";
import { parsePs, PS_ARGUMENTS } from "./parse_ps.ts";
import { parseSs, SS_ARGUMENTS } from "./parse_ss.ts";
import type { ProcessRow } from "./programs.ts";
import type { SocketRow } from "./sockets.ts";

/**
 * The programs that show sockets and processes, by absolute path: the permission to run is given for exactly
 * these, and a PATH that cron or launchd cut short must not turn "cannot look" into "nothing listens".
 */
export const TOOLS = {
  ss: ["/usr/bin/ss", "/usr/sbin/ss", "/bin/ss", "/sbin/ss"],
  ps: ["/bin/ps", "/usr/bin/ps"],
  lsof: ["/usr/sbin/lsof", "/usr/bin/lsof"],
  netstat: ["/usr/sbin/netstat"],
  powershell: ["C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Tool = keyof typeof TOOLS;

/** A socket table takes 10 ms on Linux and a PowerShell start the better part of a second; longer is stuck. */
const LOOK_MAX_MS = 3_000;

/** The machine this program runs on. */
export function machineLooker(tools: Readonly<Record<Tool, readonly string[]>> = TOOLS): Looker {
  const platform = Deno.build.os;
  const run = (tool: Tool, args: readonly string[], signal: AbortSignal | undefined) =>
    runFirst({ tool, paths: tools[tool], args, signal });
  // One PowerShell start answers both questions; it is asked again only for a later look at the sockets.
  let windowsTables: Promise<Look<WindowsTables>> | null = null;
  const windows = (signal: AbortSignal | undefined): Promise<Look<WindowsTables>> =>
    run("powershell", POWERSHELL_ARGUMENTS, signal).then(readWindows);
  return {
    platform,
    namespace,
    async sockets(signal): Promise<Look<readonly SocketRow[]>> {
      if (platform === "windows") {
        windowsTables = windows(signal);
        const tables = await windowsTables;
        return tables.seen ? seen(tables.value.sockets) : tables;
      }
      if (platform === "darwin") return await macSockets((tool, args) => run(tool, args, signal));
      const output = await run("ss", SS_ARGUMENTS, signal);
      return output.seen ? seen(parseSs(output.value)) : output;
    },
    async processes(signal): Promise<Look<readonly ProcessRow[]>> {
      if (platform === "windows") {
        const tables = await (windowsTables ?? (windowsTables = windows(signal)));
        return tables.seen ? seen(tables.value.processes) : tables;
      }
      const output = await run("ps", PS_ARGUMENTS, signal);
      return output.seen ? seen(parsePs(output.value)) : output;
    },
  };
}

type Run = (tool: Tool, args: readonly string[]) => Promise<Look<string>>;

async function macSockets(run: Run): Promise<Look<readonly SocketRow[]>> {
  const [table, queues, descriptors] = await Promise.all([
    run("netstat", NETSTAT_ARGUMENTS),
    run("netstat", NETSTAT_QUEUE_ARGUMENTS),
    run("lsof", LSOF_ARGUMENTS),
  ]);
  if (!table.seen) return table;
  return seen(mergeMac(table.value, {
    queues: queues.seen ? queues.value : "",
    descriptors: descriptors.seen ? descriptors.value : null,
  }));
}

/** netstat's sockets with their queues, and with what lsof knows of owners. Pure. */
export function mergeMac(
  table: string,
  { queues, descriptors }: { readonly queues: string; readonly descriptors: string | null },
): SocketRow[] {
  const waiting = parseNetstatQueues(queues);
  const rows = parseNetstat(table).map((row) => ({ ...row, queue: queueOf(row, waiting) }));
  return descriptors === null ? rows : withDescriptors(rows, parseLsof(descriptors));
}

function queueOf(row: SocketRow, queues: readonly NetstatQueue[]): SocketRow["queue"] {
  if (row.state !== "LISTEN") return null;
  const { address, port } = row.local;
  const found = queues.find(({ local }) =>
    local.port === port && anyAddress(local.address) === anyAddress(address)
  );
  return found === undefined ? null : { waiting: found.waiting, max: found.max };
}

function readWindows(output: Look<string>): Look<WindowsTables> {
  if (!output.seen) return output;
  try {
    return seen(parsePowershell(output.value));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return unseen(`PowerShell printed something else than JSON: "${output.value.slice(0, 40)}"`);
  }
}

interface RunOptions {
  readonly tool: Tool;
  readonly paths: readonly string[];
  readonly args: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** Output of the first of these programs that exists and may be run. */
async function runFirst({ tool, paths, args, signal }: RunOptions): Promise<Look<string>> {
  let because = `${tool} is not installed at ${paths.join(", ")}`;
  for (const path of paths) {
    const limit = AbortSignal.timeout(LOOK_MAX_MS);
    try {
      const output = await new Deno.Command(path, {
        args: [...args],
        stdin: "null",
        stdout: "piped",
        stderr: "null",
        env: { LC_ALL: "C" },
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      }).output();
      signal?.throwIfAborted();
      if (limit.aborted) return unseen(`${path} did not finish within ${LOOK_MAX_MS} ms`);
      // lsof ends with 1 when it could not show everything; what it printed is still true.
      if (output.success || output.stdout.length > 0) {
        return seen(new TextDecoder().decode(output.stdout));
      }
      because = `${path} failed with exit code ${output.code}`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      if (
        !(error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied)
      ) {
        throw error;
      }
      because = `no permission to run ${path}`;
    }
  }
  return unseen(because);
}

const CONTAINER_MARKS = ["/.dockerenv", "/run/.containerenv"];

/** Whose sockets the table of this machine shows. */
function namespace(): Look<Namespace> {
  if (Deno.build.os !== "linux") return seen("host");
  try {
    if (/microsoft/i.test(Deno.osRelease())) return seen("wsl");
    return seen(CONTAINER_MARKS.some(exists) ? "container" : "host");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return unseen(`no permission to look where this runs (${error.message.split(",", 1)[0]})`);
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
