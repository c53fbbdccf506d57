import { Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";

/**
 * The commands and their options. Each action imports its task when it runs, so that `--help` costs nothing.
 * Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 not ready, 4 halted, 5 another session, 130.
 */
const USAGE_ERROR = 2;

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("expected a whole number");
  return Number(text);
}

function port(text: string): number {
  const value = whole(text);
  if (value > 65_535) throw new InvalidArgumentError("expected a port from 0 to 65535");
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) {
    throw new InvalidArgumentError("expected a number above zero");
  }
  return value;
}

function day(text: string): string {
  const valid = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!valid) throw new InvalidArgumentError("expected a date such as 2026-11-20");
  return text;
}

function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}

const program = new Command("robo-trader")
  .description("Interactive Brokers trading as scheduled scripts: probe, session, report")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showSuggestionAfterError();

program.command("session")
  .description("one trading session on a paper account")
  .option("--config <file>", "configuration file (default: robo-trader.toml, when there is one)")
  .option("--host <host>", "TWS or IB Gateway")
  .option("--port <port>", "its API port", port)
  .option("--client-id <id>", "fixed API client id", whole)
  .option("--account <id>", "account to trade, when the login has several")
  .option("--symbols <list>", "comma-separated, such as AAPL,NVDA")
  .option("--strategy <name>", "registered strategy")
  .option("--param <name=value>", "a parameter of the strategy; repeatable", collect)
  .option("--at-close <policy>", "what happens to positions: flatten or hold")
  .option("--ledger <file>", "ledger database")
  .addOption(
    new Option("--clock <clock>", "auto follows a simulated Gateway on this machine")
      .choices(["auto", "wall"]).default("auto"),
  )
  .option("--skip-probe", "connect without probing first")
  .option("--print-config", "show every setting with its source, and stop")
  .option("--json", "the summary as one JSON document")
  .action(async (options) => {
    const { runSessionTask } = await import("./tasks/session.ts");
    Deno.exitCode = await runSessionTask({ ...options, mode: "paper" });
  });

program.command("demo")
  .description("a whole market day on a fresh machine: simulated Gateway, probe, session, report")
  .option("--seed <n>", "another market", whole, 42)
  .option("--date <date>", "exchange date", day, "2026-11-20")
  .option("--out <folder>", "where ledger and report go", "data/demo")
  .option("--json", "the summary as one JSON document")
  .action(async (options) => {
    const { runDemo } = await import("./tasks/demo.ts");
    Deno.exitCode = await runDemo(options);
  });

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  // Commander has already printed what was wrong; `--help` and `--version` end here too, with exit code 0.
  if (!(error instanceof CommanderError)) throw error;
  Deno.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
}
