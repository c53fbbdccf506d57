import { createHash } from "node:crypto";
import type { StatementFile } from "../lib/report/build.ts";
import { NoticeError, noticeOf } from "../lib/report/notice.ts";
import type { Report } from "../lib/report/figure.ts";
import { StatementError } from "../lib/report/statement.ts";

/** @throws {StatementError} when the file cannot be read */
export function readStatement(path: string | undefined): StatementFile | null {
  if (path === undefined) return null;
  try {
    const text = Deno.readTextFileSync(path);
    return { text, hash: createHash("sha256").update(text).digest("hex") };
  } catch (error) {
    const expected = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.IsADirectory;
    if (!expected) throw error;
    throw new StatementError(`Cannot read statement "${path}": put the file into data/`);
  }
}

/** Characters written at once: enough that the write is lost in them, and little beside the report itself. */
const WRITE_CHARS = 1_000_000;

/** Writes a file of pieces that are never in memory together. */
export function writeParts(path: string, parts: Iterable<string>): void {
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  try {
    let waiting: string[] = [];
    let chars = 0;
    for (const part of parts) {
      waiting.push(part);
      chars += part.length;
      if (chars < WRITE_CHARS) continue;
      writeAll(file, waiting.join(""));
      [waiting, chars] = [[], 0];
    }
    writeAll(file, waiting.join(""));
  } finally {
    file.close();
  }
}

function writeAll(file: Deno.FsFile, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

/** A service that takes longer is down; the report is written either way. */
const NOTIFY_TIMEOUT_MS = 10_000;

/**
 * Posts the verdict and the key figures. The URL is a secret and in no message.
 *
 * @throws {NoticeError} when it was not taken
 */
export async function notify(report: Report, url: string, fetcher = fetch): Promise<void> {
  const notice = noticeOf(report, url);
  let response: Response;
  try {
    response = await fetcher(notice.url, {
      method: "POST",
      headers: notice.headers,
      body: notice.body,
      redirect: "error",
      signal: AbortSignal.timeout(NOTIFY_TIMEOUT_MS),
    });
  } catch (error) {
    if (error instanceof TypeError) throw new NoticeError("Cannot notify: no connection");
    if (error instanceof DOMException && error.name === "TimeoutError") {
      throw new NoticeError(`Cannot notify: no answer within ${NOTIFY_TIMEOUT_MS} ms`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new NoticeError(
        `Cannot notify: the task may not reach ${
          new URL(notice.url).host
        }; name it in deno.json, ` +
          "permissions.report.net",
      );
    }
    throw error;
  }
  await response.body?.cancel();
  if (!response.ok) {
    throw new NoticeError(`Cannot notify: the server answered ${response.status}`);
  }
}
