import type { LinkEnd } from "../../lib/traffic.ts";
import type { Program } from "./program.ts";
import { type Job, type Report, reportSchema, stepLine } from "./protocol.ts";
import type { RigTraffic } from "./rig_traffic.ts";

/** One session process, seen from the rig. */

export interface LifeEnd {
  /** `SIGKILL`, or null when it ended by itself. */
  readonly signal: string | null;
  readonly code: number;
  /** Null when it did not live to say it. */
  readonly outcome: string | null;
  /** Of the wall, from its start to its first comparison with the broker; null when it did not get there. */
  readonly reconciledMs: number | null;
  /** The first line it said on stderr. */
  readonly complaint: string;
}

const CLIENT: LinkEnd = "client";

export class SessionLife {
  readonly ended: Promise<LifeEnd>;
  readonly #child: Deno.ChildProcess;
  readonly #traffic: RigTraffic;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #startedMs = performance.now();
  /** Ports of its sockets that are open. */
  readonly #links = new Set<number>();
  #asked = 0;
  #done = -1;
  #dialling = 0;
  #next: number | null = null;
  #isOver = false;
  #isDying = false;
  #outcome: string | null = null;
  #reconciledMs: number | null = null;

  constructor(job: Job, { traffic, program }: {
    readonly traffic: RigTraffic;
    readonly program: Program;
  }) {
    this.#traffic = traffic;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...program.args, JSON.stringify(job)],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.ended = this.#follow();
  }

  /** True until it has told that it did all it could at this instant. */
  get isBusy(): boolean {
    return !this.#isOver && (this.#isDying || this.#done < this.#asked);
  }

  /** When it wants to be woken, epoch ms. */
  get next(): number | null {
    return this.#isOver ? null : this.#next;
  }

  /** Fires its earliest timer, and those before that time as long as nothing crosses the link. */
  step(beforeMs: number): void {
    this.#asked++;
    this.#stdin.write(new TextEncoder().encode(stepLine(beforeMs))).catch(() => {
      // It died meanwhile; `ended` tells.
    });
  }

  kill(): void {
    if (this.#isOver || this.#isDying) return;
    this.#isDying = true;
    this.#child.kill("SIGKILL");
  }

  async #follow(): Promise<LifeEnd> {
    const complaint = textOf(this.#child.stderr);
    let pending = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (pending + text).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) this.#hear(reportSchema.parse(JSON.parse(line)));
    }
    const { signal, code } = await this.#child.status;
    this.#isOver = true;
    this.#bury();
    return {
      signal,
      code,
      outcome: this.#outcome,
      reconciledMs: this.#reconciledMs,
      complaint: (await complaint).trim().split("\n", 1)[0] ?? "",
    };
  }

  #hear(report: Report): void {
    for (const event of report.traffic) this.#pass(event);
    this.#done = report.steps;
    this.#next = report.next;
    this.#outcome = report.outcome;
    // After its last word it only has to go.
    if (report.outcome !== null) this.#isDying = true;
    if (report.reconciled) this.#reconciledMs ??= performance.now() - this.#startedMs;
    this.#traffic.wake();
  }

  #pass([event, port, bytes]: Report["traffic"][number]): void {
    const traffic = this.#traffic;
    switch (event) {
      case "dialling":
        this.#dialling++;
        return traffic.dialling();
      case "dialled":
        this.#dialling--;
        return traffic.dialled();
      case "opened":
        this.#links.add(port);
        return traffic.opened(port, CLIENT);
      case "wrote":
        return traffic.wrote(port, CLIENT, bytes);
      case "processed":
        return traffic.processed(port, CLIENT, bytes);
      case "closing":
        return traffic.closing(port);
      case "closed":
        this.#links.delete(port);
        return traffic.closed(port, CLIENT);
    }
  }

  /** The kernel has closed its sockets; the Gateway's ends will learn it. */
  #bury(): void {
    for (const port of this.#links) this.#traffic.closed(port, CLIENT);
    for (; this.#dialling > 0; this.#dialling--) this.#traffic.dialled();
    this.#traffic.wake();
    this.#stdin.close().catch(() => {
      // Its end of the pipe is gone with it.
    });
  }
}

async function textOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return await new Response(stream).text();
}
