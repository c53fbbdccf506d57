import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type Micros, parseMicros } from "../../lib/money.ts";
import {
  averagePriceOf,
  filledOf,
  isFinal,
  missingExecutions,
  newOrder,
  type OrderFact,
  type OrderState,
  overfilled,
  phaseOf,
  withFact,
} from "../../lib/orders/lifecycle.ts";
import type { OrderStatus } from "../../lib/orders/order.ts";

const HUNDRED = parseMicros("100");
const SENT: OrderFact = { type: "sent", orderId: 7 };

function status(name: OrderStatus, filled = "0"): OrderFact {
  return { type: "order-status", permId: 900, status: name, filled: parseMicros(filled) };
}

function openOrder(name: OrderStatus): OrderFact {
  return { type: "open-order", order: { permId: 900, status: name, filled: null } };
}

function execution(id: string, shares: string, price = "10"): OrderFact {
  const [quantity, paid] = [parseMicros(shares), parseMicros(price)];
  return { type: "execution", execution: { execId: id, permId: 900, quantity, price: paid } };
}

function message(code: number, text = ""): OrderFact {
  return { type: "order-message", code, text };
}

function fold(facts: readonly OrderFact[], quantity: Micros = HUNDRED): OrderState {
  return facts.reduce(withFact, newOrder(quantity));
}

function phase(...facts: readonly OrderFact[]): string {
  return phaseOf(fold(facts));
}

Deno.test("an order goes from planned over sent and working to filled", () => {
  strictEqual(phase(), "planned");
  strictEqual(phase(SENT), "sent");
  strictEqual(phase(SENT, status("PreSubmitted")), "working");
  strictEqual(phase(SENT, status("Submitted")), "working");
  strictEqual(phase(SENT, status("Submitted"), status("PendingCancel")), "cancelling");
  strictEqual(phase(SENT, status("Submitted"), status("Filled", "100")), "filled");
});

Deno.test("an order of status Submitted is not filled, whatever was executed of it", () => {
  const state = fold([SENT, status("Submitted", "40"), execution("a.01.01", "40")]);
  strictEqual(phaseOf(state), "working");
  strictEqual(filledOf(state), parseMicros("40"));
});

Deno.test("executions alone complete a market order whose status never comes", () => {
  const state = fold([SENT, execution("a.01.01", "60", "10"), execution("b.01.01", "40", "11")]);
  strictEqual(phaseOf(state), "filled");
  strictEqual(isFinal(state), true);
  strictEqual(averagePriceOf(state), parseMicros("10.4"));
  strictEqual(missingExecutions(state), 0n);
});

Deno.test("an order that the broker made smaller and then filled is owed nothing of what it was made for", () => {
  const facts = [status("Filled", "40"), execution("0001.01", "15"), execution("0002.01", "25")];
  const missing = facts.map((_, index) =>
    missingExecutions(facts.slice(0, index + 1).reduce(withFact, newOrder(HUNDRED)))
  );
  deepStrictEqual(missing, [parseMicros("40"), parseMicros("25"), 0n]);
});

Deno.test("a fill that status claims and no execution proves is named as missing", () => {
  const state = fold([SENT, status("Filled", "100"), execution("a.01.01", "60")]);
  strictEqual(phaseOf(state), "filled");
  strictEqual(missingExecutions(state), parseMicros("40"));
});

Deno.test("a fill that races a cancel wins, whole or in part", () => {
  const cancelled = [SENT, status("PendingCancel"), status("Cancelled"), message(202)];
  strictEqual(phase(...cancelled), "cancelled");
  const part = fold([...cancelled, execution("a.01.01", "30")]);
  strictEqual(phaseOf(part), "cancelled");
  strictEqual(filledOf(part), parseMicros("30"));
  strictEqual(phase(...cancelled, execution("a.01.01", "100")), "filled");
});

Deno.test("a correction takes the place of its execution, whichever comes first", () => {
  const [first, second] = [execution("a.01.01", "100", "10"), execution("a.01.02", "90", "11")];
  for (const facts of [[first, second], [second, first], [second, first, second]]) {
    const state = fold([SENT, ...facts]);
    strictEqual(filledOf(state), parseMicros("90"));
    strictEqual(averagePriceOf(state), parseMicros("11"));
  }
});

Deno.test("a bust leaves nothing filled", () => {
  const state = fold([SENT, execution("a.01.01", "100"), execution("a.01.02", "0")]);
  strictEqual(filledOf(state), 0n);
  strictEqual(averagePriceOf(state), null);
});

Deno.test("executions beyond the quantity are named", () => {
  const state = fold([SENT, execution("a.01.01", "100"), execution("b.01.01", "5")]);
  strictEqual(overfilled(state), parseMicros("5"));
});

Deno.test("a rejection ends the order, with or without a status, and keeps the broker's reason", () => {
  strictEqual(
    phase(SENT, status("Inactive"), message(201, "Order rejected - reason:x")),
    "rejected",
  );
  strictEqual(
    phase(SENT, status("Cancelled"), message(201, "Order rejected - reason:x")),
    "rejected",
  );
  const state = fold([SENT, message(201, "Order rejected - reason:no funds")]);
  strictEqual(phaseOf(state), "rejected");
  strictEqual(state.rejection?.text, "Order rejected - reason:no funds");
});

Deno.test("an order refused before acceptance is rejected, a refused change to a known one is not", () => {
  for (const code of [103, 110, 200, 321]) {
    strictEqual(phase(SENT, message(code, "no")), "rejected", String(code));
    strictEqual(phase(SENT, message(code, "no"), status("Submitted")), "working", String(code));
    strictEqual(phase(SENT, openOrder("Submitted"), message(code, "no")), "working", String(code));
  }
});

Deno.test("warnings and answers to a cancel end nothing", () => {
  for (const code of [399, 404, 2109, 10349, 161, 10147, 10148]) {
    strictEqual(phase(SENT, status("PreSubmitted"), message(code)), "working", String(code));
    strictEqual(phase(SENT, message(code)), "sent", String(code));
  }
});

Deno.test("a cancel that only its message reports is a cancel", () => {
  strictEqual(
    phase(SENT, status("Submitted"), message(202, "Order Canceled - reason:")),
    "cancelled",
  );
});

Deno.test("a late repeat of an earlier status does not reopen an order", () => {
  strictEqual(
    phase(SENT, status("Cancelled"), status("Submitted"), openOrder("PreSubmitted")),
    "cancelled",
  );
  strictEqual(phase(SENT, status("Filled", "100"), status("Submitted", "40")), "filled");
});

/** A valid sequence of callbacks: how TWS tells an order's life when nothing goes wrong on the way. */
const life = fc.record({
  fills: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
  corrected: fc.boolean(),
  end: fc.constantFrom("working", "filled", "cancelled", "rejected", "statusless"),
}).map(({ fills, corrected, end }): readonly OrderFact[] => {
  const facts: OrderFact[] = [SENT];
  const say = (name: OrderStatus, filled = 0): void => {
    if (end !== "statusless") facts.push(openOrder(name), status(name, String(filled)));
  };
  say("PreSubmitted");
  let filled = 0;
  const parts = end === "filled" || end === "statusless" ? [...fills, 120] : fills;
  for (const [index, wanted] of parts.entries()) {
    const shares = Math.min(wanted, 100 - filled);
    if (shares === 0 || end === "rejected") continue;
    filled += shares;
    facts.push(execution(`e${index}.01.01`, String(shares), String(10 + index)));
    if (corrected) facts.push(execution(`e${index}.01.02`, String(shares), String(9 + index)));
    say(filled === 100 ? "Filled" : "Submitted", filled);
  }
  if (end === "cancelled" && filled < 100) {
    say("PendingCancel", filled);
    facts.push(status("Cancelled", String(filled)), message(202, "Order Canceled - reason:"));
  }
  if (end === "rejected") {
    say("Inactive");
    facts.push(message(201, "Order rejected - reason:x"), message(399, "a warning"));
  }
  return facts;
});

Deno.test("any order and any repetition of an order's callbacks gives the same state", () => {
  const shuffled = life.chain((facts) =>
    fc.record({
      facts: fc.constant(facts),
      said: fc.tuple(
        fc.shuffledSubarray([...facts], { minLength: facts.length }),
        fc.array(fc.constantFrom(...facts), { maxLength: 10 }),
      ).chain(([all, again]) =>
        fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })
      ),
    })
  );
  fc.assert(
    fc.property(shuffled, ({ facts, said }) => {
      deepStrictEqual(fold(said), fold(facts));
      strictEqual(phaseOf(fold(said)), phaseOf(fold(facts)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("no fact takes an order out of a final phase, unless a fill or a correction does", () => {
  const fact = fc.oneof(
    fc.constantFrom<OrderStatus>("PendingSubmit", "PreSubmitted", "Submitted", "PendingCancel").map(
      (name) => status(name),
    ),
    fc.constantFrom(103, 110, 161, 202, 321, 399, 2109, 10148).map((code) => message(code)),
  );
  fc.assert(fc.property(life, fc.array(fact, { maxLength: 5 }), (facts, later) => {
    // A refusal before acceptance is the one verdict that acceptance may overturn.
    const before = fold([...facts, openOrder("PreSubmitted")]);
    if (isFinal(before)) strictEqual(phaseOf(later.reduce(withFact, before)), phaseOf(before));
  }));
});
