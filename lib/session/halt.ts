import type { Entry } from "../ledger/entry.ts";

/** Why the system is halted; null when it is not. A halt outlives sessions until a human lifts it. */
export class Halt {
  #current: { readonly actor: string; readonly because: string; readonly at: number } | null = null;

  get current(): { readonly actor: string; readonly because: string; readonly at: number } | null {
    return this.#current;
  }

  apply(entry: Entry): void {
    const { body } = entry;
    if (body.kind === "halted") {
      this.#current ??= { actor: body.actor, because: body.because, at: entry.at };
    } else if (body.kind === "halt-lifted") {
      this.#current = null;
    }
  }
}
