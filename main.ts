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
  if (value > 65_535) throw new InvalidArgumentError("expected a port up to 65535");
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) {
    throw new InvalidArgumentError("expected a number above zero");
  }
  return value;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < Infinity)) {
    throw new InvalidArgumentError("expected zero or a number above it");
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
  .enablePositionalOptions()
  .showSuggestionAfterError();

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

program.command("probe")
  .description("why a client can or cannot talk to TWS or IB Gateway, with the remedy")
  .option("--host <host>", "TWS or IB Gateway (default: 127.0.0.1)")
  .option("--port <port>", "its API port (default: 4002)")
  .option("--client-id <id>", "API client id (default: a free one)")
  .option("--timeout <seconds>", "limit of the handshake (default: 5)")
  .option("--wait <seconds>", "keep waiting for a Gateway that is starting or waits for a click")
  .option("--only <check>", "this check and what it needs, such as handshake")
  .option("--account <id>", "account that must be there")
  .option("--symbol <symbol>", "stock to ask quotes and bars of (default: AAPL)")
  .option("--strict", "warnings count: exit code 3")
  .option("--what-if", "ask for a margin preview of one order; paper accounts only")
  .option("--via-library", "after a healthy run connect once more as the session would")
  .option("--all", "every IB process and listener of this machine; connects to nothing")
  .option("--log <file>", "diagnose from a client's log instead")
  .option("--explain <code>", "the page of one cause, or of all")
  .option("--config <file>", "configuration file")
  .option("--json", "the report as one JSON document")
  .action(async (options) => {
    const { runProbe } = await import("./tasks/probe.ts");
    Deno.exitCode = await runProbe(options);
  });

for (const mode of ["paper", "live"] as const) {
  const isLive = mode === "live";
  program.command(isLive ? "session:live" : "session")
    .description(`one trading session on a ${mode} account${isLive ? ": REAL MONEY" : ""}`)
    .option("--config <file>", "configuration file (default: robo-trader.toml, when there is one)")
    .option("--host <host>", "TWS or IB Gateway")
    .option("--port <port>", "its API port", port)
    .option("--client-id <id>", "fixed API client id", whole)
    .option(
      "--account <id>",
      isLive ? "the configured account, once more" : "account to trade, when the login has several",
    )
    .option("--symbols <list>", "comma-separated, such as AAPL,NVDA")
    .option("--strategy <name>", "registered strategy, or a file of your own such as ./mine.ts")
    .option("--param <name=value>", "a parameter of the strategy; repeatable", collect)
    .option("--at-close <policy>", "what happens to positions: flatten or hold")
    .option(
      "--execution <style>",
      "how entries are worked: auto, LIMIT, MARKET, ADAPTIVE, TWAP, VWAP, POV, ICEBERG, IB_ADAPTIVE, IB_TWAP or IB_VWAP",
    )
    .option("--ledger <file>", "ledger database")
    .addOption(
      new Option("--clock <clock>", "auto follows a simulated Gateway on this machine")
        .choices(["auto", "wall"]).default("auto"),
    )
    .option(
      "--accept-differences <reason>",
      "take over what the broker says where the ledger differs",
    )
    .option("--skip-probe", "connect without probing first")
    .option("--print-config", "show every setting with its source, and stop")
    .option("--explain-risk", "every limit, its source and what today leaves of it, and stop")
    .option("--json", "the summary as one JSON document")
    .action(async (options) => {
      const { runSessionTask } = await import("./tasks/session.ts");
      Deno.exitCode = await runSessionTask({ ...options, mode });
    });
}

program.command("halt")
  .description("no entries in any session until resumed; exits and stops still work")
  .requiredOption("--reason <text>", "why; kept in the ledger")
  .option("--flatten", "and close every position")
  .option("--ledger <file>", "ledger database")
  .action(async ({ flatten, ...options }) => {
    const { runHalt } = await import("./tasks/halt.ts");
    Deno.exitCode = runHalt(flatten === true ? "flatten" : "halt", options);
  });
for (const verb of ["pause", "resume"] as const) {
  program.command(verb)
    .description(
      verb === "pause"
        ? "no entries until resumed; the session goes on"
        : "lift the halt; when there is none, the pause",
    )
    .requiredOption("--reason <text>", "why; kept in the ledger")
    .option("--ledger <file>", "ledger database")
    .action(async (options) => {
      const { runHalt } = await import("./tasks/halt.ts");
      Deno.exitCode = runHalt(verb, options);
    });
}

const report = program.command("report")
  .enablePositionalOptions()
  .description("the day accounted for, from the ledger")
  .option("--date <date>", "the sessions of this exchange date", day)
  .option("--session <id>", "one session, such as 2026-11-20-1")
  .option("--last", "the last session (default)")
  .addOption(
    new Option("--period <period>", "the day, or the days around it").choices(
      ["day", "week", "month", "all"],
    ),
  )
  .option("--statement <file>", "the broker's Flex statement, XML, to hold the day against")
  .option("--notify <url>", "post the verdict and key figures to Slack, Discord, ntfy or Telegram")
  .option("--open", "show the page when it is written")
  .option("--format <list>", "of html, md, json, csv; comma-separated")
  .option("--out <folder>", "where to write it")
  .option("--ledger <file>", "ledger database")
  .option("--json", "the summary as one JSON document")
  .action(async (options) => {
    const { runReport } = await import("./tasks/report.ts");
    Deno.exitCode = await runReport(options);
  });
report.command("verify")
  .description("does a written report hold against the ledger")
  .argument("<file>", "report.html or report.json")
  .option("--ledger <file>", "ledger database")
  .option("--statement <file>", "the Flex statement it was made with")
  .action(async (file, options, command) => {
    const { runVerify } = await import("./tasks/report_check.ts");
    // Said before the word as after it: report --ledger X verify F.
    Deno.exitCode = await runVerify(file, { ...command.optsWithGlobals(), ...options });
  });
report.command("trace")
  .description("a figure with its formula and the entries it came from")
  .argument("<figure-id>", "as in figures.csv")
  .option("--date <date>", "the sessions of this exchange date", day)
  .option("--session <id>", "one session")
  .option("--ledger <file>", "ledger database")
  .action(async (id, options, command) => {
    const { runTrace } = await import("./tasks/report_check.ts");
    Deno.exitCode = await runTrace(id, { ...command.optsWithGlobals(), ...options });
  });

program.command("backtest")
  .description("a strategy over recorded bars or the simulated market, through risk and ledger")
  .option("--config <file>", "configuration file (default: robo-trader.toml, when there is one)")
  .option("--strategy <name>", "registered strategy, or a file of your own such as ./mine.ts")
  .option(
    "--param <name=values>",
    "a parameter; with fast=5,10 both are tried; repeatable",
    collect,
  )
  .option("--symbols <list>", "comma-separated, such as AAPL,NVDA")
  .requiredOption("--from <date>", "first exchange date", day)
  .requiredOption("--to <date>", "last exchange date", day)
  .option("--bars <folder>", "recorded bars, a file such as AAPL.csv for each symbol")
  .option("--seed <n>", "without --bars: which simulated market", whole, 42)
  .option("--cash <dollars>", "to begin with", positive, 100_000)
  .option("--commission <dollars>", "a share; at least 1 an order, at most 1 %", number, 0.005)
  .option("--folds <n>", "walk forward: choose parameters on earlier days, test on later", whole)
  .option("--ledger <file>", "keep the entries in this new database")
  .option("--compare-execution", "instead: the same orders by TWAP, VWAP, POV … and their costs")
  .option("--json", "machine-readable output")
  .action(async (options) => {
    const { runBacktestTask } = await import("./tasks/backtest.ts");
    Deno.exitCode = await runBacktestTask(options);
  });

program.command("schedule")
  .description("probe, session and report by the exchange's calendar")
  .option("--probe-before <minutes>", "before the open", positive)
  .option("--session-before <minutes>", "before the open", positive)
  .addOption(
    new Option("--missed <policy>", "a session whose start was missed").choices([
      "skip",
      "late",
      "alert",
    ]),
  )
  .option("--late-until <minutes>", "after the open, with --missed late", positive)
  .option("--restarts <n>", "of a failed session, a day", whole)
  .option("--notify <url>", "POSTed to after the third failure in a row")
  .option("--calendar <file>", "calendar overrides")
  .option("--dry-run", "list the next ten runs, and stop")
  .option("--from <date>", "with --dry-run: as seen on that date, such as 2027-03-12")
  .addOption(
    new Option("--print <kind>", "units for the operating system").choices([
      "crontab",
      "systemd",
      "launchd",
    ]),
  )
  .option("--json", "the list as JSON")
  .action(async (options) => {
    const { runSchedule } = await import("./tasks/schedule.ts");
    Deno.exitCode = await runSchedule(options);
  });

program.command("dashboard")
  .description("the live page on http://127.0.0.1:5555; it only reads")
  .option("--port <port>", "where to listen", port, 5555)
  .option("--host <address>", "an address of this machine", "127.0.0.1")
  .option("--ledger <file>", "ledger database")
  .option("--reports <folder>", "past reports to link to")
  .option("--config <file>", "configuration file")
  .option("--allow-control", "pause, halt, flatten and resume from the page")
  .option("--json", "machine-readable output")
  .action(async (options) => {
    const { runDashboard } = await import("./tasks/dashboard.ts");
    Deno.exitCode = await runDashboard(options);
  });

program.command("gateway")
  .description("the simulated Gateway, on a port of this machine")
  .option("--port <port>", "where to listen; 0 takes a free one", port, 4002)
  .option("--seed <n>", "another market", whole, 42)
  .option("--account <id>", "account id, DU… is paper; repeatable", collect)
  .option("--cash <dollars>", "each account starts with", positive, 100_000)
  .option("--date <date>", "exchange date (default: the last session that is over)", day)
  .option("--start <time>", "New York time of day it begins at, such as 15:30 (default: 09:25)")
  .option("--speed <times>", "simulated seconds per second", positive, 60)
  .option("--bars <folder>", "recorded bars, <SYMBOL>.csv, in the market's place")
  .option("--state <file>", "lets it be killed and started again with its truth intact")
  .option("--faults <file>", "a plan of faults, JSON")
  .option("--server-version <n>", "178, 193 or 200", whole, 178)
  .option("--master-client-id <n>", "the client that sees the orders of all", whole)
  .addOption(
    new Option("--commissions <schedule>", "IB's price list").choices(["fixed", "tiered"] as const)
      .default("fixed" as const),
  )
  .option("--fault <name=args>", "something that goes wrong; repeatable", collect)
  .option("--list-faults", "every fault with its arguments, and stop")
  .option("--journal <file>", "one JSON line for every frame, order event and execution")
  .option("--json", "machine-readable output")
  .action(async (options) => {
    const { runGateway } = await import("./tasks/gateway.ts");
    Deno.exitCode = await runGateway(options);
  });

const [asked = ""] = Deno.args;
if (
  /^(session(:live)?|backtest)$/.test(asked) && Deno.args.some((arg) => /^(-h|--help)$/.test(arg))
) {
  const { strategiesText } = await import("./tasks/strategy_help.ts");
  const text = await strategiesText(Deno.args, { runsFiles: asked === "backtest" });
  program.commands.find((command) => command.name() === asked)?.addHelpText("after", text);
}

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  // Commander has already printed what was wrong; `--help` ends here too, with exit code 0.
  if (!(error instanceof CommanderError)) throw error;
  Deno.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
}
