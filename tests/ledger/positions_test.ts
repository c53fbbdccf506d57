import assert from "node:assert/strict";
import fc from "fast-check";
import { formatMicros, parseMicros, toNumber } from "../../lib/money.ts";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import { Books, foldPositions, splitExecId, unrealizedAt } from "../../lib/ledger/positions.ts";

const OPEN_MS = Date.UTC(2026, 10, 20, 14, 30);

let execution = 0;

function fill(side: "BUY" | "SELL", quantity: string, price: string, more: {
  readonly symbol?: string;
  readonly execId?: string;
} = {}): EntryBody {
  execution++;
  return {
    kind: "execution",
    execId: more.execId ?? `0000e0d5.${execution}.01.01`,
    intentId: null,
    orderId: 1,
    permId: 1,
    orderRef: "",
    account: "DU1",
    symbol: more.symbol ?? "AAPL",
    conId: 265598,
    side,
    quantity: parseMicros(quantity),
    price: parseMicros(price),
    time: OPEN_MS + execution,
    exchange: "NASDAQ",
    lastLiquidity: 2,
    quote: { bid: null, ask: null, time: OPEN_MS },
  };
}

function commission(execId: string, amount: string): EntryBody {
  return {
    kind: "commission",
    execId,
    amount: parseMicros(amount),
    currency: "USD",
    realizedPnl: null,
  };
}

function started(
  cash: string,
  positions: readonly (readonly [string, string, string])[],
): EntryBody {
  return {
    kind: "account-snapshot",
    at: "start",
    account: "DU1",
    cash: parseMicros(cash),
    netLiquidation: parseMicros(cash),
    positions: positions.map(([symbol, quantity, avgCost]) => ({
      symbol,
      conId: 265598,
      quantity: parseMicros(quantity),
      avgCost: parseMicros(avgCost),
    })),
  };
}

function opened(date: string, account = "DU1"): EntryBody {
  return {
    kind: "session-opened",
    mode: "paper",
    account,
    exchange: "NASDAQ",
    date,
    opensAt: OPEN_MS,
    closesAt: OPEN_MS + 23_400_000,
    strategy: "crossover",
    parameters: {},
    symbols: ["AAPL"],
    clock: "wall",
    configHash: "c",
    codeVersion: "v",
    limits: {},
  };
}

function entries(bodies: readonly EntryBody[]): Entry[] {
  return bodies.map((body, index) => ({
    seq: index + 1,
    at: OPEN_MS + index,
    sessionId: "s1",
    body,
    hash: String(index),
  }));
}

function booksOf(...bodies: EntryBody[]): Books {
  return foldPositions(entries(bodies));
}

function only(books: Books, symbol = "AAPL"): {
  readonly quantity: string;
  readonly cost: string;
  readonly average: string | null;
  readonly realized: string;
  readonly realizedAverageCost: string;
} {
  const position = books.position(symbol);
  assert.ok(position);
  return {
    quantity: formatMicros(position.quantity),
    cost: formatMicros(position.cost),
    average: position.averagePrice === null ? null : formatMicros(position.averagePrice),
    realized: formatMicros(position.realized),
    realizedAverageCost: formatMicros(position.realizedAverageCost),
  };
}

Deno.test("two purchases and a partial sale realise the oldest lot first, the average in between", () => {
  const books = booksOf(
    fill("BUY", "100", "10"),
    fill("BUY", "100", "12"),
    fill("SELL", "150", "13.50"),
  );
  // FIFO: 100·3.50 + 50·1.50 = 425; average cost 11: 150·2.50 = 375.
  assert.deepEqual(only(books), {
    quantity: "50",
    cost: "600",
    average: "11",
    realized: "425",
    realizedAverageCost: "375",
  });
  assert.equal(formatMicros(books.cashChange), "-175");
});

Deno.test("a short gains when it is bought back lower, and its cost is negative while open", () => {
  const books = booksOf(fill("SELL", "200", "50.25"), fill("BUY", "150", "49.75"));
  assert.deepEqual(only(books), {
    quantity: "-50",
    cost: "-2512.5",
    average: "50.25",
    realized: "75",
    realizedAverageCost: "75",
  });
});

Deno.test("a sale past zero closes the long and opens a short of the rest", () => {
  const books = booksOf(fill("BUY", "100", "20"), fill("SELL", "130", "19"));
  assert.deepEqual(only(books), {
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
  assert.deepEqual(books.apply(first), []);
  assert.deepEqual(books.apply(second), []);
  assert.deepEqual(
    books.apply(third).map((c) => [c.openedBy, formatMicros(c.quantity), formatMicros(c.realized)]),
    [["a.b.01.01", "10", "20"], ["a.c.01.01", "5", "5"]],
  );
});

Deno.test("an execution told twice counts once", () => {
  const same = fill("BUY", "100", "10", { execId: "f.1.01.01" });
  const books = booksOf(same, same);
  assert.equal(books.fills, 1);
  assert.equal(only(books).quantity, "100");
});

Deno.test("a correction takes the place of its original, also for what was closed since", () => {
  const books = booksOf(
    fill("BUY", "100", "10", { execId: "f.2.01.01" }),
    fill("SELL", "100", "11"),
    fill("BUY", "100", "10.40", { execId: "f.2.01.02" }),
  );
  assert.equal(books.fills, 2);
  assert.equal(formatMicros(books.realizedGross), "60");
  assert.equal(formatMicros(books.cashChange), "60");
  assert.equal(formatMicros(books.tradedNotional), "2140");
  assert.equal(books.knows("f.2.01.01"), true);
  assert.equal(books.knows("f.2.01.03"), false);
});

Deno.test("an original that arrives after its correction changes nothing", () => {
  const books = booksOf(
    fill("BUY", "100", "10.40", { execId: "f.3.01.02" }),
    fill("BUY", "100", "10", { execId: "f.3.01.01" }),
  );
  assert.equal(only(books).cost, "1040");
});

Deno.test("a correction to zero shares undoes the fill", () => {
  const books = booksOf(
    fill("BUY", "100", "10", { execId: "f.4.01.01" }),
    fill("BUY", "0", "10", { execId: "f.4.01.02" }),
  );
  assert.equal(only(books).quantity, "0");
  assert.equal(formatMicros(books.cashChange), "0");
});

Deno.test("a commission counts with its execution, whichever comes first, and the newest word holds", () => {
  const early = booksOf(
    commission("f.5.01.01", "1.05"),
    fill("BUY", "100", "10", { execId: "f.5.01.01" }),
  );
  assert.equal(formatMicros(early.commissions), "1.05");
  assert.deepEqual(early.withoutCommission(), []);

  const late = booksOf(fill("BUY", "100", "10", { execId: "f.5.01.01" }));
  assert.deepEqual(late.withoutCommission(), ["f.5.01.01"]);
  const [, provisional, final] = entries([
    fill("BUY", "1", "1"),
    commission("f.5.01.01", "1.05"),
    commission("f.5.01.01", "0.35"),
  ]);
  assert.ok(provisional && final);
  late.apply(provisional);
  late.apply(final);
  assert.equal(formatMicros(late.commissions), "0.35");
  assert.equal(formatMicros(late.cashChange), "-1000.35");
});

Deno.test("a corrected fill keeps its first commission until its own arrives", () => {
  const bodies = [
    fill("BUY", "100", "10", { execId: "f.6.01.01" }),
    commission("f.6.01.01", "1"),
    fill("BUY", "100", "10.01", { execId: "f.6.01.02" }),
  ];
  assert.equal(formatMicros(booksOf(...bodies).commissions), "1");
  const more = [commission("f.6.01.02", "1.1"), commission("f.6.01.01", "9")];
  assert.equal(formatMicros(booksOf(...bodies, ...more).commissions), "1.1");
});

Deno.test("a commission of an unknown execution moves no cash", () => {
  const books = booksOf(started("1000", []), commission("f.7.01.01", "1"));
  assert.equal(formatMicros(books.cash ?? -1n), "1000");
});

Deno.test("shares held at the start are closed at the broker's cost", () => {
  const books = booksOf(started("5000", [["AAPL", "100", "150"]]), fill("SELL", "40", "155"));
  assert.equal(only(books).realized, "200");
  assert.equal(only(books).cost, "9000");
  assert.equal(formatMicros(books.cash ?? -1n), "11200");
});

Deno.test("a restart on the same date changes nothing; the next date begins a new day with the same lots", () => {
  const books = booksOf(
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10"),
    opened("2026-11-20"),
    started("9000", [["AAPL", "100", "10.01"]]),
    fill("SELL", "50", "11"),
  );
  assert.equal(formatMicros(books.realizedGross), "50");
  assert.equal(formatMicros(books.cash ?? -1n), "9550");

  const next = entries([
    opened("2026-11-23"),
    started("9549.5", [["AAPL", "50", "10.01"]]),
    fill("SELL", "50", "12"),
  ]);
  for (const entry of next) books.apply(entry);
  assert.equal(formatMicros(books.realizedGross), "100");
  assert.equal(books.fills, 1);
  assert.equal(formatMicros(books.cash ?? -1n), "10149.5");
});

Deno.test("a position the broker sees otherwise on the next date is taken over without realising", () => {
  const books = booksOf(
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10"),
    opened("2026-11-23"),
    started("9000", [["AAPL", "200", "5"], ["MSFT", "-3", "400"]]),
  );
  assert.equal(only(books).quantity, "200");
  assert.equal(only(books).cost, "1000");
  assert.equal(only(books, "MSFT").quantity, "-3");
  assert.equal(formatMicros(books.realizedGross), "0");
});

Deno.test("another account begins with empty books", () => {
  const books = booksOf(
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10"),
    opened("2026-11-20", "DU2"),
    started("500", []),
  );
  assert.deepEqual(books.positions(), []);
  assert.equal(formatMicros(books.cash ?? -1n), "500");
});

Deno.test("splitExecId() takes the last number as the revision", () => {
  assert.deepEqual(splitExecId("0000e0d5.5c1f3a2b.01.02"), {
    stem: "0000e0d5.5c1f3a2b.01",
    revision: 2,
  });
  assert.deepEqual(splitExecId("manual"), { stem: "manual", revision: 0 });
});

Deno.test("tape() gives the lots a day began with and its executions as corrected", () => {
  const books = booksOf(
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10", { execId: "t.1.01.01" }),
    fill("SELL", "30", "11"),
    opened("2026-11-23"),
    started("9330", [["AAPL", "70", "10"]]),
    fill("SELL", "50", "12", { execId: "t.2.01.01" }),
    fill("SELL", "40", "12", { execId: "t.2.01.02" }),
  );
  const tape = books.tape("AAPL");
  assert.deepEqual(tape?.opening.map((lot) => [lot.openedBy, formatMicros(lot.quantity)]), [
    ["t.1.01.01", "70"],
  ]);
  assert.deepEqual(tape?.executions.map((e) => [e.execId, formatMicros(e.quantity)]), [
    ["t.2.01.02", "40"],
  ]);
});

Deno.test("beginDay() counts from here on and keeps the lots", () => {
  const books = booksOf(started("10000", []), fill("BUY", "10", "10"), fill("SELL", "5", "12"));
  books.beginDay(parseMicros("9960"));
  assert.equal(formatMicros(books.realizedGross), "0");
  assert.equal(formatMicros(books.cash ?? -1n), "9960");
  assert.equal(only(books).quantity, "5");
});

Deno.test("books that forget past days come to the same, but a commission a day late counts no more", () => {
  const days = [
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10", { execId: "g.1.01.01" }),
    fill("BUY", "100", "11", { execId: "g.2.01.01" }),
    opened("2026-11-23"),
    started("7900", [["AAPL", "200", "10.5"]]),
    fill("BUY", "100", "11", { execId: "g.2.01.01" }),
    fill("SELL", "150", "12", { execId: "g.3.01.01" }),
    fill("SELL", "120", "12", { execId: "g.3.01.02" }),
  ];
  const [all, forgetful] = [new Books(), new Books({ forgetPastDays: true })];
  for (const entry of entries(days)) {
    all.apply(entry);
    forgetful.apply(entry);
  }
  assert.deepEqual(forgetful.symbols(), all.symbols());
  assert.deepEqual(forgetful.tape("AAPL"), all.tape("AAPL"));
  assert.equal(forgetful.cash, all.cash);
  assert.equal(forgetful.knows("g.1.01.01"), true);
  const [late] = entries([commission("g.1.01.01", "1")]);
  assert.ok(late);
  forgetful.apply(late);
  assert.equal(formatMicros(forgetful.commissions), "0");
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
    assert.equal(position.realized - position.cost, books.cashChange);
    assert.equal(position.lots.reduce((sum, lot) => sum + lot.cost, 0n), position.cost);
    assert.equal(position.lots.reduce((sum, lot) => sum + lot.quantity, 0n), position.quantity);

    const inForce = books.executions().reduce(
      (sum, e) => sum + (e.side === "BUY" ? e.quantity : -e.quantity),
      0n,
    );
    assert.equal(position.quantity, inForce);
    if (position.quantity === 0n) assert.equal(position.realizedAverageCost, position.realized);
  }));
});

Deno.test("unrealizedAt() is what the open lots would gain at a mark", () => {
  const position = booksOf(fill("SELL", "10", "100")).position("AAPL");
  assert.ok(position);
  assert.equal(toNumber(unrealizedAt(position, parseMicros("98.5"))), 15);
});
