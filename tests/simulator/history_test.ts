import assert from "node:assert/strict";
import { bars, history } from "./asking.ts";
import { at, stock, withGateway } from "./raw_client.ts";

Deno.test("bars that were streamed are the bars that history tells afterwards", async () => {
  await withGateway({ from: "09:29" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(bars(5, "TSLA"));
    await client.reply("realtimeBar", 24);
    client.send(
      history({
        contract: stock("TSLA"),
        barSizeSetting: "5 secs",
        durationStr: "120 S",
        formatDate: 2,
      }),
    );
    const { bars: told } = await client.reply("historicalData");
    const streamed = client.of("realtimeBar").slice(0, 24).map((bar) => ({
      date: String(bar.time),
      open: bar.open,
      high: bar.high,
      low: bar.low,
      close: bar.close,
      volume: bar.volume,
      wap: bar.wap,
      count: bar.count,
    }));
    assert.equal(streamed[0]?.date, String(at("09:30") / 1000));
    assert.deepEqual(told, streamed);
  });
});

Deno.test("history: sessions are counted, days are dated, the window and its mistakes are told", async () => {
  await withGateway({ from: "09:25" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(history({ reqId: 1, barSizeSetting: "1 day", durationStr: "3 D" }));
    client.send(history({ reqId: 3, barSizeSetting: "1 hour", durationStr: "1 D" }));
    client.send(history({ reqId: 4, barSizeSetting: "7 mins" }));
    client.send(history({ reqId: 5, durationStr: "1 Q" }));
    client.send(history({ reqId: 6, endDateTime: "20261119 16:00:00", durationStr: "600 S" }));
    client.send(history({ reqId: 7, endDateTime: "20261399 16:00:00" }));
    client.send(history({ reqId: 8, endDateTime: "20100104 16:00:00 US/Eastern" }));
    client.send(history({ reqId: 9, endDateTime: "20261119-21:00:00", keepUpToDate: true }));
    client.send(history({ reqId: 10, contract: stock("NOSUCHXX") }));
    client.send({ type: "cancelHistoricalData", reqId: 77 });
    await client.until(() => client.errors(8).length > 0);
    const byId = new Map(client.of("historicalData").map((reply) => [reply.reqId, reply]));
    assert.deepEqual(byId.get(1)?.bars.map(({ date }) => date), [
      "20261117",
      "20261118",
      "20261119",
    ]);
    assert.deepEqual(byId.get(3)?.bars.map(({ date }) => date), [
      "20261119 09:30:00 US/Eastern",
      "20261119 10:00:00 US/Eastern",
      "20261119 11:00:00 US/Eastern",
      "20261119 12:00:00 US/Eastern",
      "20261119 13:00:00 US/Eastern",
      "20261119 14:00:00 US/Eastern",
      "20261119 15:00:00 US/Eastern",
    ]);
    assert.deepEqual(byId.get(6)?.bars.map(({ date }) => date.slice(9, 14)), [
      "15:50",
      "15:51",
      "15:52",
      "15:53",
      "15:54",
      "15:55",
      "15:56",
      "15:57",
      "15:58",
      "15:59",
    ]);
    assert.equal(byId.get(6)?.start, "20261119  15:50:00");
    assert.equal(byId.get(6)?.end, "20261119  16:00:00");
    assert.deepEqual([4, 5, 6, 7, 8, 9, 10, 77].map((id) => client.errors(id)[0]?.code), [
      321,
      321,
      2174,
      10314,
      162,
      321,
      200,
      366,
    ]);
    assert.match(
      client.errors(8)[0]?.text ?? "",
      /HMDS query returned no data: AAPL@SMART Trades$/,
    );
  });
});

Deno.test("a schedule instead of bars: sessions with their hours, half days too", async () => {
  await withGateway({ from: "12:00", date: "2026-11-27" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(history({ whatToShow: "SCHEDULE", barSizeSetting: "1 day", durationStr: "2 D" }));
    const schedule = await client.reply("historicalSchedule");
    assert.deepEqual(schedule.sessions, [
      { start: "20261125-09:30:00", end: "20261125-16:00:00", refDate: "20261125" },
      { start: "20261127-09:30:00", end: "20261127-13:00:00", refDate: "20261127" },
    ]);
    client.send(history({ reqId: 3, whatToShow: "SCHEDULE" }));
    await client.until(() => client.errors(3).length > 0);
    assert.equal(client.errors(3)[0]?.code, 321);
  });
});
