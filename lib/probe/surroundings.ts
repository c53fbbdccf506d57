import type { Ends } from "./attempt.ts";
import type { ListenerEvidence, ServerSide } from "./evidence.ts";
import { isNotReaped, type Machine, readListener, readServerSide } from "./listener.ts";
import { type Look, type Looker, type Namespace, seen, unseen } from "./looker.ts";
import { describeProgram, type Program } from "./programs.ts";
import type { SocketRow } from "./sockets.ts";

export interface Place {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** What this machine shows of the target: programs, listeners, and the far ends of our own connections. */
export class Surroundings {
  readonly #looker: Looker;
  readonly #place: Place;
  readonly #signal: AbortSignal | undefined;
  readonly namespace: Look<Namespace>;
  #programs: Look<readonly Program[]> | null = null;
  #rows: Look<readonly SocketRow[]> | null = null;

  constructor(
    looker: Looker,
    { place, signal }: { readonly place: Place; readonly signal: AbortSignal | undefined },
  ) {
    this.#looker = looker;
    this.#place = place;
    this.#signal = signal;
    this.namespace = looker.namespace();
  }

  /** Null until looked at. */
  get programs(): Look<readonly Program[]> | null {
    return this.#programs;
  }

  /** The sockets as they were last looked at for it, by what is known of programs by now. */
  get listener(): Look<ListenerEvidence> | null {
    if (this.#rows === null || !this.#rows.seen) return this.#rows;
    return seen(readListener(this.#machine(this.#rows.value), {
      ...this.#place,
      namespace: this.namespace.seen ? this.namespace.value : "unknown",
    }));
  }

  /** The table of this very machine shows no listener: then nothing is sent at all. */
  get nobodyListens(): boolean {
    const look = this.listener;
    return look !== null && look.seen && look.value.authoritative && look.value.onPort.length === 0;
  }

  async lookAtPrograms(): Promise<void> {
    const rows = await this.#looker.processes(this.#signal);
    if (!rows.seen) {
      this.#programs = rows;
      return;
    }
    const ourUser = rows.value.find(({ pid }) => pid === Deno.pid)?.user ?? null;
    this.#programs = seen(rows.value.map((row) => describeProgram(row, ourUser)));
  }

  async lookAtSockets(): Promise<void> {
    this.#rows = await this.#looker.sockets(this.#signal);
  }

  /** Our connection from the server's end, now. */
  async serverSide(ours: Ends): Promise<Look<ServerSide>> {
    const rows = await this.#looker.sockets(this.#signal);
    if (!rows.seen) return rows;
    // Programs again: one may have been stopped, or ended, since the run began.
    await this.lookAtPrograms();
    const side = readServerSide(this.#machine(rows.value), ours);
    return side === null ? unseen("the other end is not on this machine") : seen(side);
  }

  /** Whether what is left of a closed connection hangs at the server; null where that cannot be seen. */
  async isNotReaped(ours: Ends): Promise<boolean | null> {
    const rows = await this.#looker.sockets(this.#signal);
    return rows.seen ? isNotReaped(rows.value, ours) : null;
  }

  #machine(rows: readonly SocketRow[]): Machine {
    return { rows, programs: this.#programs?.seen ? this.#programs.value : [], ownPid: Deno.pid };
  }
}
