import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Pacer, type Parcel } from "../../lib/broker/pacer.ts";
import { VirtualClock } from "../../lib/clock.ts";

/** When each message leaves, by the clock alone. */

interface Sent {
  readonly name: number;
  readonly atMs: number;
}

function pacing(maxPerSecond: number): { clock: VirtualClock; pacer: Pacer; sent: Sent[] } {
  const clock = new VirtualClock(0);
  const sent: Sent[] = [];
  const write = ([name = 0]: Uint8Array): void => void sent.push({ name, atMs: clock.now() });
  return { clock, pacer: new Pacer({ clock, maxPerSecond, write }), sent };
}

function parcel(lane: Parcel["lane"], name = 0, rest: Partial<Parcel> = {}): Parcel {
  return { lane, bytes: new Uint8Array([name]), ...rest };
}

function run(clock: VirtualClock): void {
  while (clock.step());
}

Deno.test("a message leaves at once while the rate allows", () => {
  const { pacer, sent } = pacing(45);
  pacer.submit(parcel("order", 1));
  deepStrictEqual(sent, [{ name: 1, atMs: 0 }]);
});

Deno.test("no second holds more than the limit, whatever is submitted and when", () => {
  const { clock, pacer, sent } = pacing(45);
  for (let burst = 0; burst < 10; burst++) {
    clock.at(burst * 137, () => {
      for (let i = 0; i < 30; i++) {
        pacer.submit(parcel((["rest", "order", "cancel"] as const)[i % 3] ?? "rest"));
      }
    });
  }
  run(clock);
  strictEqual(sent.length, 300);
  for (const { atMs } of sent) {
    const second = sent.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1_000);
    ok(second.length <= 45, `${second.length} messages in the second from ${atMs} ms`);
  }
});

Deno.test("cancels leave first, then orders, then the rest, each in the order they came", () => {
  const { clock, pacer, sent } = pacing(9);
  for (let i = 0; i < 9; i++) pacer.submit(parcel("cancel", 9));
  pacer.submit(parcel("rest", 31));
  pacer.submit(parcel("order", 21));
  pacer.submit(parcel("rest", 32));
  pacer.submit(parcel("cancel", 11));
  pacer.submit(parcel("order", 22));
  pacer.submit(parcel("cancel", 12));
  run(clock);
  deepStrictEqual(sent.slice(9).map(({ name }) => name), [11, 12, 21, 22, 31, 32]);
});

Deno.test("questions leave room for orders, and orders for cancels", () => {
  const { pacer, sent } = pacing(45);
  for (let i = 0; i < 100; i++) pacer.submit(parcel("rest", 3));
  strictEqual(sent.length, 30);
  for (let i = 0; i < 100; i++) pacer.submit(parcel("order", 2));
  strictEqual(sent.length, 40);
  for (let i = 0; i < 100; i++) pacer.submit(parcel("cancel", 1));
  strictEqual(sent.length, 45);
});

Deno.test("a deadline that the queue ahead makes impossible is refused at once", () => {
  const { clock, pacer, sent } = pacing(9);
  for (let i = 0; i < 8; i++) pacer.submit(parcel("order"));
  // The next slot opens at 1010 ms, the one behind eight more orders at 2020 ms.
  throws(() => pacer.submit(parcel("order", 0, { deadlineMs: 1_009 })), RangeError);
  for (let i = 0; i < 8; i++) pacer.submit(parcel("order", 0, { deadlineMs: 1_010 }));
  throws(() => pacer.submit(parcel("order", 0, { deadlineMs: 2_019 })), RangeError);
  pacer.submit(parcel("order", 7, { deadlineMs: 2_020 }));
  run(clock);
  deepStrictEqual(sent.at(-1), { name: 7, atMs: 2_020 });
  strictEqual(sent.length, 17);
});

Deno.test("what the timer finds past its deadline is dropped, not sent late", () => {
  const { clock, pacer, sent } = pacing(1);
  const dropped: string[] = [];
  pacer.submit(parcel("order"));
  const late = { deadlineMs: 1_010, dropped: (because: string) => void dropped.push(because) };
  pacer.submit(parcel("order", 1, late));
  pacer.submit(parcel("cancel", 2));
  run(clock);
  deepStrictEqual(sent.map(({ name }) => name), [0, 2]);
  deepStrictEqual(dropped, ["its deadline passed while the message rate was used up"]);
});

Deno.test("stop() drops all that waits and refuses all that comes", () => {
  const { clock, pacer, sent } = pacing(1);
  const dropped: string[] = [];
  for (let i = 0; i < 3; i++) {
    pacer.submit(parcel("rest", i, { dropped: (because) => void dropped.push(because) }));
  }
  pacer.stop("the link is down");
  throws(() => pacer.submit(parcel("cancel")), /Cannot send: the link is down/);
  pacer.offer(new Uint8Array([9]));
  run(clock);
  strictEqual(sent.length, 1);
  deepStrictEqual(dropped, ["the link is down", "the link is down"]);
});

Deno.test("a queue has an end", () => {
  const { pacer } = pacing(1);
  for (let i = 0; i < 1_001; i++) pacer.submit(parcel("rest"));
  throws(() => pacer.submit(parcel("rest")), /1000 messages are waiting already/);
  pacer.submit(parcel("order"));
});

Deno.test("a host clock that is set back by an hour does not stop the messages", () => {
  let now = 10_000_000;
  const timers: { atMs: number; callback: () => void }[] = [];
  const clock = {
    now: () => now,
    at: (atMs: number, callback: () => void) => {
      timers.push({ atMs, callback });
      return () => {};
    },
  };
  let sent = 0;
  const pacer = new Pacer({ clock, maxPerSecond: 1, write: () => void sent++ });
  pacer.submit(parcel("order"));
  now -= 3_600_000;
  pacer.submit(parcel("order"));
  const { atMs = 0, callback } = timers.at(-1) ?? {};
  ok(atMs - now <= 1_010, `The next message would wait ${atMs - now} ms`);
  now = atMs;
  callback?.();
  strictEqual(sent, 2);
});

Deno.test("a rate that is no rate is refused", () => {
  for (const maxPerSecond of [0, -1, 0.5, NaN, Infinity]) {
    throws(() => pacing(maxPerSecond), RangeError);
  }
});
