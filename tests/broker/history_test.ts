import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import type { Broker, HistoryRequest } from "../../lib/broker/broker.ts";
import { planHistory } from "../../lib/broker/history_pieces.ts";
import { PaceFile } from "../../lib/broker/pace_file.ts";
import { encodeFrame } from "../../lib/wire/frame.ts";
import type { Peer } from "./hostile_tws.ts";
import { AAPL, rig, START_MS } from "./rig.ts";

/** Bars of the past. */

const FIVE_SECONDS: HistoryRequest = {
  instrument: AAPL,
  endMs: START_MS,
  duration: "60 S",
  barSize: "5 secs",
  barMs: 5_000,
};
const MINUTES: HistoryRequest = { ...FIVE_SECONDS, barSize: "1 min", barMs: 60_000 };

/** Answers a window of `n S` with every bar of it, and one of `n D` with a bar a day. */
function serve(barMs: number): (fields: readonly string[], peer: Peer) => void {
  return (fields, peer) => {
    if (fields[0] !== "20") return;
    const [, reqId = "", , , , , , , , , , , , , , end = "", , duration = ""] = fields;
    const endMs = Date.UTC(
      Number(end.slice(0, 4)),
      Number(end.slice(4, 6)) - 1,
      Number(end.slice(6, 8)),
      Number(end.slice(9, 11)),
      Number(end.slice(12, 14)),
      Number(end.slice(15, 17)),
    );
    const [count, unit] = duration.split(" ");
    const length = Number(count) * (unit === "S" ? 1_000 : 86_400_000);
    const bars = [];
    for (let at = endMs - length; at < endMs; at += barMs) {
      bars.push(String(at / 1_000), "10", "11", "9", "10.5", "100", "10.2", "3");
    }
    peer.raw(encodeFrame(["17", reqId, "", "", String(bars.length / 8), ...bars]));
  };
}

Deno.test(
  "history() asks for finished trades of regular hours in epoch seconds, up to a time in UTC",
  rig({ onRequest: serve(5_000) }, async ({ connect, tws }) => {
    const bars = await (await connect()).history(FIVE_SECONDS);
    deepStrictEqual(tws.peer.requestsOf(20)[0]?.slice(14), [
      ...["0", "20260402-13:30:00", "5 secs", "60 S", "1", "TRADES", "2", "0", ""],
    ]);
    strictEqual(bars.length, 12);
    strictEqual(bars[0]?.time, START_MS - 60_000);
    strictEqual(bars[0]?.symbol, "AAPL");
    strictEqual(bars[0]?.durationMs, 5_000);
  }),
);

Deno.test(
  "history() leaves out the bar that is not finished",
  rig({
    onRequest: (fields, peer) => {
      if (fields[0] !== "20") return;
      const bar = (at: number): unknown[] => [at / 1000, 10, 11, 9, 10.5, 100, 10.2, 3];
      const bars = [bar(START_MS - 90_000), bar(START_MS - 30_000)].flat().map(String);
      peer.raw(encodeFrame(["17", fields[1], "", "", "2", ...bars]));
    },
  }, async ({ connect }) => {
    const bars = await (await connect()).history({ ...MINUTES, endMs: null });
    deepStrictEqual(bars.map(({ time }) => time), [START_MS - 90_000]);
  }),
);

Deno.test("D5: history() without data is empty, with a refusal it is an error", async (t) => {
  const refusing = (text: string) => (fields: readonly string[], peer: Peer): void => {
    if (fields[0] === "20") peer.send(4, 2, fields[1], 162, text, "");
  };
  const service = "Historical Market Data Service error message:";
  await t.step(
    "no data",
    rig(
      { onRequest: refusing(`${service}HMDS query returned no data: AAPL@SMART Trades`) },
      async ({ connect }) => deepStrictEqual(await (await connect()).history(FIVE_SECONDS), []),
    ),
  );
  await t.step(
    "pacing violation",
    rig(
      { onRequest: refusing(`${service}Historical data request pacing violation`) },
      async ({ connect }) => {
        await rejects((await connect()).history(FIVE_SECONDS), /error 162: .*pacing violation/);
      },
    ),
  );
});

Deno.test("D5: history() does not make a bar of a price that is none", async (t) => {
  const bad: Record<string, readonly string[]> = {
    "zero": ["0", "11", "9", "10.5", "100", "10.2", "3"],
    "empty": ["10", "", "9", "10.5", "100", "10.2", "3"],
    "-1": ["10", "11", "-1", "10.5", "100", "10.2", "3"],
    "no volume": ["10", "11", "9", "10.5", "-1", "10.2", "3"],
  };
  for (const [name, bar] of Object.entries(bad)) {
    await t.step(
      name,
      rig({
        onRequest: (fields, peer) => {
          if (fields[0] === "20") peer.send(17, fields[1], "", "", 1, "1775136540", ...bar);
        },
      }, async ({ connect }) => {
        await rejects((await connect()).history(FIVE_SECONDS), /is incomplete/);
      }),
    );
  }
});

Deno.test(
  "history() refuses a bar size or a duration IB does not have, before asking",
  rig({}, async ({ connect, tws }) => {
    const broker = await connect();
    await rejects(broker.history({ ...MINUTES, barSize: "7 mins" }), /Unknown bar size "7 mins"/);
    await rejects(broker.history({ ...MINUTES, duration: "1 day" }), /duration "1 day"/);
    strictEqual(tws.peer.requestsOf(20).length, 0);
  }),
);

Deno.test(
  "D3: history() asks for no more than 1500 bars at a time and puts the pieces together",
  rig({ onRequest: serve(5_000) }, async ({ connect, tws }) => {
    const bars = await (await connect()).history({ ...FIVE_SECONDS, duration: "20000 S" });
    deepStrictEqual(tws.peer.requestsOf(20).map((fields) => [fields[15], fields[17]]), [
      ["20260402-13:30:00", "7500 S"],
      ["20260402-11:25:00", "7500 S"],
      ["20260402-09:20:00", "5000 S"],
    ]);
    strictEqual(bars.length, 4_000);
    ok(bars.every(({ time }, i) => time === START_MS - 20_000_000 + i * 5_000));
  }),
);

Deno.test("planHistory() cuts by what a day can hold", () => {
  const minutes = (duration: string): readonly string[] =>
    planHistory(duration, 60_000, START_MS).durations;
  deepStrictEqual(minutes("2 D"), ["2 D"]);
  deepStrictEqual(minutes("5 D"), ["2 D", "2 D", "1 D"]);
  deepStrictEqual(minutes("1 W"), ["2 D", "2 D", "1 D"]);
  deepStrictEqual(planHistory("1 Y", 86_400_000, START_MS), { durations: ["1 Y"], fromMs: null });
  // A month's trading days are counted generously and what is too old is cut off.
  strictEqual(planHistory("1 M", 60_000, START_MS).fromMs, Date.UTC(2026, 2, 2, 13, 30));
  throws(() => planHistory("1 D", 5_000, START_MS), /ask for at most 7500 S at a time/);
  throws(() => planHistory("10 Y", 60_000, START_MS), /more than 60/);
  for (const duration of ["", "0 D", "-1 D", "1.5 D", "1 H", "D"]) {
    throws(() => planHistory(duration, 60_000, START_MS), RangeError);
  }
});

/** When each historical request left, in ms after the first. */
async function departures(
  ask: (broker: { history(request: HistoryRequest): Promise<unknown> }) => Promise<unknown>,
): Promise<number[]> {
  const at: number[] = [];
  await rig({
    onRequest: (fields, peer) => {
      if (fields[0] === "20") peer.send(17, fields[1], "", "", 0);
    },
  }, async ({ connect, tws, clock }) => {
    const broker = await connect();
    const asked = ask(broker);
    let seen = 0;
    const done = asked.then(() => true);
    for (let over = false; !over;) {
      over = await Promise.race([
        done,
        tws.peer.until(() => tws.peer.requestsOf(20).length > seen).then(() => false),
      ]);
      while (seen < tws.peer.requestsOf(20).length) {
        at.push(clock.now() - START_MS);
        seen++;
      }
    }
  })();
  return at;
}

Deno.test("requests for small bars keep IB's pace", async (t) => {
  await t.step("identical ones are fifteen seconds apart", async () => {
    const at = await departures((broker) =>
      Promise.all([broker.history(FIVE_SECONDS), broker.history(FIVE_SECONDS)])
    );
    deepStrictEqual(at, [0, 15_500]);
  });
  await t.step("no six of one contract leave within two seconds", async () => {
    const at = await departures((broker) =>
      Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          broker.history({ ...FIVE_SECONDS, endMs: START_MS - i * 60_000 })),
      )
    );
    strictEqual(at.length, 12);
    for (let i = 5; i < at.length; i++) ok((at[i] ?? 0) - (at[i - 5] ?? 0) > 2_000);
  });
  await t.step("no more than sixty leave in ten minutes", async () => {
    const at = await departures((broker) =>
      Promise.all(
        Array.from({ length: 70 }, (_, i) =>
          broker.history({ ...FIVE_SECONDS, instrument: { ...AAPL, conId: i + 1 } })),
      )
    );
    strictEqual(at.length, 70);
    ok((at[60] ?? 0) - (at[0] ?? 0) > 600_000);
    ok((at[59] ?? 0) < 60_000);
  });
  await t.step("larger bars do not wait", async () => {
    const at = await departures((broker) =>
      Promise.all(Array.from({ length: 24 }, () => broker.history(MINUTES)))
    );
    ok(at.every((ms) => ms === 0));
  });
});

Deno.test(
  "D8: sixty requests in ten minutes, whoever sent them: a process killed and started again counts on",
  rig({
    onRequest: (fields, peer) => {
      if (fields[0] === "20") peer.send(17, fields[1], "", "", 0);
    },
  }, async ({ connect, clock }) => {
    const folder = Deno.makeTempDirSync();
    const memory = (): PaceFile => new PaceFile(`${folder}/pace.json`);
    const ask = (broker: Broker, conId: number): Promise<unknown> =>
      broker.history({ ...FIVE_SECONDS, instrument: { ...AAPL, conId } });
    const first = await connect({ paceMemory: memory() });
    for (let conId = 1; conId <= 40; conId++) await ask(first, conId);
    await first.close();
    const next = await connect({ paceMemory: memory() });
    for (let conId = 41; conId <= 60; conId++) await ask(next, conId);
    strictEqual(memory().recall().length, 60);
    const before = clock.now();
    ok(before - START_MS < 60_000);
    await ask(next, 61);
    ok(clock.now() - START_MS > 600_000, "the sixty-first waits for the first process's first");
    Deno.writeTextFileSync(`${folder}/pace.json`, "[{");
    deepStrictEqual(memory().recall(), [], "what cannot be read holds nobody up");
    Deno.removeSync(folder, { recursive: true });
  }),
);

Deno.test(
  "history() that waits for its pace fails when the link closes, and is never sent",
  rig({
    onRequest: (fields, peer) => {
      if (fields[0] === "20") peer.send(17, fields[1], "", "", 0);
    },
  }, async ({ connect, tws }) => {
    const broker = await connect();
    await broker.history(FIVE_SECONDS);
    const waiting = broker.history(FIVE_SECONDS);
    const failed = rejects(waiting, /the connection is closed/);
    await broker.close();
    await failed;
    strictEqual(tws.peer.requestsOf(20).length, 1);
    match(tws.peer.requestsOf(20)[0]?.[15] ?? "", /^20260402-/);
  }),
);

Deno.test(
  "history() that TWS never answers is cancelled there",
  rig({}, async ({ connect, tws }) => {
    const broker = await connect();
    await rejects(broker.history(FIVE_SECONDS), /No answer within 4000 ms: historicalData \(17\)/);
    await tws.peer.until(() => tws.peer.requestsOf(25).length === 1);
    strictEqual(tws.peer.requestsOf(25)[0]?.[2], tws.peer.requestsOf(20)[0]?.[1]);
  }),
);
