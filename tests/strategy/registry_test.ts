import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  chooseStrategy,
  parseAssignments,
  strategyHelp,
  strategyNames,
} from "../../lib/strategy/registry.ts";

Deno.test("chooseStrategy() fills in defaults and reads numbers given as text", () => {
  const chosen = chooseStrategy("sma-crossover", { fast: "5" });
  strictEqual(chosen.barMs, 60_000);
  deepStrictEqual(chosen.parameters, { fast: 5, slow: 30, stop: "atr", stopAtr: 3, stopPct: 2 });
  strictEqual(chosen.create().warmupBars, 30);
});

Deno.test("chooseStrategy() creates strategies that share nothing", () => {
  const chosen = chooseStrategy("sma-crossover");
  strictEqual(chosen.create() === chosen.create(), false);
});

Deno.test("chooseStrategy() suggests the nearest name for an unknown one", () => {
  throws(() => chooseStrategy("donchian"), /did you mean "donchian-momentum"\?/);
  throws(() => chooseStrategy("sma-crosover"), {
    name: "StrategyError",
    message: /Cannot find strategy "sma-crosover": did you mean "sma-crossover"\?/,
  });
});

Deno.test("chooseStrategy() suggests the nearest parameter for an unknown one", () => {
  throws(() => chooseStrategy("sma-crossover", { fats: "5" }), {
    name: "StrategyError",
    message: /Cannot use parameter "fats" with sma-crossover: did you mean "fast"\?/,
  });
});

Deno.test("chooseStrategy() refuses a value out of range, not a number, or fast not below slow", () => {
  throws(
    () => chooseStrategy("sma-crossover", { fast: "0" }),
    /Cannot use fast="0" with sma-crossover/,
  );
  throws(() => chooseStrategy("sma-crossover", { fast: "ten" }), /Cannot use fast="ten"/);
  throws(() => chooseStrategy("sma-crossover", { fast: "" }), /Cannot use fast=""/);
  throws(() => chooseStrategy("sma-crossover", { fast: 30 }), /fast must be shorter than slow/);
  throws(() => chooseStrategy("sma-crossover", { stop: "none" }), /Cannot use stop="none"/);
});

Deno.test("strategyHelp() lists every parameter with its default and meaning", () => {
  deepStrictEqual(strategyHelp().map(({ name }) => name), strategyNames());
  for (const { parameters } of strategyHelp()) {
    for (const parameter of parameters) {
      strictEqual(parameter.description.length > 10, true, parameter.name);
    }
  }
  deepStrictEqual(strategyHelp()[0]?.parameters[0], {
    name: "fast",
    default: "10",
    description: "Bars of the fast average",
  });
});

Deno.test("parseAssignments() reads name=value, and refuses a missing sign and a repeated name", () => {
  deepStrictEqual(parseAssignments(["fast=10", "stop = percent"]), { fast: "10", stop: "percent" });
  throws(() => parseAssignments(["fast"]), /write it as name=value/);
  throws(() => parseAssignments(["fast=1", "fast=2"]), /"fast": it is given twice/);
});
