import { join } from "node:path";
import type { ReportLink } from "./feed.ts";

/** The reports that were written, read-only. */

/** A page shows the newest of them. */
const REPORTS_MAX = 12;
const PAGE = "report.html";
/** A folder name as the report task makes them: a date, a session id, a word. Nothing that climbs. */
const FOLDER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Newest first. */
export function listReports(folder: string): readonly ReportLink[] {
  return names(folder).flatMap((name): ReportLink[] => {
    const at = writtenAt(join(folder, name, PAGE));
    return at === null ? [] : [{ name, href: `/reports/${name}`, at }];
  }).toSorted((a, b) => b.at - a.at).slice(0, REPORTS_MAX);
}

/** The page of one report; null when there is no such report. */
export async function readReport(folder: string, name: string): Promise<string | null> {
  // Only what the folder itself lists, so that a name can never be a way out of it.
  if (!names(folder).includes(name)) return null;
  const path = join(folder, name, PAGE);
  return writtenAt(path) === null ? null : await Deno.readTextFile(path);
}

function names(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)]
      .filter(({ isDirectory, name }) => isDirectory && FOLDER.test(name))
      .map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Null when it is no plain file; a link could lead anywhere. */
function writtenAt(path: string): number | null {
  try {
    const { isFile, mtime } = Deno.lstatSync(path);
    return isFile ? mtime?.getTime() ?? 0 : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
