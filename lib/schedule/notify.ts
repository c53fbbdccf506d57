/** Tells a person: one HTTP POST in the form ntfy and its like understand (text as body, title as header). */

export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** @throws {NotifyError} when the notice was not taken */
export type Notify = (notice: Notice) => Promise<void>;

export class NotifyError extends Error {
  override readonly name = "NotifyError";
}

/** A server that takes longer is down; the next failure asks it again. */
const TIMEOUT_MS = 10_000;

export interface WebhookOptions {
  /** A topic such as `https://ntfy.example/robo-trader`; it is a secret and never printed. */
  readonly url: string;
  /** Aborts a notice under way: the schedule has to end. */
  readonly signal: AbortSignal;
  readonly fetcher?: typeof fetch;
}

export function webhook({ url, signal, fetcher = fetch }: WebhookOptions): Notify {
  return async ({ title, text }) => {
    let response: Response;
    try {
      response = await fetcher(url, {
        method: "POST",
        headers: { "Title": title, "Priority": "high", "Tags": "warning" },
        body: text,
        redirect: "error",
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), signal]),
      });
    } catch (error) {
      if (error instanceof TypeError) throw new NotifyError("Cannot notify: no connection");
      if (error instanceof DOMException && error.name === "TimeoutError") {
        throw new NotifyError(`Cannot notify: no answer within ${TIMEOUT_MS} ms`);
      }
      throw error;
    }
    await response.body?.cancel();
    if (!response.ok) {
      throw new NotifyError(`Cannot notify: the server answered ${response.status}`);
    }
  };
}
