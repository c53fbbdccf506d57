import type { ProcessRow } from "./programs.ts";
import type { SocketRow } from "./sockets.ts";

/** A look at something: what was seen, or why it could not be looked at. Unseen never means absent. */
export type Look<T> =
  | { readonly seen: true; readonly value: T }
  | { readonly seen: false; readonly because: string };

export function seen<T>(value: T): Look<T> {
  return { seen: true, value };
}

export function unseen(because: string): Look<never> {
  return { seen: false, because };
}

/** Where this program runs, as far as a look at sockets is concerned. */
export type Namespace = "host" | "container" | "wsl" | "unknown";

/** Ways to look at this machine. Implemented by `machine.ts`; tests and virtual time bring their own. */
export interface Looker {
  /** `linux`, `darwin`, `windows` … */
  readonly platform: string;
  namespace(): Look<Namespace>;
  sockets(signal: AbortSignal | undefined): Promise<Look<readonly SocketRow[]>>;
  processes(signal: AbortSignal | undefined): Promise<Look<readonly ProcessRow[]>>;
}

/** Looks at nothing, and says why: in virtual time, or where the caller must not start programs. */
export function blindLooker(because: string): Looker {
  return {
    platform: Deno.build.os,
    namespace: () => unseen(because),
    sockets: () => Promise.resolve(unseen(because)),
    processes: () => Promise.resolve(unseen(because)),
  };
}
