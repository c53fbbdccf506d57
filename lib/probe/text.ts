import { CAUSES } from "./causes.ts";
import type { Check, CheckId, CheckStatus, Diagnosis, ProbeReport } from "./report.ts";
import { duration } from "./rules.ts";
import { NAMES, wordsOf } from "./words.ts";

/** A report for people: at most 80 columns, readable without colour, fit to be pasted in public. */

export interface TextStyle {
  /** Marks beyond ASCII are understood. */
  readonly unicode: boolean;
  readonly paint: (colour: "red" | "green" | "yellow" | "bold" | "dim", text: string) => string;
  /** What the clock on the wall says, epoch ms. */
  readonly nowMs: number;
}

const WIDTH = 80;
const NAME_WIDTH = 14;
const TIME_WIDTH = 8;

const SECTIONS: readonly (readonly [string, readonly CheckId[]])[] = [
  ["Machine", ["observer", "process", "listener"]],
  ["Gateway", [
    "tcp",
    "service",
    "handshake",
    "startApi",
    "nextValidId",
    "accounts",
    "upstream",
    "clock",
  ]],
  ["Market data", ["marketData", "history"]],
  ["Trading", ["readOnly", "openState"]],
  ["Session", ["calendar", "ledger"]],
];

type Marks = Readonly<Record<CheckStatus, string>>;
const UNICODE_MARKS: Marks = { pass: "✓", warn: "!", fail: "✗", unknown: "?", "not-run": "–" };
const ASCII_MARKS: Marks = {
  pass: "[ok]",
  warn: "[!!]",
  fail: "[XX]",
  unknown: "[??]",
  "not-run": "[--]",
};
const COLOURS = {
  pass: "green",
  warn: "yellow",
  fail: "red",
  unknown: "yellow",
  "not-run": "dim",
} as const;

export function renderReport(report: ProbeReport, style: TextStyle): string {
  const lines = [
    header(report, style),
    "",
    ...SECTIONS.flatMap(([title, ids]) => section(title, { ids, report, style })),
    "",
    verdictLine(report, style),
    ...report.diagnoses.flatMap((found, index) => causeLines(found, { index, style })),
    ...advice(report),
  ];
  const text = lines.map((line) => line.trimEnd()).join("\n");
  return style.unicode ? text : toAscii(text);
}

function header({ target }: ProbeReport, { nowMs, paint }: TextStyle): string {
  if (target === null) return "IBKR probe";
  const mode = target.expectedMode?.toUpperCase() ?? "MODE UNKNOWN";
  const where = `${target.host}:${target.port}`;
  const left = shorten(`IBKR probe   ${mode}   ${where}   client ${target.clientId}`, WIDTH);
  const right = newYorkTime(nowMs);
  const gap = Math.max(1, WIDTH - left.length - right.length);
  return paint("bold", left) + (left.length + right.length < WIDTH ? " ".repeat(gap) + right : "");
}

/** `Mon 23 Nov 09:28:51 ET`: what matters is the exchange's day, wherever this machine stands. */
function newYorkTime(nowMs: number): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: "America/New_York",
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  }).format(nowMs);
  return `${parts.replaceAll(",", "")} ET`;
}

function section(
  title: string,
  { ids, report, style }: {
    readonly ids: readonly CheckId[];
    readonly report: ProbeReport;
    readonly style: TextStyle;
  },
): string[] {
  const checks = report.checks.filter(({ id }) => ids.includes(id));
  const asked = checks.filter(({ because }) => because !== "not asked for");
  if (asked.length === 0) return [];
  const ran = asked.filter(({ status }) => status !== "not-run");
  const notRun = asked.filter(({ status }) => status === "not-run");
  return [
    style.paint("bold", title),
    ...ran.map((check) => checkLine(check, style)),
    ...(notRun.length === 0 ? [] : notRunLines(notRun, style)),
  ];
}

function checkLine(check: Check, style: TextStyle): string {
  const mark = marksOf(style)[check.status];
  const time = check.ms === null || check.ms === 0 ? "" : duration(check.ms);
  const lead = `  ${mark} ${NAMES[check.id].padEnd(NAME_WIDTH)}`;
  const room = WIDTH - lead.length - TIME_WIDTH - 1;
  const words = shorten(wordsOf(check), room).padEnd(room);
  return `  ${style.paint(COLOURS[check.status], mark)} ${
    NAMES[check.id].padEnd(NAME_WIDTH)
  }${words} ${time.padStart(TIME_WIDTH)}`;
}

function notRunLines(checks: readonly Check[], style: TextStyle): string[] {
  const mark = marksOf(style)["not-run"];
  const names = checks.map(({ id }) => NAMES[id]).join(", ");
  const lines = wrap(`${names}: not run`, WIDTH - 4 - mark.length);
  return lines.map((line, index) => `  ${index === 0 ? mark : " ".repeat(mark.length)} ${line}`);
}

function verdictLine(report: ProbeReport, { paint }: TextStyle): string {
  const right = `${duration(report.elapsedMs)}, exit ${report.exitCode}`;
  const left = shorten(verdictWords(report), WIDTH - right.length - 2);
  const colour = report.verdict === "ready"
    ? "green"
    : report.verdict === "degraded"
    ? "yellow"
    : "red";
  return paint(colour, left) + " ".repeat(Math.max(2, WIDTH - left.length - right.length)) + right;
}

function verdictWords({ verdict, diagnoses, session, checks }: ProbeReport): string {
  const [first] = diagnoses;
  const failed = checks.find(({ status }) => status === "fail");
  if (verdict === "not-ready") {
    const why = first !== undefined
      ? CAUSES[first.code].title
      : failed !== undefined
      ? NAMES[failed.id]
      : "unknown";
    return `Not ready: ${why}.`;
  }
  const account = session?.accounts[0];
  const ready = account === undefined
    ? "Ready"
    : `Ready on ${session?.mode ?? ""} account ${account}`;
  if (verdict === "ready") return `${ready}.`;
  const warnings = Math.max(
    diagnoses.length,
    checks.filter(({ status }) => status === "warn").length,
  );
  return `${ready}, with ${warnings} warning${warnings === 1 ? "" : "s"}.`;
}

function causeLines(
  { code, confidence, because, remedy, wouldSeparate }: Diagnosis,
  { index, style }: { readonly index: number; readonly style: TextStyle },
): string[] {
  const title = `${index + 1}. ${CAUSES[code].title}`;
  const sure = `${Math.round(confidence * 100)} %`;
  return [
    "",
    ...wrap(`${title} (${code}, ${sure})`, WIDTH - 3).map((line, at) =>
      at === 0 ? style.paint("bold", line) : style.paint("bold", `   ${line}`)
    ),
    ...because.flatMap((line) => bullet("seen ", line)),
    ...remedy.flatMap((line) => bullet("do   ", line)),
    ...bullet("check", wouldSeparate),
  ];
}

function bullet(label: string, text: string): string[] {
  const indent = 3 + label.length + 2;
  return wrap(text, WIDTH - indent).map((line, index) =>
    index === 0 ? `   ${label}  ${line}` : " ".repeat(indent) + line
  );
}

function advice({ verdict, diagnoses, exitCode }: ProbeReport): string[] {
  const [first] = diagnoses;
  if (verdict === "ready") {
    return ["If your own client still fails: deno task probe --explain client-side"];
  }
  if (first === undefined || exitCode === 0) return [];
  return [
    "",
    `More about it:         deno task probe --explain ${first.code}`,
    "Again, and wait:       deno task probe --wait 120",
    "For a bug report:      deno task probe --json > probe.json",
  ];
}

function marksOf({ unicode }: TextStyle): Marks {
  return unicode ? UNICODE_MARKS : ASCII_MARKS;
}

function shorten(text: string, room: number): string {
  const line = text.replaceAll(/[\r\n\t]+/g, " ");
  return line.length <= room ? line : `${line.slice(0, room - 3).trimEnd()}...`;
}

/** Breaks at blanks; a word longer than the room is cut, because the width is a promise. */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    for (let rest = word; rest !== ""; rest = rest.slice(room)) {
      const piece = rest.slice(0, room);
      if (line !== "" && line.length + 1 + piece.length > room) {
        lines.push(line);
        line = piece;
      } else line = line === "" ? piece : `${line} ${piece}`;
    }
  }
  return [...lines, line];
}

function toAscii(text: string): string {
  return text.replaceAll("•", "*").replaceAll("…", "...").replaceAll(/\P{ASCII}/gu, "?");
}
