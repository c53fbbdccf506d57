import type { Condition } from "../wire/condition.ts";
import { parseRequestTime } from "./request_time.ts";

/** What conditions may look at. Null is "not known", and what is not known holds nothing. */
export interface ConditionView {
  readonly nowMs: number;
  /** Dollars. */
  lastPrice(conId: number): number | null;
  /** Shares of the day. */
  volume(conId: number): number | null;
  /** Against the previous close. */
  percentChange(conId: number): number | null;
  /** Of the account: what is not tied up, in percent of net liquidation. */
  readonly cushionPercent: number;
  /** True once anything was executed in this symbol. */
  hasTraded(symbol: string): boolean;
}

/** From left to right, as TWS lists them: each joins the result so far by the word behind the one before it. */
export function conditionsHold(conditions: readonly Condition[], view: ConditionView): boolean {
  let result = true;
  let conjunction: "a" | "o" = "a";
  for (const condition of conditions) {
    const holds = conditionHolds(condition, view);
    result = conjunction === "a" ? result && holds : result || holds;
    conjunction = condition.conjunction;
  }
  return result;
}

function conditionHolds(condition: Condition, view: ConditionView): boolean {
  const beyond = (value: number | null, bound: number): boolean =>
    value !== null && ("isMore" in condition && condition.isMore ? value >= bound : value <= bound);
  switch (condition.kind) {
    case "price":
      return beyond(view.lastPrice(condition.conId), condition.price);
    case "volume":
      return beyond(view.volume(condition.conId), condition.volume);
    case "percent-change":
      return beyond(view.percentChange(condition.conId), condition.percent);
    case "margin":
      return beyond(view.cushionPercent, condition.percent);
    case "execution":
      return view.hasTraded(condition.symbol);
    case "time": {
      const time = parseRequestTime(condition.time);
      return time !== undefined && beyond(view.nowMs, time.epochMs);
    }
  }
}
