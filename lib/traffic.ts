/**
 * Bytes under way on loopback links whose both ends live in this process. Virtual time must stand still while a
 * message is in the kernel's hands, or the same seed would not give the same day.
 *
 * A link is known by the client's local port. Production passes no Traffic at all.
 */
export type LinkEnd = "client" | "server";

interface LinkState {
  /** Written by one end and not yet processed by the other. */
  readonly underWay: Record<LinkEnd, number>;
  readonly open: Record<LinkEnd, boolean>;
}

export class Traffic {
  #dialling = 0;
  /** client's local port → link */
  readonly #links = new Map<number, LinkState>();

  /** A connect has begun. */
  dialling(): void {
    this.#dialling++;
  }

  /** The connect came to an end, well or not; on success call `opened` first. */
  dialled(): void {
    this.#dialling--;
  }

  opened(clientPort: number, end: LinkEnd): void {
    this.#link(clientPort).open[end] = true;
  }

  /** `end` has handed this many bytes to its socket. */
  wrote(clientPort: number, end: LinkEnd, bytes: number): void {
    this.#link(clientPort).underWay[end] += bytes;
  }

  /** `end` has finished with this many received bytes, and all it does about them is done. */
  processed(clientPort: number, end: LinkEnd, bytes: number): void {
    this.#link(clientPort).underWay[end === "client" ? "server" : "client"] -= bytes;
  }

  /** `end` has closed its socket, or learnt that the other did. */
  closed(clientPort: number, end: LinkEnd): void {
    const link = this.#links.get(clientPort);
    if (link === undefined) return;
    link.open[end] = false;
    if (!link.open.client && !link.open.server) this.#links.delete(clientPort);
  }

  /** True when no byte, no connect and no close is under way. */
  get quiet(): boolean {
    if (this.#dialling > 0) return false;
    for (const { open, underWay } of this.#links.values()) {
      if (!open.client || !open.server) return false;
      if (underWay.client !== 0 || underWay.server !== 0) return false;
    }
    return true;
  }

  #link(clientPort: number): LinkState {
    let link = this.#links.get(clientPort);
    if (link === undefined) {
      link = { underWay: { client: 0, server: 0 }, open: { client: false, server: false } };
      this.#links.set(clientPort, link);
    }
    return link;
  }
}
