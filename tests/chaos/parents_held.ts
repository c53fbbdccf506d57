import { formatMicros, type Micros, parseMicros } from "../../lib/money.ts";
import type { GatewayHistory } from "./gateway_history.ts";
import { bodies, type LedgerFile } from "./ledger_file.ts";

const FIRST_REVISION = ".01";

/** A parent order as the ledger began it, and what the Gateway did of it. */
interface Parent {
  readonly symbol: string;
  readonly quantity: Micros;
  /** Epoch ms; no slice may arrive later. */
  readonly endMs: number;
  filled: Micros;
  readonly working: Map<string, Micros>; // orderRef of a slice → shares that may still fill
}

/**
 * Of every algorithm, at every instant of the Gateway's history: filled and working shares together are never more
 * than the parent's, no slice arrives after its end, and the end the ledger tells is the end the Gateway saw.
 */
export function parentBreaches(ledger: LedgerFile, { lines }: GatewayHistory): string[] {
  const parents = parentsOf(ledger);
  const byRef = new Map<unknown, Parent>(); // orderRef of an entry → its parent
  for (const { orderRef, parentOrderId, role } of bodies(ledger, "intent")) {
    const parent = parents.get(parentOrderId);
    if (parent !== undefined && role === "entry") byRef.set(orderRef, parent);
  }
  const wrong = new Set<string>();
  const seen = new Set<string>(); // execIds
  const quantities = new Map<string, Micros>(); // execId without its revision → shares
  for (const line of lines) {
    if (line.kind === "disconnected" || line.kind === "message") continue;
    const ref = line.kind === "placed" ? line.request.order.orderRef : line.orderRef;
    const parent = byRef.get(ref);
    if (parent === undefined) continue;
    if (line.kind === "placed") {
      if (line.at > parent.endMs) wrong.add(`I3: ${ref} is a slice after its parent's end`);
    } else if (line.kind === "order") {
      const isOver = line.status === "Cancelled" || line.status === "Inactive";
      parent.working.set(ref, isOver ? 0n : line.remaining);
    } else if (!seen.has(line.execId)) {
      seen.add(line.execId);
      // A correction takes the place of what was told before.
      const stem = line.execId.slice(0, line.execId.lastIndexOf("."));
      const more = line.quantity - (quantities.get(stem) ?? 0n);
      quantities.set(stem, line.quantity);
      parent.filled += more;
      if (more > 0n) parent.working.set(ref, (parent.working.get(ref) ?? 0n) - more);
    }
    const working = [...parent.working.values()].reduce(
      (sum, left) => left > 0n ? sum + left : sum,
      0n,
    );
    if (parent.filled + working > parent.quantity) {
      wrong.add(`I3: ${parent.symbol} has more filled and working than its parent's shares`);
    }
  }
  return [...wrong, ...endsAsTold(ledger, parents)];
}

function parentsOf(ledger: LedgerFile): Map<unknown, Parent> {
  return new Map(
    bodies(ledger, "parent-order").map((body) => [body["parentOrderId"], {
      symbol: String(body["symbol"]),
      quantity: parseMicros(String(body["quantity"])),
      endMs: Number(body["endMs"]),
      filled: 0n,
      working: new Map<string, Micros>(),
    }]),
  );
}

function endsAsTold(ledger: LedgerFile, parents: ReadonlyMap<unknown, Parent>): string[] {
  const ends = new Map(bodies(ledger, "parent-ended").map((body) => [body["parentOrderId"], body]));
  // Where a fill was taken back, before or after the parent's end, I2 says whether the books know.
  const taken = new Set(
    bodies(ledger, "execution").filter(({ execId }) => !String(execId).endsWith(FIRST_REVISION))
      .map(({ symbol }) => symbol),
  );
  return [...parents].flatMap(([id, { symbol, filled }]) => {
    const end = ends.get(id);
    if (end === undefined) return [`I6: parent ${id} in ${symbol} has no end`];
    const told = parseMicros(String(end["filled"]));
    return told === filled || taken.has(symbol) ? [] : [
      `I4: parent ${id} ended with ${formatMicros(told)}, the Gateway filled ${
        formatMicros(filled)
      }`,
    ];
  });
}

/** How many sessions went on with an algorithm that the one before had begun. */
export function resumedParents({ rows }: LedgerFile): number {
  const active = new Set<unknown>(); // parentOrderId
  let resumed = 0;
  let sessionId = "";
  for (const row of rows) {
    if (row.sessionId !== sessionId && active.size > 0) resumed++;
    ({ sessionId } = row);
    if (row.kind === "parent-order") active.add(row.body["parentOrderId"]);
    if (row.kind === "parent-ended") active.delete(row.body["parentOrderId"]);
  }
  return resumed;
}
