/** The terminal: results on stdout, everything else on stderr, colour only where a person looks. */

const encoder = new TextEncoder();

type Stream = typeof Deno.stdout | typeof Deno.stderr;

/** A result line on stdout. */
export function print(text: string): void {
  write(Deno.stdout, `${text}\n`);
}

/** A message on stderr. */
export function note(text: string): void {
  write(Deno.stderr, `${text}\n`);
}

/** One line: what happened, the value, what to do. */
export function complain(text: string): void {
  for (const line of text.split("\n")) note(`${style(Deno.stderr, "red", "error:")} ${line}`);
}

export type Colour = "red" | "green" | "yellow" | "bold" | "dim";
const CODES: Readonly<Record<Colour, string>> = {
  red: "31",
  green: "32",
  yellow: "33",
  bold: "1",
  dim: "2",
};

/** Coloured on a terminal, plain elsewhere and under NO_COLOR. */
export function style(stream: Stream, colour: Colour, text: string): string {
  return stream.isTerminal() && !Deno.noColor ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;
}

/** Redrawing oftener than this only flickers. */
const REDRAW_MS = 100;

/** A line rewritten in place on a terminal; off one, nothing, because nobody is waiting before it. */
export class ProgressLine {
  readonly #live = Deno.stderr.isTerminal();
  #drawnAt = -Infinity;

  update(text: () => string): void {
    if (!this.#live || performance.now() - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = performance.now();
    write(Deno.stderr, `\r\x1b[2K${text().slice(0, columns() - 1)}`);
  }

  clear(): void {
    if (this.#live) write(Deno.stderr, "\r\x1b[2K");
  }
}

/** Some pseudo-terminals claim to be 0 columns wide. */
function columns(): number {
  const { columns } = Deno.consoleSize();
  return columns > 0 ? columns : 80;
}

/** Whoever reads us may stop (`| head`); that is not our failure. */
function write(stream: Stream, text: string): void {
  try {
    const bytes = encoder.encode(text);
    for (let written = 0; written < bytes.length;) {
      written += stream.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
