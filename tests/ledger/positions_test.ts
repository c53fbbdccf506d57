import assert from "node:assert/strict";
import fc from "fast-check";
import { formatMicros, parseMicros, toNumber } from "../../lib/money.ts";
import { Books, splitExecId, unrealizedAt } from "../../lib/ledger/positions.ts";
import { booksOf, commission, entries, fill, only, started } from "./books_fixtures.ts";

Deno.test("L1: two purchases and a partial sale realise the oldest lot first, the average in between", () => {
  const books = booksOf(
    fill("BUY", "100", "10"),
    fill("BUY", "100", "12"),
    fill("SELL", "150", "13.50"),
  );
  // FIFO: 100·3.50 + 50·1.50 = 425; average cost 11: 150·2.50 = 375.
  assert.deepStrictEqual(only(books), {
    quantity: "50",
    cost: "600",
    average: "11",
    realized: "425",
    realizedAverageCost: "375",
  });
  assert.strictEqual(formatMicros(books.cashChange), "-175");
});

Deno.test("a short gains when it is bought back lower, and its cost is negative while open", () => {
  const books = booksOf(fill("SELL", "200", "50.25"), fill("BUY", "150", "49.75"));
  assert.deepStrictEqual(only(books), {
    quantity: "-50",
    cost: "-2512.5",
    average: "50.25",
    realized: "75",
    realizedAverageCost: "75",
  });
});

Deno.test("a sale past zero closes the long and opens a short of the rest", () => {
  const books = booksOf(fill("BUY", "100", "20"), fill("SELL", "130", "19"));
  assert.deepStrictEqual(only(books), {
    quantity: "-30",
    cost: "-570",
    average: "19",
    realized: "-100",
    realizedAverageCost: "-100",
  });
});

Deno.test("apply() says which lots a fill closed and what each realised", () => {
  const books = new Books();
  const [first, second, third] = entries([
    fill("BUY", "10", "5", { execId: "a.b.01.01" }),
    fill("BUY", "10", "6", { execId: "a.c.01.01" }),
    fill("SELL", "15", "7"),
  ]);
  assert.ok(first && second && third);
  assert.deepStrictEqual(books.apply(first), []);
  assert.deepStrictEqual(books.apply(second), []);
  assert.deepStrictEqual(
    books.apply(third).map((c) => [c.openedBy, formatMicros(c.quantity), formatMicros(c.realized)]),
    [["a.b.01.01", "10", "20"], ["a.c.01.01", "5", "5"]],
  );
});

Deno.test("an execution told twice counts once", () => {
  const same = fill("BUY", "100", "10", { execId: "f.1.01.01" });
  const books = booksOf(same, same);
  assert.strictEqual(books.fills, 1);
  assert.strictEqual(only(books).quantity, "100");
});

Deno.test("a correction takes the place of its original, also for what was closed since", () => {
  const books = booksOf(
    fill("BUY", "100", "10", { execId: "f.2.01.01" }),
    fill("SELL", "100", "11"),
    fill("BUY", "100", "10.40", { execId: "f.2.01.02" }),
  );
  assert.strictEqual(books.fills, 2);
  assert.strictEqual(formatMicros(books.realizedGross), "60");
  assert.strictEqual(formatMicros(books.cashChange), "60");
  assert.strictEqual(formatMicros(books.tradedNotional), "2140");
  assert.strictEqual(books.knows("f.2.01.01"), true);
  assert.strictEqual(books.knows("f.2.01.03"), false);
});

Deno.test("an original that arrives after its correction changes nothing", () => {
  const books = booksOf(
    fill("BUY", "100", "10.40", { execId: "f.3.01.02" }),
    fill("BUY", "100", "10", { execId: "f.3.01.01" }),
  );
  assert.strictEqual(only(books).cost, "1040");
});

Deno.test("a correction to zero shares undoes the fill", () => {
  const books = booksOf(
    fill("BUY", "100", "10", { execId: "f.4.01.01" }),
    fill("BUY", "0", "10", { execId: "f.4.01.02" }),
  );
  assert.strictEqual(only(books).quantity, "0");
  assert.strictEqual(formatMicros(books.cashChange), "0");
});

Deno.test("a commission counts with its execution, whichever comes first, and the newest word holds", () => {
  const early = booksOf(
    commission("f.5.01.01", "1.05"),
    fill("BUY", "100", "10", { execId: "f.5.01.01" }),
  );
  assert.strictEqual(formatMicros(early.commissions), "1.05");
  assert.deepStrictEqual(early.withoutCommission(), []);

  const late = booksOf(fill("BUY", "100", "10", { execId: "f.5.01.01" }));
  assert.deepStrictEqual(late.withoutCommission(), ["f.5.01.01"]);
  const [, provisional, final] = entries([
    fill("BUY", "1", "1"),
    commission("f.5.01.01", "1.05"),
    commission("f.5.01.01", "0.35"),
  ]);
  assert.ok(provisional && final);
  late.apply(provisional);
  late.apply(final);
  assert.strictEqual(formatMicros(late.commissions), "0.35");
  assert.strictEqual(formatMicros(late.cashChange), "-1000.35");
});

Deno.test("a corrected fill keeps its first commission until its own arrives", () => {
  const bodies = [
    fill("BUY", "100", "10", { execId: "f.6.01.01" }),
    commission("f.6.01.01", "1"),
    fill("BUY", "100", "10.01", { execId: "f.6.01.02" }),
  ];
  assert.strictEqual(formatMicros(booksOf(...bodies).commissions), "1");
  const more = [commission("f.6.01.02", "1.1"), commission("f.6.01.01", "9")];
  assert.strictEqual(formatMicros(booksOf(...bodies, ...more).commissions), "1.1");
});

Deno.test("a commission of an unknown execution moves no cash", () => {
  const books = booksOf(started("1000", []), commission("f.7.01.01", "1"));
  assert.strictEqual(formatMicros(books.cash ?? -1n), "1000");
});

Deno.test("splitExecId() takes the last number as the revision", () => {
  assert.deepStrictEqual(splitExecId("0000e0d5.5c1f3a2b.01.02"), {
    stem: "0000e0d5.5c1f3a2b.01",
    revision: 2,
  });
  assert.deepStrictEqual(splitExecId("manual"), { stem: "manual", revision: 0 });
});

const anyFill = fc.record({
  side: fc.constantFrom<"BUY" | "SELL">("BUY", "SELL"),
  quantity: fc.integer({ min: 0, max: 500_000_000 }).map((n) => formatMicros(BigInt(n))),
  price: fc.integer({ min: 1, max: 900_000_000 }).map((n) => formatMicros(BigInt(n))),
  revises: fc.option(fc.nat({ max: 20 }), { nil: null, freq: 4 }),
});

Deno.test("for any fills and corrections: realised minus open cost is the cash that moved, by both methods", () => {
  fc.assert(fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
    const books = new Books();
    const bodies = fills.map((one, index) => {
      const target = one.revises === null || one.revises >= index ? null : one.revises;
      const execId = target === null ? `p.${index}.01.01` : `p.${target}.01.${index + 2}`;
      return fill(one.side, one.quantity, one.price, { execId });
    });
    for (const entry of entries(bodies)) books.apply(entry);
    const position = books.position("AAPL");
    if (position === null) return;
    assert.strictEqual(position.realized - position.cost, books.cashChange);
    assert.strictEqual(position.lots.reduce((sum, lot) => sum + lot.cost, 0n), position.cost);
    assert.strictEqual(
      position.lots.reduce((sum, lot) => sum + lot.quantity, 0n),
      position.quantity,
    );

    const inForce = books.executions().reduce(
      (sum, e) => sum + (e.side === "BUY" ? e.quantity : -e.quantity),
      0n,
    );
    assert.strictEqual(position.quantity, inForce);
    if (position.quantity === 0n) {
      assert.strictEqual(position.realizedAverageCost, position.realized);
    }
  }));
});

Deno.test("unrealizedAt() is what the open lots would gain at a mark", () => {
  const position = booksOf(fill("SELL", "10", "100")).position("AAPL");
  assert.ok(position);
  assert.strictEqual(toNumber(unrealizedAt(position, parseMicros("98.5"))), 15);
});
