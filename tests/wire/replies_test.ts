import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { decodeReply, encodeReply, ReplyError } from "../../lib/wire/replies.ts";
import { EVERY_VERSION, fieldsOf } from "./fields_of.ts";
import { sampleReplies } from "./sample_replies.ts";

const NEWER: Readonly<Record<string, number>> = {
  completedOrder: 150,
  completedOrdersEnd: 150,
  historicalSchedule: 165,
  userInfo: 167,
  historicalDataEnd: 196,
  currentTimeInMillis: 197,
};

for (const version of [178, 193, 200]) {
  Deno.test(`every reply survives the wire whole at ${version}`, () => {
    for (const reply of Object.values(sampleReplies(version))) {
      if (version < (NEWER[reply.type] ?? 0)) continue;
      deepEqual(decodeReply(fieldsOf(encodeReply(reply, version)), version), reply);
    }
  });
}

Deno.test("what is read of a reply is written the same at every version from 100 to 200", () => {
  let compared = 0;
  for (const version of EVERY_VERSION) {
    for (const reply of Object.values(sampleReplies(200))) {
      if (version < (NEWER[reply.type] ?? 0)) continue;
      const fields = fieldsOf(encodeReply(reply, version));
      deepEqual(fieldsOf(encodeReply(decodeReply(fields, version), version)), fields);
      compared += 1;
    }
  }
  ok(compared > 5000);
});

/** Field counts that clients check: one field more or less and the message silently vanishes. */
const COUNTS: Readonly<Record<string, number>> = {
  managedAccounts: 3,
  nextValidId: 3,
  error: 6,
  currentTime: 3,
  userInfo: 3,
  tickPrice: 7,
  tickSize: 5,
  tickGeneric: 5,
  tickString: 5,
  tickOptionComputation: 12,
  tickSnapshotEnd: 3,
  marketDataType: 4,
  tickReqParams: 5,
  tickByTick: 9,
  realtimeBar: 11,
  updateMktDepth: 8,
  updateMktDepthL2: 10,
  headTimestamp: 3,
  historicalDataUpdate: 10,
  contractDetailsEnd: 3,
  securityDefinitionOptionParameterEnd: 2,
  orderStatus: 12,
  openOrderEnd: 2,
  completedOrdersEnd: 1,
  orderBound: 4,
  execDetails: 32,
  execDetailsEnd: 3,
  commissionReport: 8,
  updateAccountValue: 6,
  updatePortfolio: 20,
  updateAccountTime: 3,
  accountDownloadEnd: 3,
  position: 16,
  positionEnd: 2,
  positionMulti: 18,
  positionMultiEnd: 3,
  accountSummary: 7,
  accountSummaryEnd: 3,
  accountUpdateMulti: 8,
  accountUpdateMultiEnd: 3,
  pnl: 5,
  pnlSingle: 7,
  scannerParameters: 3,
};

Deno.test("replies have the field counts at 178 that clients count", () => {
  const samples = new Map<string, number>(
    Object.values(sampleReplies(178))
      .filter(({ type }) => type in COUNTS)
      .map((reply) => [reply.type, fieldsOf(encodeReply(reply, 178)).length]),
  );
  deepEqual(Object.fromEntries(samples), COUNTS);
});

Deno.test("replies are these fields at 178", () => {
  const at178 = sampleReplies(178);
  const written = (type: keyof typeof at178): string =>
    fieldsOf(encodeReply(at178[type], 178)).join("|");
  equal(written("managedAccounts"), "15|1|DU1,DU2,");
  equal(written("tickPrice"), "1|6|1|2|182.94|300|5");
  equal(written("realtimeBar"), "50|3|1|1775136600|182.94|183.5|182.25|183.125|12345|182.987|77");
  // Close before high and low, the average before the volume.
  equal(
    written("historicalDataUpdate"),
    "90|1|77|20261002 09:30:00 US/Eastern|182.94|183.125|183.5|182.25|182.987|948837.22",
  );
  equal(
    written("orderStatus"),
    "3|42|Submitted|50.5|100|182.941234|1376327563|41|182.95|7|child|200",
  );
  equal(
    written("commissionReport"),
    "59|1|0000e0d5.6ab9ea82.01.01|1.000003|USD|1.7976931348623157E308|1.7976931348623157E308|0",
  );
  equal(written("pnl"), "94|1|12.345678|1.7976931348623157E308|-1.0");
  equal(written("tickOptionComputation"), "21|1|13|1|0.25|-1|3.5|-1|0.01|-2|-0.05|182.94");
  equal(written("historicalTicks"), "96|1|1|1775136600|0|182.94|100|1");
  equal(
    written("error"),
    '4|2|42|201|Order rejected - reason:Z\\u00fcrich \\u005c closed\nfor today|{"rejects":[{"key":"8229"}]}',
  );
});

Deno.test("a recorded execution of a gateway at 165 reads and writes the same", () => {
  const fields =
    ("11|-1|13|76792991|TSLA|STK||0.0|||ISLAND|USD|TSLA|NMS|00025b46.63f8f39c.01.01|20230224  12:04:56" +
      "|DU1234567|ISLAND|BOT|100|196.52|1376327563|100|0|100|196.52|||||2").split("|");
  const reply = decodeReply(fields, 165);
  ok(reply.type === "execDetails");
  equal(reply.execution.shares, 100_000000n);
  equal(reply.execution.price, 196_520000n);
  equal(reply.execution.lastLiquidity, 2);
  deepEqual(fieldsOf(encodeReply(reply, 165)), fields);
});

Deno.test("a recorded orderStatus of a gateway at 165 reads and writes the same", () => {
  const fields = "3|13|PreSubmitted|0|100|0|1376327563|0|0|100||0".split("|");
  deepEqual(fieldsOf(encodeReply(decodeReply(fields, 165), 165)), fields);
});

Deno.test("error gets its JSON at 166 and trades its version field for a time at 194", () => {
  const { error } = sampleReplies(194);
  const plain = { ...error, text: "No", advancedOrderRejectJson: "" };
  const written = (version: number): string => fieldsOf(encodeReply(plain, version)).join("|");
  equal(written(165), "4|2|42|201|No");
  equal(written(166), "4|2|42|201|No|");
  equal(written(193), "4|2|42|201|No|");
  equal(written(194), "4|42|201|No||1775136600123");
});

Deno.test("the end of a history moves from message 17 to message 108 at 196", () => {
  const { historicalData } = sampleReplies(178);
  const empty = { ...historicalData, bars: [] };
  equal(
    fieldsOf(encodeReply(empty, 195)).join("|"),
    "17|1|20261002  09:30:00|20261002  16:00:00|0",
  );
  equal(fieldsOf(encodeReply(empty, 196)).join("|"), "17|1|0");
});

Deno.test("encodeReply() refuses what the negotiated version does not know: some clients stop there", () => {
  const { historicalDataEnd, currentTimeInMillis } = sampleReplies(200);
  throws(() => encodeReply(historicalDataEnd, 195), /server version 195 is too old/);
  throws(() => encodeReply(currentTimeInMillis, 196), /server version 196 is too old/);
});

Deno.test("all three kinds of tick-by-tick survive", () => {
  const bidAsk = {
    type: "tickByTick",
    reqId: 1,
    tick: {
      kind: 3,
      time: 1775136600,
      bidPrice: 182.93,
      askPrice: 182.95,
      bidSize: 100_000000n,
      askSize: 200_000000n,
      attribMask: 2,
    },
  } as const;
  const midPoint = {
    type: "tickByTick",
    reqId: 1,
    tick: { kind: 4, time: 1775136600, midPoint: 182.94 },
  } as const;
  equal(
    fieldsOf(encodeReply(bidAsk, 178)).join("|"),
    "99|1|3|1775136600|182.93|182.95|100|200|2",
  );
  equal(fieldsOf(encodeReply(midPoint, 178)).join("|"), "99|1|4|1775136600|182.94");
  for (const reply of [bidAsk, midPoint]) {
    deepEqual(decodeReply(fieldsOf(encodeReply(reply, 178)), 178), reply);
  }
  throws(() => decodeReply(["99", "1", "5", "0"], 178), /Unknown kind of tick: 5/);
});

Deno.test("a stock's contractDetails with one secondary id has 42 fields at 178 and 44 at 193", () => {
  const { contractDetails } = sampleReplies(178);
  const { details } = contractDetails;
  const stock = {
    ...contractDetails,
    details: { ...details, contract: { ...details.contract, secType: "STK" }, fund: null },
  };
  equal(fieldsOf(encodeReply(stock, 178)).length, 42);
  equal(fieldsOf(encodeReply(stock, 193)).length, 44);
  // A fund says 17 things more, from 179 on.
  equal(fieldsOf(encodeReply(sampleReplies(178).contractDetails, 178)).length, 42);
  equal(fieldsOf(encodeReply(sampleReplies(179).contractDetails, 179)).length, 42 + 17);
});

Deno.test("an unknown id is handed over as it is", () => {
  const fields = ["250", "x", ""];
  const reply = decodeReply(fields, 178);
  deepEqual(reply, { type: "unknown", id: 250, fields: ["x", ""] });
  deepEqual(fieldsOf(encodeReply(reply, 178)), fields);
});

Deno.test("every reply cut short or with a field too many is refused", () => {
  for (const reply of Object.values(sampleReplies(200))) {
    const fields = fieldsOf(encodeReply(reply, 200));
    for (let length = 1; length < fields.length; length++) {
      throws(() => decodeReply(fields.slice(0, length), 200), ReplyError);
    }
    throws(() => decodeReply([...fields, ""], 200), ReplyError);
  }
});

Deno.test("encodeReply() refuses prices that are no numbers", () => {
  const { tickPrice } = sampleReplies(178);
  throws(() => encodeReply({ ...tickPrice, price: NaN }, 178), RangeError);
  throws(() => encodeReply({ ...tickPrice, price: Infinity }, 178), RangeError);
});
