import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Bar } from "../../lib/market/market.ts";
import { type Micros, MICROS_PER_UNIT } from "../../lib/money.ts";
import { adaptive } from "../../lib/orders/adaptive.ts";
import { chooseAlgorithm } from "../../lib/orders/choose.ts";
import { iceberg } from "../../lib/orders/iceberg.ts";
import type { Algorithm, MarketNow, ParentOrder, Slice } from "../../lib/orders/parent.ts";
import { pov } from "../../lib/orders/pov.ts";
import { timetable } from "../../lib/orders/scheduled.ts";
import { twap } from "../../lib/orders/twap.ts";
import { profileOf, vwap } from "../../lib/orders/vwap.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function shares(count: number): Micros {
  return BigInt(count) * MICROS_PER_UNIT;
}

function parent(rest: Partial<ParentOrder> = {}): ParentOrder {
  return { side: "BUY", quantity: shares(1_000), startMs: 0, endMs: HOUR, seed: 7, ...rest };
}

function market(volume = 0): MarketNow {
  return { bid: 99.99, ask: 100.01, volume: shares(volume) };
}

/** Asks every second, fills each slice at once, and keeps to the slices' rest. */
function run(
  algorithm: Algorithm,
  of: ParentOrder,
  volumeASecond = 0,
): { atMs: number; slice: Slice }[] {
  const sent: { atMs: number; slice: Slice }[] = [];
  let filled = 0n;
  let restUntil = -1;
  for (let now = of.startMs; now <= of.endMs; now += 1_000) {
    if (now < restUntil) continue;
    const volume = ((now - of.startMs) / 1_000) * volumeASecond;
    const slice = algorithm.next(of, { now, filled, working: 0n }, market(volume));
    if (slice === null) continue;
    sent.push({ atMs: now, slice });
    filled += slice.quantity;
    restUntil = now + slice.restMs;
  }
  return sent;
}

function total(sent: readonly { slice: Slice }[]): Micros {
  return sent.reduce((sum, { slice }) => sum + slice.quantity, 0n);
}

Deno.test("TWAP sends the whole parent in about as many slices as minutes, none beyond twice its share", () => {
  const sent = run(twap(), parent());
  strictEqual(total(sent), shares(1_000));
  ok(sent.length >= 55 && sent.length <= 60, String(sent.length));
  ok(sent.every(({ slice }) => slice.quantity <= shares(50)));
});

Deno.test("TWAP gives the same slices for the same seed, and others for another", () => {
  deepStrictEqual(run(twap(), parent()), run(twap(), parent()));
  ok(
    run(twap(), parent({ seed: 8 })).map(({ atMs }) => atMs).join() !==
      run(twap(), parent()).map(({ atMs }) => atMs).join(),
  );
});

Deno.test("TWAP works with 80 shares and three minutes, and with a single share", () => {
  const small = run(twap(), parent({ quantity: shares(80), endMs: 3 * MINUTE }));
  strictEqual(total(small), shares(80));
  strictEqual(small.length, 3);
  strictEqual(run(twap(), parent({ quantity: shares(1), endMs: 3 * MINUTE })).length, 1);
});

Deno.test("TWAP that has fallen behind catches up by at most two slices at a time, and ends whole", () => {
  const of = parent({ quantity: shares(600), endMs: 10 * MINUTE });
  const plan = timetable(of, (time) => time, { intervalMs: MINUTE });
  const late = plan[5];
  const slice = twap().next(of, { now: (late?.atMs ?? 0) + 1, filled: 0n, working: 0n }, market());
  strictEqual(slice?.quantity, 2n * (late?.regular ?? 0n));
  const last = plan.at(-1)?.atMs ?? 0;
  const rest = twap().next(of, { now: last, filled: shares(100), working: shares(50) }, market());
  strictEqual(rest?.quantity, shares(450));
});

Deno.test("no algorithm sends before the start, after the end, or when nothing is left", () => {
  for (const algorithm of [twap(), pov(0.1), iceberg(shares(50)), adaptive("normal")]) {
    const of = parent({ startMs: MINUTE });
    const at = (now: number, filled: Micros): Slice | null =>
      algorithm.next(of, { now, filled, working: 0n }, market(1e9));
    strictEqual(at(MINUTE - 1, 0n), null, algorithm.name);
    strictEqual(at(HOUR + 1, 0n), null, algorithm.name);
    strictEqual(at(30 * MINUTE, shares(1_000)), null, algorithm.name);
    strictEqual(at(30 * MINUTE, shares(1_001)), null, `${algorithm.name}, overfilled`);
  }
});

Deno.test("no algorithm ever sends more than is left, whatever is filled and working", () => {
  const algorithms = [twap(), pov(0.3), iceberg(shares(64)), adaptive("urgent")];
  const count = fc.integer({ min: 0, max: 1_200 });
  fc.assert(fc.property(
    fc.constantFrom(...algorithms),
    fc.record({
      now: fc.integer({ min: 0, max: HOUR }),
      filled: count,
      working: count,
      seed: fc.nat(),
    }),
    (algorithm, { now, filled, working, seed }) => {
      const progress = { now, filled: shares(filled), working: shares(working) };
      const slice = algorithm.next(parent({ seed }), progress, market(1e9));
      if (slice === null) return;
      ok(slice.quantity > 0n && slice.quantity % MICROS_PER_UNIT === 0n);
      ok(slice.quantity + progress.filled + progress.working <= shares(1_000));
    },
  ));
});

Deno.test("a timetable rises to the whole parent and stays within its time, for any size and seed", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 100_000 }),
    fc.integer({ min: 1, max: 400 }),
    fc.nat(),
    (size, minutes, seed) => {
      const of = parent({ quantity: shares(size), endMs: minutes * MINUTE, seed });
      const plan = timetable(of, (time) => time * time, { intervalMs: MINUTE });
      strictEqual(plan.at(-1)?.target, of.quantity);
      plan.forEach(({ atMs, target, regular }, index) => {
        const before = plan[index - 1];
        ok(atMs >= of.startMs && atMs <= of.endMs && atMs >= (before?.atMs ?? 0));
        strictEqual(target - (before?.target ?? 0n), regular);
        ok(regular >= 0n);
      });
    },
  ));
});

Deno.test("an algorithm resumes after a crash from what was filled, and never overfills the parent", () => {
  const of = parent();
  const before = run(twap(), { ...of, endMs: of.endMs }).filter(({ atMs }) => atMs < 20 * MINUTE);
  let filled = total(before);
  let restUntil = 0;
  // Nobody asked for ten minutes; then the same question is answered from the fills alone.
  for (let now = 30 * MINUTE; now <= of.endMs; now += 1_000) {
    if (now < restUntil) continue;
    const slice = twap().next(of, { now, filled, working: 0n }, market());
    filled += slice?.quantity ?? 0n;
    restUntil = now + (slice?.restMs ?? 0);
  }
  strictEqual(filled, of.quantity);
});

function session(
  day: number,
  hours: number,
  volumes: readonly number[],
): Parameters<typeof profileOf>[0][number] {
  const opensAt = day * 24 * HOUR;
  const stepMs = (hours * HOUR) / volumes.length;
  const bars = volumes.map((volume, index): Bar => ({
    symbol: "AAPL",
    time: opensAt + index * stepMs,
    durationMs: stepMs,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume,
    wap: 1,
    count: 1,
  }));
  return { opensAt, closesAt: opensAt + hours * HOUR, bars };
}

Deno.test("profileOf() averages sessions of the same length, each weighing the same", () => {
  const full = { opensAt: 0, closesAt: 6 * HOUR };
  const sessions = [
    session(1, 6, [10, 20, 70]),
    session(2, 6, [5_000, 2_000, 3_000]),
    session(3, 3, [1, 0, 0]),
  ];
  const profile = profileOf(sessions, full, 3) ?? [];
  deepStrictEqual(profile.map((part) => Math.round(part * 1_000) / 1_000), [0.3, 0.2, 0.5]);
  deepStrictEqual(profileOf(sessions, { opensAt: 0, closesAt: 3 * HOUR }, 3), [1, 0, 0]);
});

Deno.test("profileOf() is unknown without a session of that length, or when none traded", () => {
  strictEqual(profileOf([session(1, 6, [1, 2])], { opensAt: 0, closesAt: 3 * HOUR }, 2), null);
  strictEqual(profileOf([session(1, 6, [0, 0])], { opensAt: 0, closesAt: 6 * HOUR }, 2), null);
});

Deno.test("VWAP sends more where the symbol trades more", () => {
  const hours = { opensAt: 0, closesAt: HOUR };
  const sent = run(vwap([0.7, 0.1, 0.2], hours), parent());
  strictEqual(total(sent), shares(1_000));
  const within = (from: number, to: number): number =>
    Number(
      total(sent.filter(({ atMs }) => atMs >= from * MINUTE && atMs < to * MINUTE)) /
        MICROS_PER_UNIT,
    );
  ok(Math.abs(within(0, 20) - 700) < 40, String(within(0, 20)));
  ok(Math.abs(within(20, 40) - 100) < 20, String(within(20, 40)));
  ok(Math.abs(within(40, 61) - 200) < 40, String(within(40, 61)));
});

Deno.test("VWAP in a part of the session uses that part of the curve", () => {
  const sent = run(vwap([0.5, 0.5, 0, 0], { opensAt: 0, closesAt: 2 * HOUR }), parent());
  strictEqual(total(sent), shares(1_000));
  const firstHalf = total(sent.filter(({ atMs }) => atMs < 30 * MINUTE));
  ok(firstHalf > shares(450) && firstHalf < shares(550));
});

Deno.test("POV keeps to its part of the volume, and leaves the rest when the volume does not come", () => {
  const sent = run(pov(0.1), parent(), 2);
  // 7,200 shares trade within the hour: a tenth of them, less than the parent.
  ok(total(sent) <= shares(720) && total(sent) >= shares(700));
  strictEqual(total(run(pov(0.1), parent(), 100)), shares(1_000));
  throws(() => pov(1), /must lie between 0 and 1/);
});

Deno.test("ICEBERG shows one clip at the near side, and the next when it is gone", () => {
  const of = parent();
  const first = iceberg(shares(100)).next(of, { now: 0, filled: 0n, working: 0n }, market());
  strictEqual(first?.limitPrice, 99.99);
  ok((first?.quantity ?? 0n) >= shares(80) && (first?.quantity ?? 0n) <= shares(120));
  strictEqual(
    iceberg(shares(100)).next(of, { now: 1, filled: 0n, working: shares(1) }, market()),
    null,
  );
  const sale = iceberg(shares(100)).next(parent({ side: "SELL" }), {
    now: 0,
    filled: 0n,
    working: 0n,
  }, market());
  strictEqual(sale?.limitPrice, 100.01);
  throws(() => iceberg(0n), /less than a share/);
});

Deno.test("ADAPTIVE walks from the near side across the spread, sooner the more urgent it is", () => {
  const price = (
    urgency: "patient" | "normal" | "urgent",
    minute: number,
  ): number | null | undefined => {
    const progress = { now: minute * MINUTE, filled: 0n, working: 0n };
    return adaptive(urgency).next(parent(), progress, { bid: 100, ask: 101, volume: 0n })
      ?.limitPrice;
  };
  strictEqual(price("normal", 0), 100);
  strictEqual(price("normal", 15), 100.5);
  strictEqual(price("normal", 30), null);
  strictEqual(price("urgent", 6), null);
  ok((price("patient", 30) ?? 0) < 101 && (price("patient", 30) ?? 0) > 100);
  const sale = adaptive("normal").next(
    parent({ side: "SELL" }),
    { now: 15 * MINUTE, filled: 0n, working: 0n },
    { bid: 100, ask: 102, volume: 0n },
  );
  strictEqual(sale?.limitPrice, 101);
});

Deno.test("chooseAlgorithm() goes by size against the market, and says the numbers", () => {
  const choose = (
    size: number,
    rest: Partial<Parameters<typeof chooseAlgorithm>[0]> = {},
  ): string =>
    chooseAlgorithm({
      shares: size,
      touchShares: 100,
      expectedVolume: 100_000,
      hasProfile: true,
      ...rest,
    })
      .algorithm;
  strictEqual(choose(100), "LIMIT");
  strictEqual(choose(1_000), "ADAPTIVE");
  strictEqual(choose(5_000), "VWAP");
  strictEqual(choose(5_000, { hasProfile: false }), "TWAP");
  strictEqual(choose(10_001), "POV");
  strictEqual(choose(500, { expectedVolume: null }), "TWAP");
  strictEqual(
    chooseAlgorithm({ shares: 5_000, touchShares: null, expectedVolume: 100_000, hasProfile: true })
      .because,
    "5000 shares are 5.00 % of the expected 100000",
  );
});

Deno.test("TWAP cuts no slice that is not worth an order's least commission: 34 shares in eights and more", () => {
  const slices = timetable(parent({ quantity: shares(34), endMs: 30 * MINUTE }), (time) => time, {
    intervalMs: MINUTE,
    sharesMin: shares(8),
  });
  strictEqual(slices.length, 4);
  strictEqual(slices.at(-1)?.target, shares(34));
});

Deno.test("POV waits until a slice is worth sending, and sends the last one however small", () => {
  const of = parent({ quantity: shares(100) });
  const ask = (filled: number, volume: number): bigint | null =>
    pov(0.1, shares(20)).next(of, { now: MINUTE, filled: shares(filled), working: 0n }, {
      bid: 99,
      ask: 101,
      volume: shares(volume),
    })?.quantity ?? null;
  strictEqual(ask(0, 199), null);
  strictEqual(ask(0, 200), shares(20));
  strictEqual(ask(95, 10_000), shares(5));
});
