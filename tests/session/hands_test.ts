import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { VirtualClock } from "../../lib/clock.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { instruct, type Instruction } from "../../lib/ledger/operator.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { Journal } from "../../lib/session/journal.ts";
import { MemoryAccount } from "./memory_broker.ts";
import { at, run } from "./run.ts";
import { FLAT, scripted, want } from "./scripted.ts";

/** What a person says from another terminal while a session runs, or while none does. */

/** Wants in at the fifth minute, and again ten minutes after each exit. */
const EAGER = scripted((minute, view) =>
  minute % 10 === 5 && view.position("AAPL") === 0 ? [want("enter")] : []
);
const TOML = 'at_close = "hold"\n[risk]\ncooldown_ms = 0';

function say(ledger: Ledger, instruction: Instruction, minute: number): void {
  instruct(ledger, instruction, { actor: "operator", because: "a test", now: at(minute) });
}

const of = (entries: readonly Entry[], role: string): readonly Entry[] =>
  entries.filter(({ body }) => body.kind === "intent" && body.role === role);

Deno.test("a pause keeps entries out within seconds, cancels the one that works, and the session goes on to its end", async () => {
  const ledger = openLedger(":memory:");
  const { outcome, entries, broker } = await run({
    ledger,
    path: FLAT,
    toml: TOML,
    chosen: EAGER,
    script: ({ clock, broker }) => {
      broker.fillsNothing = true;
      clock.at(at(5.5), () => say(ledger, "pause", 5.5));
    },
  });
  strictEqual(outcome.outcome, "done");
  deepStrictEqual(
    [...broker.account.orders.values()].map(({ order, status }) => `${order.role} ${status}`),
    ["entry Cancelled", "stop Cancelled"],
  );
  const cancel = entries.find(({ body }) =>
    body.kind === "order-event" && body.status === "PendingCancel"
  );
  ok((cancel?.at ?? 0) <= at(5.5) + 2_000, "later than two seconds");
  const [refused] = bodiesOf(entries, "refused");
  strictEqual(refused?.code, "ENTRIES_CLOSED");
  strictEqual(refused?.value, "paused by operator: a test");
});

Deno.test("after a pause is lifted entries go out again", async () => {
  const ledger = openLedger(":memory:");
  say(ledger, "pause", -60);
  const { entries } = await run({
    ledger,
    path: FLAT,
    toml: TOML,
    chosen: EAGER,
    script: ({ clock }) => void clock.at(at(17), () => say(ledger, "resume", 17)),
  });
  const [first] = of(entries, "entry");
  ok((first?.at ?? 0) > at(24) && (first?.at ?? 0) < at(26));
  const waiting = bodiesOf(entries, "state-changed").find(({ to }) => to === "waiting-for-open");
  match(waiting?.because ?? "", /^warm with \d+ bars; entries paused by operator: a test$/);
});

Deno.test("a wish to be flat closes the position of a running session within seconds, and nothing is entered again", async () => {
  const ledger = openLedger(":memory:");
  const { outcome, entries, broker } = await run({
    ledger,
    path: FLAT,
    toml: TOML,
    chosen: EAGER,
    script: ({ clock }) => void clock.at(at(8), () => say(ledger, "flatten", 8)),
  });
  strictEqual(outcome.outcome, "halted");
  strictEqual(broker.account.shares.size, 0);
  deepStrictEqual([of(entries, "entry").length, of(entries, "exit").length], [1, 1]);
  const [exit] = of(entries, "exit");
  ok((exit?.at ?? 0) <= at(8) + 3_000);
  const signal = bodiesOf(entries, "signal").at(1);
  strictEqual(signal?.reason.text, "operator wants everything closed: a test");
});

Deno.test("a wish to be flat that nobody ran to hear: the next session closes the position, asks no strategy, and ends", async () => {
  const ledger = openLedger(":memory:");
  const account = new MemoryAccount();
  const killed = await run({
    ledger,
    account,
    path: FLAT,
    toml: TOML,
    chosen: EAGER,
    script: ({ clock, stop }) => void clock.at(at(8), () => stop.abort(new Error("killed"))),
  });
  strictEqual(killed.outcome.outcome, "interrupted");
  strictEqual(account.shares.get("AAPL") === undefined, false);
  say(ledger, "flatten", 9);
  let asked = 0;
  const counting = scripted(() => [(asked++, want("enter"))]);
  // It needs more bars than there are: to close what is held, no strategy has to be warm.
  const { create } = counting;
  const chosen = { ...counting, create: () => ({ ...create(), warmupBars: 1_000 }) };
  const { outcome, entries } = await run({
    ledger,
    account,
    path: FLAT,
    toml: TOML,
    chosen,
    startMinute: 30,
  });
  strictEqual(outcome.outcome, "halted");
  deepStrictEqual([account.shares.size, asked], [0, 0]);
  const [exit] = of(entries, "exit");
  ok((exit?.at ?? 0) < at(31));
  ok((entries.at(-1)?.at ?? 0) < at(40), "it need not wait for the close");
  // Carried out, it does not hang over the next day.
  const next = await run({ ledger, account, path: FLAT, toml: TOML, chosen, startMinute: 60 });
  strictEqual(next.outcome.outcome, "halted");
  strictEqual(asked, 0);
});

Deno.test("an exit that does not fill is asked for again a minute later, never twice at once", async () => {
  const ledger = openLedger(":memory:");
  const { broker } = await run({
    ledger,
    path: FLAT,
    toml: TOML,
    chosen: EAGER,
    script: ({ clock, broker }) => {
      clock.at(at(8), () => {
        broker.rejectNext = "exit";
        say(ledger, "flatten", 8);
      });
    },
  });
  strictEqual(broker.account.shares.size, 0);
  const exits = [...broker.account.orders.values()].filter(({ order }) => order.role === "exit");
  deepStrictEqual(exits.map(({ status }) => status), ["Inactive", "Filled"]);
});

Deno.test("what a person writes meanwhile is shown where the session runs, once, and before what the session writes after it", () => {
  const ledger = openLedger(":memory:");
  const seen: string[] = [];
  const journal = new Journal({
    ledger,
    clock: new VirtualClock(at(0)),
    sessionId: "s",
    observe: ({ seq, body }) => void seen.push(`${seq} ${body.kind}`),
  });
  journal.incident({ code: "test", text: "one" });
  say(ledger, "pause", 1);
  journal.incident({ code: "test", text: "two" });
  say(ledger, "halt", 2);
  journal.catchUp();
  journal.catchUp();
  deepStrictEqual(seen, ["1 incident", "2 entries-paused", "3 incident", "4 halted"]);
  strictEqual(journal.standing.blocksEntries, true);
  ledger.close();
});
