import assert from "node:assert/strict";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { Books } from "../../lib/ledger/positions.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { booksOf, commission, entries, fill, only, opened, started } from "./books_fixtures.ts";

/** Where a day of the books begins, and what of the days before stays. */

Deno.test("shares held at the start are closed at the broker's cost", () => {
  const books = booksOf(started("5000", [["AAPL", "100", "150"]]), fill("SELL", "40", "155"));
  assert.strictEqual(only(books).realized, "200");
  assert.strictEqual(only(books).cost, "9000");
  assert.strictEqual(formatMicros(books.cash ?? -1n), "11200");
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
  assert.strictEqual(formatMicros(books.realizedGross), "50");
  assert.strictEqual(formatMicros(books.cash ?? -1n), "9550");

  const next = entries([
    opened("2026-11-23"),
    started("9549.5", [["AAPL", "50", "10.01"]]),
    fill("SELL", "50", "12"),
  ]);
  for (const entry of next) books.apply(entry);
  assert.strictEqual(formatMicros(books.realizedGross), "100");
  assert.strictEqual(books.fills, 1);
  assert.strictEqual(formatMicros(books.cash ?? -1n), "10149.5");
});

Deno.test("a position the broker sees otherwise on the next date is taken over without realising", () => {
  const books = booksOf(
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10"),
    opened("2026-11-23"),
    started("9000", [["AAPL", "200", "5"], ["MSFT", "-3", "400"]]),
  );
  assert.strictEqual(only(books).quantity, "200");
  assert.strictEqual(only(books).cost, "1000");
  assert.strictEqual(only(books, "MSFT").quantity, "-3");
  assert.strictEqual(formatMicros(books.realizedGross), "0");
});

Deno.test("the cash a broker tells in cents is no reason to forget our own to the micro-unit", () => {
  const books = booksOf(
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10", { execId: "r.1.01.01" }),
    commission("r.1.01.01", "1.004666"),
    opened("2026-11-23"),
    started("8999", [["AAPL", "100", "10"]]),
    fill("SELL", "100", "10", { execId: "r.2.01.01" }),
    commission("r.2.01.01", "1.004666"),
  );
  // The broker, rounding once: 9997.99. Counting from its 8999.00 it would be 9997.995334, and no cent the same.
  assert.strictEqual(formatMicros(books.cash ?? -1n), "9997.990668");
});

Deno.test("another account begins with empty books", () => {
  const books = booksOf(
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "100", "10"),
    opened("2026-11-20", "DU2"),
    started("500", []),
  );
  assert.deepStrictEqual(books.positions(), []);
  assert.strictEqual(formatMicros(books.cash ?? -1n), "500");
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
  assert.deepStrictEqual(tape?.opening.map((lot) => [lot.openedBy, formatMicros(lot.quantity)]), [
    ["t.1.01.01", "70"],
  ]);
  assert.deepStrictEqual(tape?.executions.map((e) => [e.execId, formatMicros(e.quantity)]), [
    ["t.2.01.02", "40"],
  ]);
});

Deno.test("beginDay() counts from here on and keeps the lots", () => {
  const books = booksOf(started("10000", []), fill("BUY", "10", "10"), fill("SELL", "5", "12"));
  books.beginDay(parseMicros("9960"));
  assert.strictEqual(formatMicros(books.realizedGross), "0");
  assert.strictEqual(formatMicros(books.cash ?? -1n), "9960");
  assert.strictEqual(only(books).quantity, "5");
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
  assert.deepStrictEqual(forgetful.symbols(), all.symbols());
  assert.deepStrictEqual(forgetful.tape("AAPL"), all.tape("AAPL"));
  assert.strictEqual(forgetful.cash, all.cash);
  assert.strictEqual(forgetful.knows("g.1.01.01"), true);
  const [late] = entries([commission("g.1.01.01", "1")]);
  assert.ok(late);
  forgetful.apply(late);
  assert.strictEqual(formatMicros(forgetful.commissions), "0");
});

Deno.test("a difference accepted in mid-day: the broker's position and cash are taken over, the day's amounts go on", () => {
  const found = (differs: boolean): EntryBody => ({
    kind: "reconciled",
    at: "start",
    fills: { ledger: 2, broker: 2 },
    positions: { ledger: 0, broker: 1 },
    cash: { ledger: 0n, broker: 0n },
    differences: differs ? [{ what: "position", key: "AAPL", ledger: "0", broker: "7" }] : [],
  });
  const morning = [
    opened("2026-11-20"),
    started("10000", []),
    fill("BUY", "10", "10"),
    fill("SELL", "10", "12"),
    opened("2026-11-20"),
  ];
  const refused = booksOf(...morning, found(true), opened("2026-11-20"), found(false));
  assert.strictEqual(formatMicros(refused.cash ?? -1n), "10020");
  const restarted = booksOf(...morning, found(false), started("9950", [["AAPL", "7", "10"]]));
  assert.deepStrictEqual(restarted.positions(), [], "a restart is no acceptance");
  const accepted = booksOf(...morning, found(true), started("9950", [["AAPL", "7", "10"]]));
  assert.strictEqual(only(accepted).quantity, "7");
  assert.strictEqual(formatMicros(accepted.cash ?? -1n), "9950");
  assert.strictEqual(formatMicros(accepted.realizedGross), "20");
});
