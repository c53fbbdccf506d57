import { z } from "zod";
import { register, type Registered } from "./registry.ts";
import type { StrategyDefinition } from "./strategy.ts";
import { StrategyError } from "./strategy_error.ts";

/** Strategies of an author's own file. */

/** True for `./mine.ts`, false for a name such as `sma-crossover`. */
export function isStrategyFile(name: string): boolean {
  return /[/\\]|\.[jt]s$/.test(name);
}

/**
 * The one strategy this module exports, under whatever name.
 *
 * @throws {StrategyError} when it cannot be loaded, or exports none or several
 */
export async function loadStrategy(file: URL): Promise<Registered> {
  const [definition, ...others] = definitionsOf(await load(file));
  if (definition === undefined || others.length > 0) {
    throw new StrategyError(
      `Cannot use strategy file "${file.pathname}": it exports ${
        others.length === 0 ? "no" : "more than one"
      } ` +
        "strategy; export one object with name, summary, barMs, parameters and create",
    );
  }
  return register(definition);
}

/** The strategies among a module's exports, each once. */
export function definitionsOf(
  exports: Readonly<Record<string, unknown>>,
): readonly StrategyDefinition<Record<string, unknown>>[] {
  return [...new Set(Object.values(exports).filter(isDefinition))];
}

async function load(file: URL): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(file.href);
  } catch (error) {
    // Whatever the author's module throws while it is loaded is the author's to read.
    const because = error instanceof Error ? error.message : String(error);
    throw new StrategyError(`Cannot load strategy file "${file.pathname}": ${because}`);
  }
}

const definition = z.object({
  name: z.string().min(1),
  summary: z.string(),
  barMs: z.int().positive(),
  parameters: z.instanceof(z.ZodType),
  create: z.function(),
});

function isDefinition(value: unknown): value is StrategyDefinition<Record<string, unknown>> {
  return definition.safeParse(value).success;
}
