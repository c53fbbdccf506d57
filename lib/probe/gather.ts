import { sleep } from "../clock.ts";
import { attempt, type AttemptDeps, type AttemptOptions } from "./attempt.ts";
import type { Conversation } from "./conversation.ts";
import type { ProbeDeps } from "./deps.ts";
import type { ConnectionEvidence, Evidence, SessionEvidence } from "./evidence.ts";
import { type ProbeOptions, ProbeUsageError, wantedChecks } from "./options.ts";
import { modeOfPort } from "./ports.ts";
import type { CheckId } from "./report.ts";
import { resolveHost } from "./resolve.ts";
import { holdSession } from "./session.ts";
import { isLoopback } from "./sockets.ts";
import { Surroundings } from "./surroundings.ts";
import { checkTls } from "./tls_check.ts";

/** Connections of one run. Each is a guest in someone else's machine. */
const CONNECTIONS_MAX = 3;
/** How often the socket table is read while waiting for a listener: reading it costs the Gateway nothing. */
const LISTENER_POLL_MS = 1_000;
/** A Gateway that closes at once while it starts is asked again after this. */
const RETRY_MS = 5_000;

/**
 * Looks and asks, in the order that does the least harm, and concludes nothing.
 *
 * @throws {ProbeUsageError} when the host is unknown or the permissions do not include it
 */
export async function gather(options: ProbeOptions, deps: ProbeDeps): Promise<Evidence> {
  const { clock, looker, signal } = deps;
  const { host, port, timeoutMs } = options;
  const addresses = await resolveHost(host, { clock, timeoutMs });
  const surroundings = new Surroundings(looker, { place: { addresses, port }, signal });
  return await new Gathering({ options, deps, addresses, surroundings }).run();
}

interface Settings {
  readonly options: ProbeOptions;
  readonly deps: ProbeDeps;
  readonly addresses: readonly string[];
  readonly surroundings: Surroundings;
}

class Gathering {
  readonly #options: ProbeOptions;
  readonly #deps: ProbeDeps;
  readonly #addresses: readonly string[];
  readonly #surroundings: Surroundings;
  readonly #wanted: ReadonlySet<CheckId>;
  readonly #timings = new Map<CheckId, number>();
  readonly #connections: ConnectionEvidence[] = [];
  #session: SessionEvidence | null = null;

  constructor({ options, deps, addresses, surroundings }: Settings) {
    this.#options = options;
    this.#deps = deps;
    this.#addresses = addresses;
    this.#surroundings = surroundings;
    this.#wanted = wantedChecks(options.only);
  }

  async run(): Promise<Evidence> {
    const surroundings = this.#surroundings;
    const patienceEndsMs = this.#deps.clock.now() + this.#options.waitMs;
    if (this.#wanted.has("process")) {
      await this.#timed("process", () => surroundings.lookAtPrograms());
    }
    if (this.#wanted.has("listener")) {
      await this.#timed("listener", () => this.#lookForListener(patienceEndsMs));
    }
    if (this.#wanted.has("tcp") && !surroundings.nobodyListens) await this.#connect(patienceEndsMs);
    // A run that asked for less still names who runs here once it has something to explain.
    if (surroundings.programs === null && this.#failed()) await surroundings.lookAtPrograms();
    const { clock, gatewayTime } = this.#deps;
    return {
      atMs: (gatewayTime?.() ?? clock).now(),
      target: this.#target(),
      observer: { platform: this.#deps.looker.platform, namespace: surroundings.namespace },
      programs: surroundings.programs,
      listener: surroundings.listener,
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

  #failed(): boolean {
    return this.#wanted.has("listener") &&
      this.#connections.every(({ greeting }) => greeting === null);
  }

  /** Reads the socket table until somebody listens, or patience ends. */
  async #lookForListener(patienceEndsMs: number): Promise<void> {
    const { clock, signal } = this.#deps;
    for (;;) {
      await this.#surroundings.lookAtSockets();
      const leftMs = patienceEndsMs - clock.now();
      if (!this.#surroundings.nobodyListens || leftMs <= 0) return;
      this.#progress("listener", `waiting for port ${this.#options.port}`, leftMs);
      await sleep(clock, Math.min(LISTENER_POLL_MS, leftMs), signal);
      // Who runs may change while we wait: a Gateway that was started meanwhile.
      if (this.#wanted.has("process")) await this.#surroundings.lookAtPrograms();
    }
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
    const where = `${options.address}:${options.port}`;
    this.#progress("handshake", `asking ${where}`, this.#options.timeoutMs);
    const connection = await attempt(
      options,
      this.#attemptDeps(),
      (conversation) => this.#talk(conversation, options),
    );
    if (connection.errorCode === "NotCapable") {
      throw new ProbeUsageError(
        `Cannot connect to "${where}": this task's permissions do not include it; see net in deno.json`,
      );
    }
    this.#connections.push(connection);
    this.#timings.set("tcp", connection.connectMs);
    if (connection.outcome === "connected") {
      this.#timings.set("handshake", connection.greeting?.afterMs ?? connection.waitedMs);
    }
    return connection;
  }

  async #talk(conversation: Conversation, options: AttemptOptions): Promise<void> {
    if (!this.#wanted.has("startApi")) return;
    const { clock, ledger, gatewayTime } = this.#deps;
    this.#session = await holdSession(conversation, {
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
    const look = this.#surroundings.listener;
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
      lookAtServer: (ours) => this.#surroundings.serverSide(ours),
      isNotReaped: (ours) => this.#surroundings.isNotReaped(ours),
      onWaiting: () =>
        this.#progress("handshake", "connected, waiting for an answer: look for a dialog", null),
    };
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
