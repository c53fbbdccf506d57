import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { Reconciled } from "../../lib/ledger/entry.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { instruct, type Instruction } from "../../lib/ledger/operator.ts";
import { Standing } from "../../lib/ledger/standing.ts";

function desk(): { say: (what: Instruction, because?: string) => string; kinds: () => string[] } {
  const ledger = new MemoryLedger();
  return {
    say: (what, because = what) =>
      instruct(ledger, what, { actor: "someone", because, now: 1 }).text,
    kinds: () => [...ledger.read()].map(({ body }) => body.kind),
  };
}

Deno.test("R6: the first word holds, repeating it writes nothing, and every word has its reason and author", () => {
  const ledger = new MemoryLedger();
  const say = (because: string): boolean =>
    instruct(ledger, "halt", { actor: "someone", because, now: 7 }).changed;
  deepStrictEqual([say(" a fill looks wrong "), say("again")], [true, false]);
  const [entry, ...others] = [...ledger.read()];
  deepStrictEqual([entry?.sessionId, entry?.at, others.length], ["operator", 7, 0]);
  deepStrictEqual(entry?.body, {
    kind: "halted",
    actor: "someone",
    because: "a fill looks wrong",
  });
  throws(() => say("  "), /Cannot halt without a reason/);
});

Deno.test("R12: halt and pause are lifted one at a time, the halt first, each by a word of its own", () => {
  const { say, kinds } = desk();
  say("pause", "news at two");
  say("halt", "loss");
  strictEqual(
    say("resume"),
    "Resumed: the halt is lifted (loss). Entries stay paused (news at two): " +
      "deno task resume once more lifts that",
  );
  strictEqual(say("resume"), "Resumed: entries are no longer paused (news at two)");
  strictEqual(say("resume"), "Neither halted nor paused: nothing to lift");
  deepStrictEqual(kinds(), ["entries-paused", "halted", "halt-lifted", "entries-resumed"]);
});

Deno.test("to be flat is to be halted too; after a halt it adds only the wish", () => {
  const fresh = desk();
  fresh.say("flatten");
  deepStrictEqual(fresh.kinds(), ["halted", "flatten-requested"]);
  const halted = desk();
  for (const what of ["halt", "flatten", "flatten"] as const) halted.say(what);
  deepStrictEqual(halted.kinds(), ["halted", "flatten-requested"]);
});

Deno.test("the wish to be flat ends with its halt, or with a day that ended without a position", () => {
  const ledger = new MemoryLedger();
  const standing = new Standing();
  let seen = 0;
  const wish = (): string | null => {
    for (const entry of ledger.read({ fromSeq: seen + 1 })) {
      standing.apply(entry);
      seen = entry.seq;
    }
    return standing.flatten?.because ?? null;
  };
  const compared = (at: Reconciled["at"], held: number): void => {
    const positions = { ledger: held, broker: held };
    const [fills, cash] = [{ ledger: 0, broker: 0 }, { ledger: 0n, broker: 0n }];
    const body = { kind: "reconciled", at, fills, positions, cash, differences: [] } as const;
    ledger.append("s", 1, [body]);
  };
  const say = (what: Instruction, because: string): void =>
    void instruct(ledger, what, { actor: "a", because, now: 1 });
  say("flatten", "one");
  compared("end", 1);
  compared("start", 0);
  strictEqual(wish(), "one");
  compared("end", 0);
  strictEqual(wish(), null);
  say("flatten", "two");
  strictEqual(wish(), "two");
  say("resume", "fine");
  strictEqual(wish(), null);
});
