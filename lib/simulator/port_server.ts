import { createServer, type Server, type Socket } from "node:net";
import type { Traffic } from "../traffic.ts";
import { DeafListener } from "./deaf.ts";

export interface PortServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly hostname: string;
  readonly traffic: Traffic | undefined;
  /** Null in health. */
  readonly deafness: "never-accept" | "never-read" | null;
  accept(socket: Socket): void;
}

/** The port: it can be taken, let go and taken again. */
export class PortServer {
  readonly #options: PortServerOptions;
  #server: Server | null = null;
  #deaf: DeafListener | null = null;
  /** Kept once known, so that a restart comes back to it. */
  #port: number;

  constructor(options: PortServerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  /** @throws the socket's own error when the port cannot be had */
  listen(): Promise<void> {
    const { hostname, deafness, accept } = this.#options;
    if (deafness !== null) {
      this.#deaf = new DeafListener({ port: this.#port, hostname }, deafness === "never-read");
      this.#port = this.#deaf.port;
      return Promise.resolve();
    }
    const server = createServer(accept);
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, hostname, () => {
        server.off("error", reject);
        const address = server.address();
        if (address !== null && typeof address === "object") this.#port = address.port;
        resolve();
      });
    });
  }

  /**
   * Listens on another port from now on and on this one no more; `moved` is told which. Its connections are not touched.
   */
  async move(port: number, moved: () => void): Promise<void> {
    const before = this.#server;
    this.#port = port;
    await this.listen();
    before?.close();
    moved();
  }

  /** Takes the port again after `close`. Virtual time waits for it. */
  reopen(): void {
    const { traffic } = this.#options;
    traffic?.dialling();
    this.listen().finally(() => traffic?.dialled());
  }

  /** Resolves when the last connection has ended too. */
  close(): Promise<void> {
    this.#deaf?.close();
    const server = this.#server;
    this.#server = null;
    if (server === null) return Promise.resolve();
    return new Promise((resolve) => server.close(() => resolve()));
  }
}
