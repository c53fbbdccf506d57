import type { Calendar } from "../calendar/calendar.ts";
import type { Cancel, Clock } from "../clock.ts";
import type { Ledger, LedgerReader } from "../ledger/ledger.ts";
import { carryOut } from "./control.ts";
import { Credentials } from "./credentials.ts";
import { answer } from "./headers.ts";
import { LiveHub } from "./live.ts";
import { marketPanel } from "./market.ts";
import { metricsText } from "./metrics.ts";
import { listReports } from "./reports.ts";
import { Router } from "./router.ts";
import { schedulePanel } from "./schedule.ts";
import { Tail } from "./tail.ts";
import { type View, viewOf } from "./view.ts";

export interface DashboardSettings {
  /** A loopback address. */
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly calendar: Calendar;
  /** Opens the ledger for reading. */
  readonly openReader: () => LedgerReader;
  /** Tells the ledger's file from another under its name; null when there is none. */
  readonly identity: () => string | null;
  /** Opens the ledger for one entry of a person; null when control is off. */
  readonly openWriter: (() => Ledger) | null;
  readonly statePath: string;
  readonly reportsFolder: string;
  /** Where key, link and metrics token are kept. */
  readonly credentialsFolder: string;
}

export interface Dashboard {
  readonly port: number;
  /** The address to open now; works once, the next one is in the file `link`. */
  readonly link: string;
  close(): Promise<void>;
}

/** Five times a second is as live as an eye can follow. */
const POLL_MS = 200;
/** Files that others write now and then. */
const FILES_EVERY_MS = 5_000;
const IDLE_TIMEOUT_S = 30;

/** @throws {CredentialError} and what `Deno.serve` throws when the port cannot be had */
export function startDashboard(settings: DashboardSettings): Dashboard {
  return new RunningDashboard(settings);
}

class RunningDashboard implements Dashboard {
  readonly #settings: DashboardSettings;
  readonly #tail: Tail;
  readonly #hub: LiveHub;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #credentials: Credentials;
  #files: Pick<View["panels"], "schedule" | "reports">;
  #filesReadAt: number;
  readonly #end = new AbortController();
  #cancel: Cancel = () => {};

  constructor(settings: DashboardSettings) {
    this.#settings = settings;
    const { clock, hostname, port, openReader, identity, credentialsFolder } = settings;
    const now = clock.now();
    this.#tail = new Tail({ open: openReader, identity }, now);
    this.#files = this.#readFiles();
    this.#filesReadAt = now;
    this.#hub = new LiveHub(this.#view(now));
    this.#server = Deno.serve(
      {
        hostname,
        port,
        signal: this.#end.signal,
        onListen: () => {},
        onError: () => answer("The dashboard failed\n", { status: 500 }),
      },
      (request) => router.handle(request),
    );
    const name = hostname.includes(":") ? `[${hostname}]` : hostname;
    const origin = `http://${name}:${this.port}`;
    this.#credentials = new Credentials({ folder: credentialsFolder, origin });
    const router = this.#router();
    this.#tick();
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get link(): string {
    return this.#credentials.link;
  }

  async close(): Promise<void> {
    this.#cancel();
    this.#hub.closeAll();
    // A graceful shutdown would wait for readers that do not answer; nobody loses anything here.
    this.#end.abort();
    await this.#server.finished;
    this.#tail.close();
  }

  #router(): Router {
    const { clock, reportsFolder, openWriter } = this.#settings;
    return new Router({
      port: this.port,
      clock,
      credentials: this.#credentials,
      reportsFolder,
      command: openWriter === null
        ? null
        : (command) => carryOut(command, { open: openWriter, now: clock.now() }),
      live: (request) => this.#upgrade(request),
      metrics: () => this.#metrics(),
      trouble: () => {
        const { state, because } = this.#tail.panel;
        return state === "following" ? null : `The ledger is ${state}: ${because ?? ""}`;
      },
    });
  }

  /** Reads on, tells everybody, and comes again. */
  #tick(): void {
    const { clock } = this.#settings;
    const now = clock.now();
    const more = this.#tail.poll(now);
    if (now - this.#filesReadAt >= FILES_EVERY_MS) {
      this.#files = this.#readFiles();
      this.#filesReadAt = now;
    }
    this.#hub.publish(this.#view(now), now);
    this.#cancel = clock.at(now + (more ? 0 : POLL_MS), () => this.#tick());
  }

  #view(now: number): View {
    return viewOf(this.#tail.state, {
      ledger: this.#tail.panel,
      market: marketPanel(this.#settings.calendar, now),
      control: { allowed: this.#settings.openWriter !== null },
      ...this.#files,
    });
  }

  #readFiles(): Pick<View["panels"], "schedule" | "reports"> {
    const { statePath, reportsFolder } = this.#settings;
    return { schedule: schedulePanel(statePath), reports: listReports(reportsFolder) };
  }

  #upgrade(request: Request): Response | null {
    if (this.#hub.isFull) return null;
    const { clock } = this.#settings;
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_TIMEOUT_S });
    socket.onopen = () => this.#hub.add(socket, clock.now());
    socket.onmessage = ({ data }) => this.#hub.receive(socket, data, clock.now());
    socket.onclose = () => this.#hub.remove(socket);
    // A socket that breaks is closed right after; there is nothing to do about the error itself.
    socket.onerror = () => this.#hub.remove(socket);
    return response;
  }

  #metrics(): string {
    const { latencies, notices } = this.#tail.state;
    return metricsText({
      panels: this.#hub.view.panels,
      latencies,
      incidents: notices.totals,
      readers: this.#hub.readers,
      now: this.#settings.clock.now(),
    });
  }
}
