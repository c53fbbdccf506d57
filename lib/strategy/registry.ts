import { z } from "zod";
import { closestString } from "../std/text.ts";
import { bollingerReversion } from "./bollinger_reversion.ts";
import { donchianMomentum } from "./donchian_momentum.ts";
import { openingRange } from "./opening_range.ts";
import { pairs } from "./pairs.ts";
import { smaCrossover } from "./sma_crossover.ts";
import type { Strategy, StrategyDefinition } from "./strategy.ts";
import { StrategyError } from "./strategy_error.ts";

export { StrategyError };

/** The built-in strategies, and how a name and texts from a command line become a running one. */

/** A strategy with its parameters checked and filled in. */
export interface ChosenStrategy {
  readonly name: string;
  readonly summary: string;
  readonly barMs: number;
  /** In force, defaults included. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** A fresh one, with nothing remembered. */
  create(): Strategy;
}

/** One parameter as `--help` shows it. */
export interface ParameterHelp {
  readonly name: string;
  readonly default: string;
  readonly description: string;
}

/** A definition whose parameter type is its own business. */
export interface Registered {
  readonly name: string;
  readonly summary: string;
  readonly barMs: number;
  choose(given: Readonly<Record<string, unknown>>): ChosenStrategy;
  help(): readonly ParameterHelp[];
}

const registered: readonly Registered[] = [
  register(smaCrossover),
  register(openingRange),
  register(bollingerReversion),
  register(donchianMomentum),
  register(pairs),
];

export function strategyNames(): readonly string[] {
  return registered.map(({ name }) => name);
}

/** Every built-in strategy with its parameters, for `--help`. */
export function strategyHelp(): readonly {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly ParameterHelp[];
}[] {
  return registered.map((one) => ({
    name: one.name,
    summary: one.summary,
    parameters: one.help(),
  }));
}

/**
 * The strategy of this name with these parameters; values may be text.
 *
 * @throws {StrategyError} for an unknown name or parameter, or a value out of range
 */
export function chooseStrategy(
  name: string,
  given: Readonly<Record<string, unknown>> = {},
): ChosenStrategy {
  return findStrategy(name).choose(given);
}

/** @throws {StrategyError} for an unknown name */
export function findStrategy(name: string): Registered {
  const found = registered.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new StrategyError(
    `Cannot find strategy "${name}": did you mean "${nearest(name, strategyNames())}"? ` +
      `Known strategies: ${strategyNames().join(", ")}`,
  );
}

/**
 * `fast=10` and the like as a record.
 *
 * @throws {StrategyError} for text without a name or an equals sign, and for a name given twice
 */
export function parseAssignments(texts: readonly string[]): Readonly<Record<string, string>> {
  const given = new Map<string, string>(); // parameter → text
  for (const text of texts) {
    const equalsAt = text.indexOf("=");
    if (equalsAt < 1) {
      throw new StrategyError(`Cannot read parameter "${text}": write it as name=value`);
    }
    const name = text.slice(0, equalsAt).trim();
    if (given.has(name)) {
      throw new StrategyError(`Cannot use parameter "${name}": it is given twice`);
    }
    given.set(name, text.slice(equalsAt + 1).trim());
  }
  return Object.fromEntries(given);
}

/** Makes a definition choosable; also for one loaded from an author's file. */
export function register<P extends object>(definition: StrategyDefinition<P>): Registered {
  const { name, summary, barMs } = definition;
  return {
    name,
    summary,
    barMs,
    choose(given): ChosenStrategy {
      const parameters = checked(definition, given);
      return {
        name,
        summary,
        barMs,
        parameters: Object.fromEntries(Object.entries(parameters)),
        create: () => definition.create(parameters),
      };
    },
    help: () => parametersHelp(definition),
  };
}

function checked<P extends object>(
  definition: StrategyDefinition<P>,
  given: Readonly<Record<string, unknown>>,
): P {
  const parsed = definition.parameters.safeParse(given);
  if (parsed.success) return parsed.data;
  const known = Object.keys(shapeOf(definition.parameters));
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    throw new StrategyError(
      `Cannot use parameter "${unknown}" with ${definition.name}: ` +
        `did you mean "${nearest(unknown, known)}"? Known parameters: ${known.join(", ")}`,
    );
  }
  const key = String(issue?.path[0] ?? "");
  throw new StrategyError(
    `Cannot use ${key}="${String(given[key] ?? "")}" with ${definition.name}: ${
      issue?.message ?? ""
    }`,
  );
}

function parametersHelp<P extends object>(
  definition: StrategyDefinition<P>,
): readonly ParameterHelp[] {
  return Object.entries(shapeOf(definition.parameters)).map(([name, type]) => {
    const unset = type.safeParse(undefined);
    return {
      name,
      default: unset.success ? String(unset.data ?? "none") : "required",
      description: type.description ?? "",
    };
  });
}

/** The candidate that contains the word, else the one with the fewest letters to change. */
function nearest(word: string, candidates: readonly string[]): string {
  return candidates.find((candidate) => word !== "" && candidate.includes(word)) ??
    closestString(word, candidates);
}

/** The parameters one by one; none for a schema that is not an object of them. */
function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}
