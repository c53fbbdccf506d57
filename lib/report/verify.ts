import { figuresOf, type Report } from "./figure.ts";
import type { Selection } from "./selection.ts";

/** What a written report claims: what it is about, and its figures. */
export interface Claim {
  readonly selection: Selection;
  /** Figure id → exact value, null when undefined. */
  readonly values: ReadonlyMap<string, string | null>;
}

/** A figure that the ledger gives differently now; undefined where one side does not have it at all. */
export interface Disagreement {
  readonly id: string;
  readonly written: string | null | undefined;
  readonly recomputed: string | null | undefined;
}

/** The file is no report, or none that this version can read. */
export class NotAReportError extends Error {
  override readonly name = "NotAReportError";
}

/**
 * Reads `report.html` or `report.json` back.
 *
 * @throws {NotAReportError} when the text is neither
 */
export function readClaim(name: string, text: string): Claim {
  if (name.endsWith(".html")) return readHtml(name, text);
  if (name.endsWith(".json")) return readJson(name, text);
  throw new NotAReportError(
    `Cannot verify "${name}": only report.html and report.json carry what is needed`,
  );
}

/** Figures of a claim that a report from the ledger does not confirm, in the report's order. */
export function disagreements(claim: Claim, report: Report): readonly Disagreement[] {
  const figures = figuresOf(report);
  const ids = new Set([...figures.keys(), ...claim.values.keys()]);
  return [...ids].flatMap((id): Disagreement[] => {
    const written = claim.values.get(id);
    const recomputed = figures.get(id)?.value;
    return written === recomputed ? [] : [{ id, written, recomputed }];
  });
}

function readHtml(name: string, text: string): Claim {
  const head = /<body data-sessions="([^"]*)" data-from="([^"]*)" data-to="([^"]*)">/.exec(text);
  if (head === null) throw new NotAReportError(`Cannot verify "${name}": it is no report`);
  const [, sessions = "", from = "", to = ""] = head;
  const sessionIds = unescape(sessions).split(" ");
  const cells = [...text.matchAll(/ data-m="([^"]*)" data-v="([^"]*)"/g)];
  const values = cells.map(([, id = "", value = ""]): [string, string | null] => [
    unescape(id),
    value === "" ? null : unescape(value),
  ]);
  return { selection: selectionOf(name, { sessionIds, from, to }), values: new Map(values) };
}

function readJson(name: string, text: string): Claim {
  const data = parse(name, text);
  const sessionIds = data["sessionIds"];
  const figures = data["figures"];
  const [from, to] = [data["from"] ?? "", data["date"]];
  if (
    data["schema"] !== 1 || !Array.isArray(sessionIds) || !isRecord(figures) ||
    typeof from !== "string" || typeof to !== "string"
  ) {
    throw new NotAReportError(`Cannot verify "${name}": it is no report of schema 1`);
  }
  const values = Object.entries(figures).map(([id, figure]): [string, string | null] => {
    const value = isRecord(figure) ? figure["value"] : undefined;
    return [id, typeof value === "string" ? value : null];
  });
  const selection = selectionOf(name, { sessionIds: sessionIds.map(String), from, to });
  return { selection, values: new Map(values) };
}

function selectionOf(
  name: string,
  { sessionIds, from, to }: {
    readonly sessionIds: readonly string[];
    readonly from: string;
    readonly to: string;
  },
): Selection {
  return from === "" ? { kind: "sessions", sessionIds, name } : { kind: "period", from, to, name };
}

function parse(name: string, text: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(text);
    if (isRecord(data)) return data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new NotAReportError(`Cannot verify "${name}": it is not JSON`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
