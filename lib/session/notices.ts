import { type CodeMeaning, meaningOf } from "../broker/codes.ts";
import type { FarmChanged } from "../ledger/entry.ts";
import type { Journal } from "./journal.ts";

/** Something that lasts: the codes that begin it and those that end it. */
interface Outage {
  readonly kind: "upstream" | "farm";
  readonly begins: ReadonlySet<number>;
  readonly ends: ReadonlySet<number>;
}

/** A farm that is idle is no longer broken: it wakes up on demand. */
const OUTAGES: readonly Outage[] = [
  { kind: "upstream", begins: new Set([1100, 1300, 2110]), ends: new Set([1101, 1102]) },
  { kind: "farm", begins: new Set([2103]), ends: new Set([2104, 2108]) },
  { kind: "farm", begins: new Set([2105]), ends: new Set([2106, 2107]) },
  { kind: "farm", begins: new Set([2157]), ends: new Set([2158, 2159]) },
];

/** What a code says of a farm: the plain state, while the outages above are its trouble. */
const FARMS: ReadonlyMap<number, Pick<FarmChanged, "service" | "state">> = new Map([
  [2103, { service: "market-data", state: "down" }],
  [2104, { service: "market-data", state: "up" }],
  [2108, { service: "market-data", state: "inactive" }],
  [2119, { service: "market-data", state: "connecting" }],
  [2105, { service: "history", state: "down" }],
  [2106, { service: "history", state: "up" }],
  [2107, { service: "history", state: "inactive" }],
  [2157, { service: "security-definition", state: "down" }],
  [2158, { service: "security-definition", state: "up" }],
  [2159, { service: "security-definition", state: "inactive" }],
]);

const INCIDENT = {
  upstream: { begin: "upstream-lost", end: "upstream-restored" },
  farm: { begin: "farm-down", end: "farm-restored" },
} as const;

/** IB runs a few dozen farms. Names beyond this are noise, and noise is not kept. */
const FARMS_MAX = 100;
/** TWS sends a code for one of a few reasons; more different texts than this in a day add nothing. */
const TOLD_MAX = 1_000;

/**
 * What TWS says of its link and its farms as incidents: each once for as long as it lasts, and how long that was
 * when it is over. Notes without an outage before them are the usual chatter of a connect and are not kept.
 */
export class Notices {
  readonly #journal: Journal;
  /** outage and farm → since when, epoch ms */
  readonly #lasting = new Map<string, number>();
  /** code and symbol told over this connection */
  readonly #told = new Set<string>();
  /** service and farm → state last booked */
  readonly #farms = new Map<string, FarmChanged["state"]>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** `at` is when it arrived, epoch ms. */
  hear({ code, text }: { readonly code: number; readonly text: string }, at: number): void {
    this.#bookFarm(code, text);
    const outage = OUTAGES.find(({ begins, ends }) => begins.has(code) || ends.has(code));
    if (outage === undefined) return this.#tell(code, text);
    const key = outage.kind === "upstream" ? outage.kind : `${[...outage.begins]} ${farmOf(text)}`;
    if (outage.begins.has(code)) return this.#begin({ key, code, text, at, kind: outage.kind });
    this.#end({ key, code, text, at, kind: outage.kind });
  }

  /** A new link says anew what still lasts; TWS's own line counts as back until it does. */
  startConnection(at: number): void {
    this.#told.clear();
    this.#end({ key: "upstream", code: 1102, text: "connected again", at, kind: "upstream" });
  }

  /** Only what changed: a healthy farm greets with every connect. */
  #bookFarm(code: number, text: string): void {
    const said = FARMS.get(code);
    if (said === undefined) return;
    const farm = farmOf(text);
    const key = `${said.service} ${farm}`;
    const known = this.#farms.get(key);
    if (known === said.state || (known === undefined && this.#farms.size >= FARMS_MAX)) return;
    this.#farms.set(key, said.state);
    this.#journal.write({ kind: "farm-changed", farm, ...said, code });
  }

  #begin(change: Change): void {
    if (this.#lasting.has(change.key)) return;
    this.#lasting.set(change.key, change.at);
    const meaning = meaningOf(change.code);
    this.#journal.incident({
      code: INCIDENT[change.kind].begin,
      severity: meaning.severity,
      text: inWords(change.code, meaning, change.text),
    });
  }

  #end(change: Change): void {
    const since = this.#lasting.get(change.key);
    if (since === undefined) return;
    this.#lasting.delete(change.key);
    this.#journal.incident({
      code: INCIDENT[change.kind].end,
      severity: "note",
      text: inWords(change.code, meaningOf(change.code), change.text),
      durationMs: change.at - since,
    });
  }

  #tell(code: number, text: string): void {
    const meaning = meaningOf(code);
    const symbol = /^([A-Z][A-Z0-9 ]*): /.exec(text)?.[1] ?? null;
    const key = `${code} ${symbol ?? ""}`;
    if (meaning.severity === "note" || this.#told.has(key) || this.#told.size >= TOLD_MAX) return;
    this.#told.add(key);
    const { severity } = meaning;
    this.#journal.incident({
      code: `tws-${code}`,
      severity,
      symbol,
      text: inWords(code, meaning, text),
    });
  }
}

interface Change {
  readonly key: string;
  readonly kind: Outage["kind"];
  readonly code: number;
  readonly text: string;
  readonly at: number;
}

function inWords(code: number, { meaning, remedy }: CodeMeaning, text: string): string {
  const said = `${meaning} (${code}: ${text})`;
  return remedy === "" ? said : `${said}. ${remedy}`;
}

/** TWS names the farm last: `Market data farm connection is broken:usfarm`. */
function farmOf(text: string): string {
  return text.slice(text.lastIndexOf(":") + 1).trim();
}
