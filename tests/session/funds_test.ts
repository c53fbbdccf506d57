import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { RequestRefusedError } from "../../lib/broker/failures.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { parseMicros } from "../../lib/money.ts";
import { MemoryAccount } from "./memory_account.ts";
import { RISING, run } from "./run.ts";

/** A session asks its broker what it lends, before it wants anything. */

/** The session's first entry is some 19 shares at 100 dollars, with half of it as margin. */
function accountWith(availableFunds: string): MemoryAccount {
  const account = new MemoryAccount();
  account.availableFunds = parseMicros(availableFunds);
  return account;
}

Deno.test("an account too small for an entry's margin is told by us, not by a rejection", async () => {
  const { entries, broker } = await run({ path: RISING, account: accountWith("500") });
  const [refused] = bodiesOf(entries, "refused");
  strictEqual(refused?.code, "INSUFFICIENT_BUYING_POWER");
  strictEqual(refused?.limit, "500");
  ok(Number(refused?.value) > 900 && Number(refused?.value) < 1_000, refused?.value);
  strictEqual(broker.account.orders.size, 0);
});

Deno.test("with funds for the margin alone, half of the price, the entry goes out", async () => {
  const { entries } = await run({ path: RISING, account: accountWith("1100") });
  deepStrictEqual(bodiesOf(entries, "refused"), []);
  strictEqual(bodiesOf(entries, "execution").length > 0, true);
});

Deno.test("a broker that previews nothing is noted once, and a share counts with its whole price", async () => {
  const { entries } = await run({
    path: RISING,
    account: accountWith("1100"),
    script: ({ broker }) => {
      broker.preview = () =>
        Promise.reject(new RequestRefusedError(321, "The API is in read-only mode", "a what-if"));
    },
  });
  const notes = bodiesOf(entries, "incident").filter(({ code }) => code === "margin-unknown");
  strictEqual(notes.length, 1);
  match(notes[0]?.text ?? "", /margin of BUY AAPL.*whole price.*read-only/);
  const [refused] = bodiesOf(entries, "refused");
  strictEqual(refused?.code, "INSUFFICIENT_BUYING_POWER");
  ok(Number(refused?.value) > 1_800, refused?.value);
});
