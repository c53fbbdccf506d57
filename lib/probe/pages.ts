import type { Cause } from "./cause.ts";
import { CAUSES } from "./causes.ts";
import { ProbeUsageError } from "./options.ts";
import { CAUSE_CODES, type CauseCode } from "./report.ts";
import { wrap } from "./text.ts";

/** What is known about a cause, for the terminal and for the docs. */

const WIDTH = 80;

/** @throws {ProbeUsageError} for a code that does not exist */
export function explain(code: string): string {
  const known = CAUSE_CODES.find((cause) => cause === code.toLowerCase());
  if (known === undefined) {
    throw new ProbeUsageError(
      `Cannot explain "${code}": give one of ${CAUSE_CODES.join(", ")}, or all`,
    );
  }
  const { title, meaning, shows, remedy, wouldSeparate, reference } = CAUSES[known];
  return [
    ...wrap(`${known}: ${title}`, WIDTH),
    "",
    ...wrap(meaning, WIDTH),
    "",
    "How it shows",
    ...indented([shows]),
    "What to do",
    ...indented(remedy),
    "What would confirm it",
    ...indented([wouldSeparate]),
    "",
    `Rows of the table of causes: ${reference}`,
  ].join("\n");
}

function indented(paragraphs: readonly string[]): string[] {
  return paragraphs.flatMap((paragraph) =>
    wrap(paragraph, WIDTH - 4).map((line, index) => (index === 0 ? "  - " : "    ") + line)
  );
}

/** Where the repository's formatter breaks lines. */
const MARKDOWN_WIDTH = 100;

/** The page of all causes, in Markdown: `docs/PROBE.md`. */
export function causesMarkdown(): string {
  return [
    "# The causes a probe can name",
    "",
    ...wrap(
      "Made from the code by `deno task probe --explain all > docs/PROBE.md`: change the code, not " +
        "this page. One cause on the terminal: `deno task probe --explain listener-stuck`.",
      MARKDOWN_WIDTH,
    ),
    "",
    ...CAUSE_CODES.flatMap((code) => section(code, CAUSES[code])),
  ].join("\n").trimEnd();
}

function section(code: CauseCode, cause: Cause): string[] {
  return [
    `## ${code}`,
    "",
    ...wrap(`**${sentence(cause.title)}** ${cause.meaning}`, MARKDOWN_WIDTH),
    "",
    ...item(`Shows: ${cause.shows}`),
    ...cause.remedy.flatMap((step) => item(`Do: ${step}`)),
    ...item(`Confirm: ${cause.wouldSeparate}`),
    "",
  ];
}

function item(text: string): string[] {
  return wrap(text, MARKDOWN_WIDTH - 2).map((line, index) => (index === 0 ? "- " : "  ") + line);
}

function sentence(title: string): string {
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}.`;
}
