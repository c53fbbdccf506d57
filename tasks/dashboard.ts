import { CalendarOverrideError } from "../lib/calendar/overrides.ts";
import { loadCalendar } from "../lib/calendar/load.ts";
import { WallClock } from "../lib/clock.ts";
import { ConfigError, loadConfig, readConfigSources } from "../lib/config.ts";
import { CredentialError } from "../lib/dashboard/credentials.ts";
import { type Dashboard, startDashboard } from "../lib/dashboard/dashboard.ts";
import { openLedger, openLedgerReader } from "../lib/ledger/sqlite.ts";
import { complain, note, print } from "../lib/terminal.ts";
import { INTERRUPTED, interruptSignal } from "./interrupt.ts";

/** The command line's options. */
export interface DashboardOptions {
  /** 5555; another one needs its place in the permission set. */
  readonly port?: number | undefined;
  /** 127.0.0.1; addresses that others can reach are refused. */
  readonly host?: string | undefined;
  readonly ledger?: string | undefined;
  /** Folder of the reports: that of the configuration. */
  readonly reports?: string | undefined;
  /** The schedule's file: data/schedule.json. */
  readonly state?: string | undefined;
  /** Folder of key, link and metrics token: data/dashboard. */
  readonly credentials?: string | undefined;
  readonly config?: string | undefined;
  /** Pause, halt, flatten and resume from the page. */
  readonly allowControl?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export const DEFAULT_PORT = 5_555;
const EXIT = { failed: 1, usage: 2 } as const;
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** The live page, until it is interrupted; returns the exit code. */
export async function runDashboard(options: DashboardOptions): Promise<number> {
  const hostname = options.host ?? "127.0.0.1";
  if (!LOOPBACK.has(hostname)) {
    complain(
      `Cannot listen on "${hostname}": the page has no passwords, so only this machine may reach it. ` +
        `From elsewhere: ssh -L ${DEFAULT_PORT}:127.0.0.1:${DEFAULT_PORT} this-machine`,
    );
    return EXIT.usage;
  }
  try {
    using interrupt = interruptSignal();
    const dashboard = start({ ...options, host: hostname });
    greet(dashboard, options);
    await new Promise((resolve) => interrupt.signal.addEventListener("abort", resolve));
    await dashboard.close();
    return INTERRUPTED;
  } catch (error) {
    return exitCodeOf(error, options);
  }
}

function start(options: DashboardOptions & { readonly host: string }): Dashboard {
  const flags = { "ledger.path": { flag: "--ledger", value: options.ledger } };
  const { config } = loadConfig(readConfigSources({ file: options.config, flags }));
  const { path } = config.ledger;
  return startDashboard({
    hostname: options.host,
    port: options.port ?? DEFAULT_PORT,
    clock: new WallClock(),
    calendar: loadCalendar(config.session.exchange),
    openReader: () => openLedgerReader(path),
    identity: () => identityOf(path),
    openWriter: options.allowControl === true ? () => openLedger(path) : null,
    statePath: options.state ?? "data/schedule.json",
    reportsFolder: options.reports ?? config.report.folder,
    credentialsFolder: options.credentials ?? "data/dashboard",
  });
}

/** Device and inode: a restored backup has the name of the file it replaces, but not these. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino, birthtime } = Deno.statSync(path);
    return `${dev} ${ino ?? birthtime?.getTime() ?? 0}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function greet({ link, port }: Dashboard, options: DashboardOptions): void {
  if (options.json === true) print(JSON.stringify({ link, port, pid: Deno.pid }));
  else print(link);
  note("Open that address; it works once. The next one is in data/dashboard/link");
  if (options.allowControl === true) note("The page can pause, halt, flatten and resume");
}

/** Failures with a name get their exit code and a line; anything else is a defect and keeps its stack. */
function exitCodeOf(error: unknown, { port = DEFAULT_PORT }: DashboardOptions): number {
  if (error instanceof ConfigError || error instanceof CalendarOverrideError) {
    complain(error.message);
    return EXIT.usage;
  }
  if (error instanceof Deno.errors.AddrInUse) {
    complain(`Cannot listen on port ${port}: something does already; is it another dashboard?`);
    return EXIT.failed;
  }
  if (error instanceof CredentialError || error instanceof Deno.errors.NotCapable) {
    complain(error.message);
    return EXIT.failed;
  }
  throw error;
}
