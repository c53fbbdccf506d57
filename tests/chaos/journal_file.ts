import type { JournalLine } from "../../lib/simulator/journal.ts";

/** Message id of an error. */
const ERROR = "4";

/**
 * The Gateway's journal on disk, a line of JSON each, as `deno task gateway --journal` keeps it. Of what it told its
 * clients only the errors: the rest is most of a day, and nobody judges by it.
 */
export class JournalFile {
  readonly #file: Deno.FsFile;
  #lines: string[] = [];

  constructor(path: string) {
    this.#file = Deno.openSync(path, { append: true, create: true });
  }

  readonly write = (line: JournalLine): void => {
    if (line.kind === "out" && line.fields[0] !== ERROR) return;
    this.#lines.push(`${JSON.stringify(line)}\n`);
  };

  flush(): void {
    const bytes = new TextEncoder().encode(this.#lines.join(""));
    this.#lines = [];
    for (let written = 0; written < bytes.length;) {
      written += this.#file.writeSync(bytes.subarray(written));
    }
  }

  close(): void {
    this.flush();
    this.#file.close();
  }
}
