import { Socket } from "node:net";
import { setImmediate } from "node:timers";
import { type LinkEnd, Traffic } from "../../lib/traffic.ts";
import type { Report } from "./protocol.ts";
import type { SharedClock } from "./shared_time.ts";

type TrafficEvent = Report["traffic"][number];

/** Turns of the event loop without news after which a process counts as idle; all its waiting is on the clock. */
const IDLE_TURNS = 2;

/** Tells the rig what the process did and that it is idle again; fires a timer when the rig says so. */
export class Reporter {
  readonly traffic: Traffic;
  readonly #clock: SharedClock;
  #events: TrafficEvent[] = [];
  #news = 0;
  #settling = false;
  #steps = 0;
  reconciled = false;
  #outcome: string | null = null;
  /** How far it may let time pass by itself. */
  #beforeMs = -Infinity;

  constructor(clock: SharedClock) {
    this.#clock = clock;
    this.traffic = new ToldTraffic((event) => {
      this.#events.push(event);
      this.#hear();
    });
    tellClosing((port) => {
      this.#events.push(["closing", port, 0]);
      this.#hear();
    });
    this.#hear();
    this.#obey();
  }

  /** The session is over; the last word. */
  end(outcome: string): void {
    this.#outcome = outcome;
    this.#tell();
  }

  async #obey(): Promise<void> {
    for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
      // One line at a time: the next is sent only after our report.
      this.#beforeMs = Number(text);
      this.#steps++;
      this.#clock.step();
      this.#hear();
    }
  }

  #hear(): void {
    this.#news++;
    if (this.#settling) return;
    this.#settling = true;
    this.#settle(this.#news, IDLE_TURNS);
  }

  #settle(news: number, turnsLeft: number): void {
    setImmediate(() => {
      if (this.#outcome !== null) return;
      if (news !== this.#news) return this.#settle(this.#news, IDLE_TURNS);
      if (turnsLeft > 1) return this.#settle(news, turnsLeft - 1);
      if (this.#events.length === 0 && (this.#clock.nextMs ?? Infinity) < this.#beforeMs) {
        this.#clock.step();
        return this.#settle(news, IDLE_TURNS);
      }
      this.#beforeMs = -Infinity;
      this.#settling = false;
      this.#tell();
    });
  }

  #tell(): void {
    const report: Report = {
      traffic: this.#events,
      steps: this.#steps,
      next: this.#clock.nextMs,
      reconciled: this.reconciled,
      outcome: this.#outcome,
    };
    this.#events = [];
    const bytes = new TextEncoder().encode(`${JSON.stringify(report)}\n`);
    // Synchronously: what a process is about to do next may be its death.
    for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
  }
}

/** The client's end of every link, told instead of counted: the other end lives in the rig. */
class ToldTraffic extends Traffic {
  readonly #tell: (event: TrafficEvent) => void;

  constructor(tell: (event: TrafficEvent) => void) {
    super();
    this.#tell = tell;
  }

  override dialling(): void {
    this.#tell(["dialling", 0, 0]);
  }

  override dialled(): void {
    this.#tell(["dialled", 0, 0]);
  }

  override opened(clientPort: number): void {
    this.#tell(["opened", clientPort, 0]);
  }

  override wrote(clientPort: number, _end: LinkEnd, bytes: number): void {
    this.#tell(["wrote", clientPort, bytes]);
  }

  override processed(clientPort: number, _end: LinkEnd, bytes: number): void {
    this.#tell(["processed", clientPort, bytes]);
  }

  override closed(clientPort: number): void {
    this.#tell(["closed", clientPort, 0]);
  }
}

/** A FIN under way is in nobody's books, and between two processes it may be under way for long. */
function tellClosing(tell: (port: number) => void): void {
  const { end } = Socket.prototype;
  Socket.prototype.end = new Proxy(end, {
    apply(_, socket: Socket, args: Parameters<typeof end>): Socket {
      if (socket.localPort !== undefined) tell(socket.localPort);
      return Reflect.apply(end, socket, args);
    },
  });
}
