import { limitsTable } from "../../lib/risk/limits.ts";
import { refusalsTable } from "../../lib/risk/refusals.ts";

/** Writes docs/risk.md: `deno task docs`. */

const page = `# Risk: the limits, and why it refuses

Made of the code by \`deno task docs\`. What is in force now, where it comes from and what today has left of it:
\`deno task session --explain-risk\`. A limit is set in \`robo-trader.toml\` under \`[risk]\`, or as
\`ROBO_TRADER_RISK_…\`; none can be left off.

## Limits

${limitsTable()}
## Refusals

Every one stands in the ledger and the report with its numbers: \`EXCEEDS_POSITION_LIMIT value=12000 limit=10000\`.

${refusalsTable()}`;
await Deno.stdout.write(new TextEncoder().encode(page));
