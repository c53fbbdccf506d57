/** SIGINT and SIGTERM as one AbortSignal. A second one ends the process at once. */
export function interruptSignal(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) Deno.exit(INTERRUPTED);
    controller.abort(new DOMException("Stopped by signal", "AbortError"));
  };
  // Windows knows SIGINT and SIGBREAK only.
  const names: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const name of names) Deno.addSignalListener(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of names) Deno.removeSignalListener(name, onSignal);
    },
  };
}

/** 128 + SIGINT, what a shell expects of an interrupted program. */
export const INTERRUPTED = 130;
