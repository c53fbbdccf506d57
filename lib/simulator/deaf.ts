/**
 * A listener that does not listen: it never accepts, or accepts and never reads. node:net cannot do either, it
 * accepts for its caller and reads ahead. No Traffic is told, so it is of use on the wall clock alone.
 */
export class DeafListener {
  readonly #listener: Deno.TcpListener;
  readonly #held: Deno.TcpConn[] = [];
  #isClosed = false;

  /** @throws {Deno.errors.AddrInUse} when the port is taken */
  constructor(address: { readonly port: number; readonly hostname: string }, accepts: boolean) {
    this.#listener = Deno.listen(address);
    if (accepts) this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
    for (const connection of this.#held) connection.close();
    this.#held.length = 0;
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) this.#held.push(connection);
  }
}
