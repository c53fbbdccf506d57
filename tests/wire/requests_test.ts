import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { decodeRequest, encodeRequest, RequestError } from "../../lib/wire/requests.ts";
import { EVERY_VERSION, fieldsOf } from "./fields_of.ts";
import { sampleRequests } from "./sample_requests.ts";

for (const version of [178, 193, 200]) {
  Deno.test(`every request survives the wire whole at ${version}`, () => {
    for (const request of Object.values(sampleRequests(version))) {
      if (request.type === "reqCurrentTimeInMillis" && version < 197) continue;
      deepEqual(decodeRequest(fieldsOf(encodeRequest(request, version)), version), request);
    }
  });
}

Deno.test("what is read of a request is written the same at every version from 100 to 200", () => {
  let compared = 0;
  for (const version of EVERY_VERSION) {
    for (const request of Object.values(sampleRequests(200))) {
      if (isNewerThan(version, request.type)) continue;
      const fields = fieldsOf(encodeRequest(request, version));
      deepEqual(fieldsOf(encodeRequest(decodeRequest(fields, version), version)), fields);
      compared += 1;
    }
  }
  ok(compared > 5000);
});

function isNewerThan(version: number, type: string): boolean {
  return (type === "reqCompletedOrders" && version < 150) ||
    (type === "reqUserInfo" && version < 167) ||
    (type === "reqCurrentTimeInMillis" && version < 197);
}

Deno.test("encodeRequest() refuses what the server is too old for", () => {
  throws(
    () => encodeRequest({ type: "reqUserInfo", reqId: 1 }, 166),
    /Cannot send "reqUserInfo": server version 166 is too old/,
  );
});

Deno.test("requests are these fields at 178", () => {
  const at178 = sampleRequests(178);
  const written = (type: keyof typeof at178): string =>
    fieldsOf(encodeRequest(at178[type], 178)).join("|");
  equal(written("startApi"), "71|2|7|caps");
  equal(written("reqIds"), "8|1|5");
  equal(written("cancelMktData"), "2|1|10000001");
  equal(written("reqMktDepthExchanges"), "82");
  equal(written("cancelOrder"), "4|1|42|20261002 15:00:00 US/Eastern");
  equal(written("reqGlobalCancel"), "58|1");
  equal(
    written("reqExecutions"),
    "7|3|10000013|7|DU1234567|20261002-13:30:00|AAPL|STK|SMART|BUY",
  );
  // The bar size stands before the duration.
  equal(
    written("reqHistoricalData"),
    "20|10000006|28812380|AAPL,MSFT|BAG||0|||SMART|NASDAQ|USD|AAPL|NMS|1|20261002 16:00:00 US/Eastern" +
      "|5 mins|7200 S|1|TRADES|2|1|265598|1|BUY|SMART|1|x=1;y=;",
  );
  equal(
    written("reqContractData"),
    "9|8|10000010|265598|AAPL|STK||0|||SMART|NASDAQ|USD|AAPL|NMS|1|ISIN|US0378331005|e1234567",
  );
});

Deno.test("cancelOrder and reqGlobalCancel lose their version field at 192", () => {
  const { cancelOrder, reqGlobalCancel } = sampleRequests(193);
  equal(
    fieldsOf(encodeRequest(cancelOrder, 193)).join("|"),
    "4|42|20261002 15:00:00 US/Eastern|operator|1",
  );
  equal(fieldsOf(encodeRequest(reqGlobalCancel, 193)).join("|"), "58|operator|1");
  const unset = { ...reqGlobalCancel, extOperator: "", manualOrderIndicator: null };
  equal(fieldsOf(encodeRequest(unset, 193)).join("|"), "58||2147483647");
  // 187 to 189 had fields that were taken back.
  equal(
    fieldsOf(encodeRequest({ ...cancelOrder, externalUserId: "user" }, 188)).join("|"),
    "4|1|42|20261002 15:00:00 US/Eastern|operator|user|1",
  );
});

Deno.test("the message version a client writes does not matter: cancelMktData comes with 1 and 2", () => {
  deepEqual(decodeRequest(["2", "2", "7"], 178), { type: "cancelMktData", reqId: 7 });
  deepEqual(decodeRequest(["76", "2", "5", "DU1", "", "1"], 178), {
    type: "reqAccountUpdatesMulti",
    reqId: 5,
    account: "DU1",
    modelCode: "",
    ledgerAndNLV: true,
  });
});

Deno.test("an id without a layout, or newer than the session, is unknown and not an error", () => {
  deepEqual(decodeRequest(["18", "1", "3"], 178), {
    type: "unknown",
    id: 18,
    fields: ["1", "3"],
  });
  deepEqual(decodeRequest(["105"], 178), { type: "unknown", id: 105, fields: [] });
  deepEqual(decodeRequest(["105"], 197), { type: "reqCurrentTimeInMillis" });
});

Deno.test("an unknown request is written as it was read", () => {
  const fields = ["250", "a", "", "b"];
  deepEqual(fieldsOf(encodeRequest(decodeRequest(fields, 178), 178)), fields);
});

/** What decodeRequest() throws, as TWS would say it. */
function refusal(fields: readonly string[], version = 178): { id: number; text: string } {
  try {
    decodeRequest(fields, version);
  } catch (error) {
    ok(error instanceof RequestError);
    equal(error.code, 320);
    return { id: error.id, text: error.message };
  }
  throw new Error("Expected a refusal");
}

Deno.test("decodeRequest() refuses a number that is none, in TWS's words and with the request's id", () => {
  deepEqual(refusal(["59", "1", "live"]), {
    id: -1,
    text:
      'Error reading request:Unable to parse data. java.lang.NumberFormatException: For input string: "live"',
  });
  const bars = fieldsOf(encodeRequest(sampleRequests(178).reqRealTimeBars, 178));
  equal(refusal(bars.with(15, "5.0")).id, 10000003);
  equal(refusal(bars.with(2, "4294967296")).id, -1);
});

Deno.test("decodeRequest() refuses a message that ends early or goes on", () => {
  deepEqual(refusal(["25", "1"]), {
    id: -1,
    text: "Error reading request:Message ends before field 2",
  });
  deepEqual(refusal(["25", "1", "9", "x", "y"]), {
    id: 9,
    text: "Error reading request:Message has 2 fields more than expected",
  });
});

Deno.test("decodeRequest() does not believe a count beyond the fields that are there", () => {
  const { reqMktData } = sampleRequests(178);
  const fields = fieldsOf(encodeRequest(reqMktData, 178));
  const legs = fields.indexOf("2", 15);
  ok(refusal(fields.with(legs, "2000000000")).text.includes("announces 2000000000 items"));
  ok(refusal(fields.with(legs, "-1")).text.includes("announces -1 items"));
});

Deno.test("every request cut short or with a field too many is refused, never misread or crashed on", () => {
  for (const request of Object.values(sampleRequests(200))) {
    const fields = fieldsOf(encodeRequest(request, 200));
    for (let length = 1; length < fields.length; length++) {
      throws(() => decodeRequest(fields.slice(0, length), 200), RequestError);
    }
    throws(() => decodeRequest([...fields, ""], 200), RequestError);
  }
});

Deno.test("encodeRequest() refuses what would shift the fields behind it", () => {
  throws(
    () => encodeRequest({ type: "reqMatchingSymbols", reqId: 1, pattern: "a\0b" }, 178),
    RangeError,
  );
  throws(() => encodeRequest({ type: "reqIds", numIds: 1.5 }, 178), RangeError);
  throws(() => encodeRequest({ type: "reqIds", numIds: NaN }, 178), RangeError);
});
