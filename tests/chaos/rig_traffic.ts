import { type LinkEnd, Traffic } from "../../lib/traffic.ts";

/** Traffic between the Gateway in the rig and sessions in processes of their own; wakes the rig on any change. */
export class RigTraffic extends Traffic {
  /** Ports whose FIN is under way. */
  readonly #closing = new Set<number>();
  #isAwake = false;
  #resolve: (() => void) | null = null;

  override get quiet(): boolean {
    return this.#closing.size === 0 && super.quiet;
  }

  /** The client has sent its FIN; the link is no more quiet until it is closed. */
  closing(port: number): void {
    this.#closing.add(port);
  }

  override wrote(port: number, end: LinkEnd, bytes: number): void {
    super.wrote(port, end, bytes);
    this.wake();
  }

  override processed(port: number, end: LinkEnd, bytes: number): void {
    super.processed(port, end, bytes);
    this.wake();
  }

  override opened(port: number, end: LinkEnd): void {
    super.opened(port, end);
    this.wake();
  }

  override closed(port: number, end: LinkEnd): void {
    super.closed(port, end);
    if (end === "client") this.#closing.delete(port);
    this.wake();
  }

  override dialled(): void {
    super.dialled();
    this.wake();
  }

  wake(): void {
    this.#isAwake = true;
    this.#resolve?.();
    this.#resolve = null;
  }

  /** Resolves on the next change; at once when there was one since the last time. */
  async change(): Promise<void> {
    if (!this.#isAwake) await new Promise<void>((resolve) => this.#resolve = resolve);
    this.#isAwake = false;
  }
}
