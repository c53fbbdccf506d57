import type { HistoricalSchedule } from "../wire/replies_history.ts";
import type { HistoryQuery } from "./history.ts";
import { firstDate } from "./history.ts";
import type { MarketSource } from "./market.ts";
import { ZONE_NAME } from "./texts.ts";
import { exchangeDate } from "./trading_days.ts";

/** The sessions a history request spans, in the place of its bars (whatToShow SCHEDULE). */
export function scheduleOf(
  market: MarketSource,
  reqId: number,
  query: Pick<HistoryQuery, "duration" | "endMs">,
): HistoricalSchedule {
  const sessions = market.days.between(firstDate(market, query), exchangeDate(query.endMs))
    .map((session) => {
      const refDate = session.date.replaceAll("-", "");
      return {
        start: `${refDate}-${timeOfDay(session.opensAt)}`,
        end: `${refDate}-${timeOfDay(session.closesAt)}`,
        refDate,
      };
    });
  return {
    type: "historicalSchedule",
    reqId,
    start: sessions[0]?.start ?? "",
    end: sessions.at(-1)?.end ?? "",
    timeZone: ZONE_NAME,
    sessions,
  };
}

function timeOfDay(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO("America/New_York")
    .toPlainTime().toString({ smallestUnit: "second" });
}
