import { doesNotMatch, match } from "node:assert/strict";
import { join } from "node:path";

/**
 * The safety case is made of types: what was not reviewed cannot be planned, what was not planned cannot be
 * placed. Each snippet below must fail to compile, and the control must not.
 */

const LIB = new URL("../../lib/", import.meta.url).href;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

const PREAMBLE = `
import type { Broker } from "${LIB}broker/broker.ts";
import type { Change, Order } from "${LIB}orders/order.ts";
import { tighten, type WorkingStop } from "${LIB}orders/tighten.ts";
import type { TightenDecision, Tightened } from "${LIB}risk/tighten.ts";
import { plan, type PlanStyle } from "${LIB}orders/plan.ts";
import type { Approved, Decision } from "${LIB}risk/review.ts";
import type { Signal } from "${LIB}strategy/strategy.ts";
export declare const broker: Broker;
export declare const signal: Signal;
export declare const approved: Approved;
export declare const decision: Decision;
export declare const order: Order;
export declare const style: PlanStyle;
export declare const change: Change;
export declare const stop: WorkingStop;
export declare const tightened: TightenDecision;
export type Used = typeof plan;
`;

const CONTROL =
  `if (decision.outcome === "approved") plan(decision, style).forEach((one) => broker.place(one));
  if (tightened.outcome === "tightened") broker.change(tighten(tightened, stop));`;

// name of the file → snippet that must not compile, with the error it must give
const FORBIDDEN: Readonly<Record<string, { readonly snippet: string; readonly error: RegExp }>> = {
  placed_signal: { snippet: `broker.place(signal);`, error: /TS2345.*'Signal'/ },
  placed_approval: { snippet: `broker.place(approved);`, error: /TS2345.*'ApprovedSignal'/ },
  planned_signal: { snippet: `plan(signal, style);`, error: /TS2345.*'Signal'/ },
  planned_decision: { snippet: `plan(decision, style);`, error: /TS2345.*'Decision'/ },
  literal_approval: {
    snippet:
      `export const made: Approved = { outcome: "approved", signal, instrument: approved.instrument,
      quantity: 1n, limitPrice: null, stopPrice: null, reserved: 0n, sizing: "" };`,
    error: /TS2741.*'#reviewed'/,
  },
  enlarged_approval: {
    snippet: `export const made: Approved = { ...approved, quantity: 1_000_000n };`,
    error: /TS2741.*'#reviewed'/,
  },
  literal_order: {
    snippet:
      `export const made: Order = { intentId: "", orderRef: "", symbol: "", conId: 0, side: "BUY",
      role: "entry", orderType: "MKT", tif: "DAY", quantity: 1n, lmtPrice: null, auxPrice: null,
      outsideRth: false, parentIntentId: null, ocaGroup: null, parentOrderId: null, displaySize: null, algo: null,
      transmit: true, deadlineMs: 0 };`,
    error: /TS2741.*'#planned'/,
  },
  changed_to_an_order: {
    snippet: `broker.change({ orderId: 1, order });`,
    error: /TS2345.*'#plannedChange'|TS2345[^]*?'#plannedChange'/,
  },
  loosened_change: {
    snippet: `broker.change({ ...change, order: { ...change.order, auxPrice: 1n } });`,
    error: /TS2345.*'#plannedChange'|TS2345[^]*?'#plannedChange'/,
  },
  placed_change: { snippet: `broker.place(change);`, error: /TS2345.*'Change'/ },
  unproven_tightening: {
    snippet: `tighten({ outcome: "tightened", intentId: "", stopPrice: 1n }, stop);`,
    error: /TS2345.*'#reviewed'|TS2345[^]*?'#reviewed'/,
  },
  tightened_decision: { snippet: `tighten(tightened, stop);`, error: /TS2345.*'TightenDecision'/ },
  loosened_proof: {
    snippet: `if (tightened.outcome === "tightened") {
      const made: Tightened = { ...tightened, stopPrice: 1n };
      tighten(made, stop);
    }`,
    error: /TS2741.*'#reviewed'/,
  },
  enlarged_order: {
    snippet: `broker.place({ ...order, quantity: 1_000_000n });`,
    error: /TS2345.*'#planned'|TS2345[^]*?'#planned'/,
  },
};

Deno.test("O3: only a reviewed signal can be planned and only a planned order can be placed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "type-chain-" });
  try {
    const files: string[] = [];
    for (
      const [name, code] of [
        ["control", CONTROL],
        ...Object.entries(FORBIDDEN).map(([name, { snippet }]) => [name, snippet]),
      ]
    ) {
      const file = join(folder, `${name}.ts`);
      await Deno.writeTextFile(file, PREAMBLE + code);
      files.push(file);
    }
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--config", CONFIG, ...files],
      env: { NO_COLOR: "1" },
      stdout: "null",
    }).output();
    const errors = new TextDecoder().decode(stderr);
    match(String(code), /^1$/, errors);
    doesNotMatch(errors, /control\.ts/);
    const blocks = errors.split(/^(?=TS\d+ \[ERROR\])/m);
    for (const [name, { error }] of Object.entries(FORBIDDEN)) {
      const found = blocks.filter((block) => block.includes(`${name}.ts`)).join("");
      match(found, error, `${name}: ${errors}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
