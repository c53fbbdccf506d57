import { sleep } from "../clock.ts";
import { attempt, type AttemptDeps, type AttemptOptions, type Ends } from "./attempt.ts";
import type { Conversation } from "./conversation.ts";
import type { ProbeDeps } from "./deps.ts";
import type {
  ConnectionEvidence,
  Evidence,
  ListenerEvidence,
  ServerSide,
  SessionEvidence,
} from "./evidence.ts";
import { isNotReaped, type Machine, readListener, readServerSide } from "./listener.ts";
import { type Look, seen, unseen } from "./looker.ts";
import { type ProbeOptions, wantedChecks } from "./options.ts";
import { modeOfPort } from "./ports.ts";
import { describeProgram, type Program } from "./programs.ts";
import type { CheckId } from "./report.ts";
import { resolveHost } from "./resolve.ts";
import { holdSession } from "./session.ts";
import { isLoopback, type SocketRow } from "./sockets.ts";
import { checkTls } from "./tls_check.ts";

/** Connections of one run. Each is a guest in someone else's machine. */
const CONNECTIONS_MAX = 3;
/** How often the socket table is read while waiting for a listener: reading it costs the Gateway nothing. */
const LISTENER_POLL_MS = 1_000;
/** A Gateway that closes at once while it starts is asked again after this. */
const RETRY_MS = 5_000;

/** Looks and asks, in the order that does the least harm, and concludes nothing. */
export async function gather(options: ProbeOptions, deps: ProbeDeps): Promise<Evidence> {
  return await new Gathering(options, deps).run();
}

class Gathering {
  readonly #options: ProbeOptions;
  readonly #deps: ProbeDeps;
  readonly #wanted: ReadonlySet<CheckId>;
  readonly #timings = new Map<CheckId, number>();
  readonly #connections: ConnectionEvidence[] = [];
  #addresses: readonly string[] = [];
  #programs: Look<readonly Program[]> | null = null;
  #listener: Look<ListenerEvidence> | null = null;
  #session: SessionEvidence | null = null;

  constructor(options: ProbeOptions, deps: ProbeDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#wanted = wantedChecks(options.only);
  }

  async run(): Promise<Evidence> {
    const { clock, looker } = this.#deps;
    const { timeoutMs, waitMs } = this.#options;
    const patienceEndsMs = clock.now() + waitMs;
    this.#addresses = await resolveHost(this.#options.host, { clock, timeoutMs });
    const namespace = looker.namespace();
    if (this.#wanted.has("process")) await this.#timed("process", () => this.#lookAtPrograms());
    if (this.#wanted.has("listener")) {
      await this.#timed("listener", () => this.#lookForListener(patienceEndsMs));
    }
    if (this.#wanted.has("tcp") && !this.#nobodyListens()) await this.#connect(patienceEndsMs);
    return {
      target: this.#target(),
      observer: { platform: looker.platform, namespace },
      programs: this.#programs,
      listener: this.#listener,
      connections: this.#connections,
      session: this.#session,
      calendar: this.#wanted.has("calendar") ? this.#deps.calendar?.() ?? null : null,
      ledger: this.#wanted.has("ledger") ? await this.#deps.ledger?.look() ?? null : null,
      wanted: this.#wanted,
      timings: this.#timings,
    };
  }

  #target(): Evidence["target"] {
    const { host, port, clientId, expectedMode, timeoutMs, ordersWanted } = this.#options;
    return {
      host,
      port,
      clientId,
      expectedMode: expectedMode ?? modeOfPort(port),
      timeoutMs,
      ordersWanted,
      addresses: this.#addresses,
      loopback: this.#addresses.every(isLoopback),
    };
  }

  async #lookAtPrograms(): Promise<void> {
    const rows = await this.#deps.looker.processes(this.#deps.signal);
    if (!rows.seen) {
      this.#programs = rows;
      return;
    }
    const ourUser = rows.value.find(({ pid }) => pid === Deno.pid)?.user ?? null;
    this.#programs = seen(rows.value.map((row) => describeProgram(row, ourUser)));
  }

  /** Reads the socket table until somebody listens, or patience ends. */
  async #lookForListener(patienceEndsMs: number): Promise<void> {
    const { clock, looker, signal } = this.#deps;
    for (;;) {
      const rows = await looker.sockets(signal);
      this.#listener = rows.seen
        ? seen(readListener(this.#machine(rows.value), {
          addresses: this.#addresses,
          port: this.#options.port,
          namespace: this.#namespace(),
        }))
        : rows;
      const leftMs = patienceEndsMs - clock.now();
      if (!this.#nobodyListens() || leftMs <= 0) return;
      this.#progress("listener", `waiting for port ${this.#options.port}`, leftMs);
      await sleep(clock, Math.min(LISTENER_POLL_MS, leftMs), signal);
      // Who runs may change while we wait: a Gateway that was started meanwhile.
      if (this.#wanted.has("process")) await this.#lookAtPrograms();
    }
  }

  /** The table of this very machine shows no listener: then nothing is sent at all. */
  #nobodyListens(): boolean {
    const look = this.#listener;
    return look !== null && look.seen && look.value.authoritative && look.value.onPort.length === 0;
  }

  /** Tries the addresses one after the other until one connects, and again while there is patience left. */
  async #connect(patienceEndsMs: number): Promise<void> {
    const { clock, signal } = this.#deps;
    for (;;) {
      const deadlineMs = clock.now() + this.#options.timeoutMs;
      const last = await this.#tryAddresses(deadlineMs, Math.max(0, patienceEndsMs - deadlineMs));
      const leftMs = patienceEndsMs - clock.now();
      const retries = last !== undefined && isWorthRetrying(last) && leftMs >= RETRY_MS &&
        this.#connectedCount() < CONNECTIONS_MAX;
      if (!retries) return await this.#secondOpinion(deadlineMs);
      this.#progress("tcp", "waiting for it to come back", leftMs);
      await sleep(clock, RETRY_MS, signal);
      // A refusal is no connection; only the newest is worth telling.
      if (last.outcome !== "connected") this.#connections.length = 0;
    }
  }

  async #tryAddresses(deadlineMs: number, waitMs: number): Promise<ConnectionEvidence | undefined> {
    const { clock } = this.#deps;
    const { port, clientId } = this.#options;
    for (const [index, address] of this.#addresses.entries()) {
      const shareMs = (deadlineMs - clock.now()) / (this.#addresses.length - index);
      const last = await this.#attempt({
        purpose: "session",
        address,
        port,
        clientId,
        connectDeadlineMs: clock.now() + shareMs,
        deadlineMs,
        waitMs,
      });
      if (last.outcome === "connected") return last;
    }
    return this.#connections.at(-1);
  }

  #connectedCount(): number {
    return this.#connections.filter(({ outcome }) => outcome === "connected").length;
  }

  async #attempt(options: AttemptOptions): Promise<ConnectionEvidence> {
    const { clock } = this.#deps;
    const startedMs = clock.now();
    this.#progress(
      "handshake",
      `asking ${options.address}:${options.port}`,
      this.#options.timeoutMs,
    );
    const { connection, conversation } = await attempt(
      options,
      this.#attemptDeps(),
      (conversation) => this.#talk(conversation, options),
    );
    this.#connections.push(connection);
    this.#timings.set("tcp", connection.connectMs);
    if (connection.outcome === "connected") {
      const answeredMs = connection.greeting?.afterMs ?? connection.waitedMs;
      this.#timings.set("handshake", answeredMs);
    }
    if (conversation === null) this.#timings.set("handshake", clock.now() - startedMs);
    return connection;
  }

  async #talk(conversation: Conversation, options: AttemptOptions): Promise<void> {
    if (!this.#wanted.has("startApi")) return;
    const { clock, ledger, gatewayTime } = this.#deps;
    const session = await holdSession(conversation, {
      options: this.#options,
      clientId: options.clientId,
      wanted: this.#wanted,
      deadlineMs: options.deadlineMs,
      waitMs: options.waitMs,
      clock,
      gatewayTime: gatewayTime?.() ?? null,
      holdings: () => ledger?.holdings() ?? null,
      timings: this.#timings,
      onProgress: (check, text, limitMs) => this.#progress(check, text, limitMs),
    });
    this.#session = session;
  }

  /** One more connection where it tells a TLS service from a Gateway that closes. */
  async #secondOpinion(deadlineMs: number): Promise<void> {
    const last = this.#connections.at(-1);
    if (last === undefined || this.#connectedCount() >= CONNECTIONS_MAX) return;
    if (!this.#mayCheckTls(last)) return;
    const options = { purpose: "tls-check", clientId: 0, waitMs: 0 } as const;
    const { address } = last;
    const { port } = this.#options;
    const checked = await checkTls(
      { ...options, address, port, connectDeadlineMs: deadlineMs, deadlineMs },
      this.#attemptDeps(),
    );
    if (checked !== null) this.#connections.push(checked);
  }

  /** Foreign bytes only go to a program that is not IB's, or to another machine that has closed on a good prefix. */
  #mayCheckTls(last: ConnectionEvidence): boolean {
    const closed = last.closedBy === "peer-fin" || last.closedBy === "peer-rst";
    if (last.outcome !== "connected" || !closed || last.receivedBytes > 0) return false;
    const look = this.#listener;
    const holder = look?.seen ? look.value.onPort[0]?.holder ?? null : null;
    if (holder !== null) return holder.kind === "other";
    return !this.#addresses.every(isLoopback);
  }

  #attemptDeps(): AttemptDeps {
    const { clock, signal, traffic } = this.#deps;
    return {
      clock,
      signal,
      traffic,
      lookAtServer: (ours) => this.#lookAtServer(ours),
      isNotReaped: async (ours) => {
        const rows = await this.#deps.looker.sockets(signal);
        return rows.seen ? isNotReaped(rows.value, ours) : null;
      },
      onWaiting: () =>
        this.#progress("handshake", "connected, waiting for an answer: look for a dialog", null),
    };
  }

  async #lookAtServer(ours: Ends): Promise<Look<ServerSide>> {
    const { looker, signal } = this.#deps;
    // Again: a program may have been stopped, or ended, since the run began.
    const [rows] = await Promise.all([looker.sockets(signal), this.#lookAtPrograms()]);
    if (!rows.seen) return rows;
    const side = readServerSide(this.#machine(rows.value), ours);
    return side === null ? unseen("the other end is not on this machine") : seen(side);
  }

  #machine(rows: readonly SocketRow[]): Machine {
    return { rows, programs: this.#programs?.seen ? this.#programs.value : [], ownPid: Deno.pid };
  }

  #namespace(): "host" | "container" | "wsl" | "unknown" {
    const look = this.#deps.looker.namespace();
    return look.seen ? look.value : "unknown";
  }

  #progress(check: CheckId, text: string, limitMs: number | null): void {
    this.#deps.onProgress?.({ check, text, limitMs });
  }

  async #timed(check: CheckId, work: () => Promise<void>): Promise<void> {
    const startedMs = this.#deps.clock.now();
    await work();
    this.#timings.set(check, this.#deps.clock.now() - startedMs);
  }
}

/** Refused, or closed before a byte: both happen while a Gateway starts. */
function isWorthRetrying(last: ConnectionEvidence): boolean {
  if (last.outcome === "refused") return true;
  return last.outcome === "connected" && last.receivedBytes === 0 && last.closedBy !== "us";
}
