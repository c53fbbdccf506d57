import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import type { Reply } from "../../lib/wire/replies.ts";
import type { Request } from "../../lib/wire/requests.ts";
import { bars, history } from "./asking.ts";
import { placing, type RawClient, stock, withGateway } from "./raw_client.ts";

const m = parseMicros;
const AAPL = stock("AAPL");
const ACCOUNT = { account: "DU1234567", modelCode: "" };
const PAST = {
  contract: AAPL,
  includeExpired: false,
  startDateTime: "",
  endDateTime: "20261120 09:44:00 US/Eastern",
  numberOfTicks: 20,
  useRth: true,
  ignoreSize: false,
  miscOptions: [],
};
const QUOTES = {
  type: "reqMktData",
  contract: AAPL,
  comboLegs: [],
  deltaNeutralContract: null,
  genericTickList: "",
  snapshot: false,
  regulatorySnapshot: false,
  mktDataOptions: [],
} as const;
const TICKS = { contract: AAPL, numberOfTicks: 0, ignoreSize: false };

/** Requests of every kind, and what each must bring within a minute of the market. */
const ASKED: readonly (readonly [Request, ...Reply["type"][]])[] = [
  [{ type: "reqCurrentTime" }, "currentTime"],
  [{ type: "reqManagedAccts" }, "managedAccounts"],
  [{ type: "reqIds", numIds: 1 }, "nextValidId"],
  [{ type: "reqUserInfo", reqId: 101 }, "userInfo"],
  [{ type: "reqFamilyCodes" }, "familyCodes"],
  [
    {
      type: "reqContractData",
      reqId: 102,
      contract: AAPL,
      includeExpired: false,
      secIdType: "",
      secId: "",
      issuerId: "",
    },
    "contractDetails",
    "contractDetailsEnd",
  ],
  [{ type: "reqMatchingSymbols", reqId: 103, pattern: "AA" }, "symbolSamples"],
  [{ type: "reqMarketRule", marketRuleId: 26 }, "marketRule"],
  [
    {
      type: "reqHeadTimestamp",
      reqId: 104,
      contract: AAPL,
      includeExpired: false,
      useRTH: true,
      whatToShow: "TRADES",
      formatDate: 1,
    },
    "headTimestamp",
  ],
  [history({ reqId: 105 }), "historicalData"],
  [
    history({ reqId: 106, keepUpToDate: true, barSizeSetting: "5 secs", durationStr: "300 S" }),
    "historicalDataUpdate",
  ],
  [
    history({ reqId: 107, whatToShow: "SCHEDULE", barSizeSetting: "1 day", durationStr: "5 D" }),
    "historicalSchedule",
  ],
  [
    { ...PAST, type: "reqHistoricalTicks", reqId: 108, whatToShow: "TRADES" },
    "historicalTicksLast",
  ],
  [
    { ...PAST, type: "reqHistoricalTicks", reqId: 109, whatToShow: "BID_ASK" },
    "historicalTicksBidAsk",
  ],
  [{ ...PAST, type: "reqHistoricalTicks", reqId: 110, whatToShow: "MIDPOINT" }, "historicalTicks"],
  [bars(111, "AAPL"), "realtimeBar"],
  [{ type: "reqMarketDataType", marketDataType: 2 }],
  [
    { ...QUOTES, reqId: 112, genericTickList: "165,221,233,236" },
    "marketDataType",
    "tickReqParams",
    "tickPrice",
    "tickSize",
    "tickString",
    "tickGeneric",
  ],
  [{ ...QUOTES, reqId: 113, snapshot: true }, "tickSnapshotEnd"],
  [{ ...TICKS, type: "reqTickByTickData", reqId: 114, tickType: "AllLast" }, "tickByTick"],
  [{ ...TICKS, type: "reqTickByTickData", reqId: 115, tickType: "BidAsk" }],
  [{ ...TICKS, type: "reqTickByTickData", reqId: 116, tickType: "MidPoint" }],
  [
    {
      type: "reqMktDepth",
      reqId: 117,
      contract: AAPL,
      numRows: 5,
      isSmartDepth: true,
      mktDepthOptions: [],
    },
    "updateMktDepthL2",
  ],
  [
    placing(1, "AAPL", { action: "BUY", totalQuantity: m("10"), orderType: "MKT" }),
    "openOrder",
    "orderStatus",
    "execDetails",
    "commissionReport",
  ],
  [
    placing(2, "AAPL", { action: "BUY", totalQuantity: m("10"), orderType: "MKT", whatIf: true }),
    "openOrder",
  ],
  [
    { type: "reqAccountUpdates", subscribe: true, acctCode: "" },
    "updateAccountValue",
    "updatePortfolio",
    "updateAccountTime",
    "accountDownloadEnd",
  ],
  [
    { type: "reqAccountSummary", reqId: 118, group: "All", tags: "NetLiquidation,$LEDGER:ALL" },
    "accountSummary",
    "accountSummaryEnd",
  ],
  [
    { ...ACCOUNT, type: "reqAccountUpdatesMulti", reqId: 119, ledgerAndNLV: false },
    "accountUpdateMulti",
    "accountUpdateMultiEnd",
  ],
  [{ type: "reqPositions" }, "position", "positionEnd"],
  [{ ...ACCOUNT, type: "reqPositionsMulti", reqId: 120 }, "positionMulti", "positionMultiEnd"],
  [{ ...ACCOUNT, type: "reqPnL", reqId: 121 }, "pnl"],
  [{ ...ACCOUNT, type: "reqPnLSingle", reqId: 122, conId: 265598 }, "pnlSingle"],
  [
    {
      type: "reqExecutions",
      reqId: 123,
      filter: {
        clientId: 0,
        acctCode: "",
        time: "",
        symbol: "AAPL",
        secType: "STK",
        exchange: "",
        side: "BUY",
        lastNDays: null,
        specificDates: [],
      },
    },
    "execDetails",
    "execDetailsEnd",
  ],
  [{ type: "reqOpenOrders" }, "openOrderEnd"],
  [{ type: "reqAllOpenOrders" }, "openOrderEnd"],
  [{ type: "reqCompletedOrders", apiOnly: true }, "completedOrder", "completedOrdersEnd"],
];

/** At most this many messages a second, as TWS asks. */
const PACE_MS = 250;

for (const version of [178, 193, 200]) {
  Deno.test(`profile ${version}: every request is answered with what it asks for, and none with an error`, async () => {
    await withGateway({ from: "09:45", serverVersionMax: version }, async ({ connect }) => {
      const client = await connect({ maxVersion: 200 });
      assert.equal(client.serverVersion, version);
      await client.reply("nextValidId");
      const asked = version < 197 ? ASKED : [
        ...ASKED,
        [{ type: "reqCurrentTimeInMillis" }, "currentTimeInMillis"] as const,
      ];
      for (const [request, ...types] of asked) {
        const before = types.map((type) => client.of(type).length);
        client.send(request);
        await brought(client, types, before);
        await client.pass(PACE_MS);
      }
      await client.pass(10_000);
      assert.deepEqual(client.of("error").filter(({ code }) => code < 2100), []);
      const kinds = new Set(client.of("tickByTick").map(({ tick }) => tick.kind));
      assert.equal(kinds.size, 3);
      assert.equal(client.of("historicalDataEnd").length, version >= 196 ? 2 : 0);
    });
  });
}

async function brought(
  client: RawClient,
  types: readonly Reply["type"][],
  before: readonly number[],
): Promise<void> {
  const isThere = (): boolean =>
    types.every((type, index) => client.of(type).length > (before[index] ?? 0));
  await Promise.race([client.until(isThere), client.pass(60_000)]);
  const missing = types.filter((type, index) => client.of(type).length <= (before[index] ?? 0));
  assert.deepEqual(missing, []);
}

const EVERY_SIZE: readonly (readonly [size: string, duration: string])[] = [
  ["1 secs", "120 S"],
  ["5 secs", "1800 S"],
  ["10 secs", "3600 S"],
  ["15 secs", "7200 S"],
  ["30 secs", "14400 S"],
  ["1 min", "1 D"],
  ["2 mins", "2 D"],
  ["3 mins", "2 D"],
  ["5 mins", "1 W"],
  ["10 mins", "1 W"],
  ["15 mins", "1 W"],
  ["20 mins", "1 W"],
  ["30 mins", "1 M"],
  ["1 hour", "1 M"],
  ["2 hours", "1 M"],
  ["3 hours", "1 M"],
  ["4 hours", "1 M"],
  ["8 hours", "1 M"],
  ["1 day", "6 M"],
  ["1 week", "1 Y"],
  ["1 month", "1 Y"],
];

Deno.test("history: every bar size, every price, both formats of dates", async () => {
  await withGateway({ from: "12:00", stepMs: 1000 }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    let reqId = 200;
    for (const [barSizeSetting, durationStr] of EVERY_SIZE) {
      for (const whatToShow of ["TRADES", "MIDPOINT", "BID", "ASK"]) {
        for (const formatDate of [1, 2]) {
          client.send(
            history({ reqId: ++reqId, barSizeSetting, durationStr, whatToShow, formatDate }),
          );
          await client.until(() =>
            client.received.some(({ reply }) =>
              (reply.type === "historicalData" || reply.type === "error") &&
              ("reqId" in reply ? reply.reqId : reply.id) === reqId
            )
          );
          // Small bars are paced: six for one stock in two seconds, sixty in ten minutes.
          await client.pass(20_000);
        }
      }
    }
    assert.deepEqual(client.of("error").filter(({ id }) => id > 0), []);
    const answers = client.of("historicalData");
    assert.equal(answers.length, EVERY_SIZE.length * 8);
    for (const [index, { bars: found }] of answers.entries()) {
      const isIntraday = index < 18 * 8;
      const isEpoch = index % 2 === 1 && isIntraday;
      const pattern = isEpoch
        ? /^\d{10}$/
        : isIntraday
        ? /^\d{8} \d\d:\d\d:\d\d US\/Eastern$/
        : /^\d{8}$/;
      assert.ok(found.length > 1, `${index}`);
      for (const { date, low, high } of found) {
        assert.match(date, pattern);
        assert.ok(low <= high);
      }
    }
  });
});
