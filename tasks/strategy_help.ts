import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isStrategyFile, loadStrategy } from "../lib/strategy/author.ts";
import { StrategyError, strategyHelp } from "../lib/strategy/registry.ts";

/** The strategies and their parameters as `--help` shows them; an author's own file where it may run in this process. */
export async function strategiesText(
  args: readonly string[],
  { runsFiles }: { readonly runsFiles: boolean },
): Promise<string> {
  const wanted = args[args.indexOf("--strategy") + 1] ?? "";
  const built = strategyHelp();
  if (!args.includes("--strategy") || !isStrategyFile(wanted)) return textOf(built);
  if (!runsFiles) {
    return `\nParameters of ${wanted}: deno task backtest --strategy ${wanted} --help`;
  }
  try {
    const own = await loadStrategy(pathToFileURL(resolve(wanted)));
    return textOf([{ name: own.name, summary: own.summary, parameters: own.help() }]);
  } catch (error) {
    if (!(error instanceof StrategyError)) throw error;
    return `\n${error.message}`;
  }
}

function textOf(strategies: ReturnType<typeof strategyHelp>): string {
  const lines = strategies.flatMap(({ name, summary, parameters }) => [
    "",
    `  ${name}: ${summary}`,
    ...parameters.map((one) =>
      `    ${`${one.name}=${one.default}`.padEnd(22)}${one.description}`.trimEnd()
    ),
  ]);
  return ["", "Strategies, and their parameters with defaults:", ...lines].join("\n");
}
