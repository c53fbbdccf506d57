import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import type { BrokerEvent } from "../../lib/broker/broker.ts";
import { VirtualClock } from "../../lib/clock.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { unrealizedAt } from "../../lib/ledger/positions.ts";
import { fromNumber, type Micros } from "../../lib/money.ts";
import { filledOf, phaseOf } from "../../lib/orders/lifecycle.ts";
import type { OrderStatus } from "../../lib/orders/order.ts";
import { OrderDesk } from "../../lib/session/desk.ts";
import { Journal } from "../../lib/session/journal.ts";
import { ACCOUNT, execution, intent } from "./fixtures.ts";

/** TWS repeats what it says and does not keep to any order. The books must not depend on either. */

const RUNS = 10_000;
const CASH = fromNumber(100_000);
const MARK = fromNumber(101.37);
const SYMBOLS = ["AAPL", "SOFI", "OPEN"] as const;
const NO_QUOTE = { bid: null, ask: null, time: 0 };

/** How an order ends. */
const ENDINGS = ["filled", "only executions", "cancelled", "rejected", "inactive"] as const;

/** What becomes of one order of the day. */
interface Fate {
  readonly symbol: (typeof SYMBOLS)[number];
  readonly side: "BUY" | "SELL";
  /** Shares of each fill. */
  readonly parts: readonly number[];
  readonly ending: (typeof ENDINGS)[number];
  /** Cents by which the exchange corrects the last fill afterwards; 0 does not. */
  readonly correction: number;
  /** A warning and a change that was refused, which end nothing. */
  readonly chatter: boolean;
}

const FATE: fc.Arbitrary<Fate> = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  side: fc.constantFrom("BUY", "SELL"),
  parts: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
  ending: fc.constantFrom(...ENDINGS),
  correction: fc.integer({ min: -3, max: 3 }),
  chatter: fc.boolean(),
});

const idOf = (index: number): string => `I${index}`;

function quantityOf({ parts, ending }: Fate): Micros {
  const filled = parts.reduce((sum, part) => sum + part, 0);
  return fromNumber(ending === "cancelled" ? filled + 100 : filled);
}

/** Everything the broker says about one order, in the order in which it happens. */
function story(fate: Fate, index: number): BrokerEvent[] {
  const { symbol, side, parts, ending, correction, chatter } = fate;
  const [orderId, permId, quantity] = [index + 1, 1_001 + index, quantityOf(fate)];
  const status = (name: OrderStatus, filled: Micros): BrokerEvent => ({
    type: "order-status",
    orderId,
    permId: name === "Inactive" ? 0 : permId,
    status: name,
    filled,
    remaining: quantity - filled,
    avgFillPrice: null,
    whyHeld: "",
  });
  const message = (code: number, text: string): BrokerEvent => ({
    type: "order-message",
    orderId,
    code,
    text,
  });
  if (ending === "rejected") return [message(201, "Order rejected"), status("Inactive", 0n)];
  if (ending === "inactive") return [status("PendingSubmit", 0n), status("Inactive", 0n)];

  const said: BrokerEvent[] = [status("PreSubmitted", 0n), status("Submitted", 0n)];
  if (chatter) said.push(message(399, "will be held"), message(110, "change refused"));
  let filled = 0n;
  for (const [nth, part] of parts.entries()) {
    const fill = (revision: number, cents: number): BrokerEvent[] => {
      const execId = `0000e0d5.${index}.${nth}.0${revision}`;
      const price = fromNumber(100) + BigInt(index * 7 + nth * 3 + cents) * 10_000n;
      const facts = { execId, orderId, permId, orderRef: `rt-${idOf(index)}`, symbol, side, price };
      return [
        {
          type: "execution",
          execution: execution({ ...facts, quantity: fromNumber(part), time: nth }),
        },
        {
          type: "commission",
          commission: { execId, amount: fromNumber(1 + nth), currency: "USD", realizedPnl: null },
        },
      ];
    };
    said.push(...fill(1, 0));
    if (correction !== 0 && nth === parts.length - 1) said.push(...fill(2, correction));
    filled += fromNumber(part);
    if (filled < quantity) said.push(status("Submitted", filled));
  }
  if (ending === "filled") said.push(status("Filled", filled));
  if (ending === "cancelled") {
    said.push(
      status("PendingCancel", filled),
      message(202, "Order cancelled"),
      status("Cancelled", filled),
    );
  }
  return said;
}

/** The books after a day in which the broker said this. */
function settle(fates: readonly Fate[], said: readonly BrokerEvent[]): unknown {
  const ledger = new MemoryLedger();
  const journal = new Journal({ ledger, clock: new VirtualClock(1_000), sessionId: "s" });
  journal.write({
    kind: "account-snapshot",
    at: "start",
    account: ACCOUNT,
    cash: CASH,
    netLiquidation: CASH,
    positions: [],
  });
  for (const [index, { symbol, side, ...fate }] of fates.entries()) {
    const intentId = idOf(index);
    const quantity = quantityOf({ symbol, side, ...fate });
    journal.write(
      intent({ intentId, orderRef: `rt-${intentId}`, symbol, side, quantity }),
      { kind: "order-sent", intentId, orderId: index + 1 },
    );
  }
  const desk = new OrderDesk(journal, () => NO_QUOTE);
  for (const event of said) desk.handle(event);
  const { books, intents } = journal;
  const positions = books.positions();
  const unrealized = positions.reduce((sum, one) => sum + unrealizedAt(one, MARK), 0n);
  return {
    cash: books.cash,
    commissions: books.commissions,
    fills: books.fills,
    provisional: books.withoutCommission(),
    positions: positions.map(({ symbol, quantity }) => `${symbol} ${quantity}`).sort(),
    profit: books.realizedNet + unrealized,
    open: intents.open().length,
    intents: fates.map((_, index) => {
      const state = intents.byId(idOf(index));
      return state === undefined ? null : {
        phase: phaseOf(state.life),
        status: state.status,
        filled: filledOf(state.life),
        permId: state.permId,
        because: state.life.rejection,
      };
    }),
  };
}

/** The events again, in any order, some of them several times. */
function shuffled(said: readonly BrokerEvent[]): fc.Arbitrary<BrokerEvent[]> {
  return fc.array(fc.constantFrom(...said), { maxLength: 10 }).chain((repeats) => {
    const all = [...said, ...repeats];
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });
}

Deno.test("O9: a day's callbacks in any order and repeated give the same positions, cash, profit and order states", () => {
  const days = fc.array(FATE, { minLength: 1, maxLength: 4 }).chain((fates) => {
    const said = fates.flatMap(story);
    return fc.record({ fates: fc.constant(fates), said: fc.constant(said), heard: shuffled(said) });
  });
  fc.assert(
    fc.property(days, ({ fates, said, heard }) => {
      deepStrictEqual(settle(fates, heard), settle(fates, said));
    }),
    { numRuns: RUNS },
  );
});

Deno.test("O8: an order that is submitted counts as filled nowhere, and one told only by executions does", () => {
  const fate: Fate = {
    symbol: "AAPL",
    side: "BUY",
    parts: [10, 20],
    ending: "only executions",
    correction: 0,
    chatter: false,
  };
  const said = story(fate, 0);
  const acknowledged = JSON.stringify(settle([fate], said.slice(0, 2)), textOf);
  ok(acknowledged.includes('"phase":"working"') && acknowledged.includes('"positions":[]'));
  const done = JSON.stringify(settle([fate], said), textOf);
  ok(done.includes('"phase":"filled"') && done.includes('"positions":["AAPL 30000000"]'));
});

function textOf(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
