import { CASES } from "./cases.ts";
import { runCase } from "./run_case.ts";

/**
 * Probes every peer and prints the table of `docs/PROBE_CASES.md`:
 *
 *     deno run -A tests/probe/cases_table.ts > docs/PROBE_CASES.md
 */

const rows: (readonly [string, string])[] = [];
for (const peerCase of CASES) {
  const report = await runCase(peerCase);
  const code = report.diagnoses[0]?.code ?? report.verdict;
  rows.push([peerCase.name, `\`${code}\``]);
}
const widths = [
  Math.max(...rows.map(([name]) => name.length)),
  Math.max(...rows.map(([, code]) => code.length)),
] as const;
const line = (cells: readonly [string, string]): string =>
  `| ${cells[0].padEnd(widths[0])} | ${cells[1].padEnd(widths[1])} |`;

const page = [
  "# What the probe calls whom",
  "",
  "Every peer below was started and probed; the first diagnosis is in the second column. Made by",
  "`deno run -A tests/probe/cases_table.ts > docs/PROBE_CASES.md`; the tests hold the same list.",
  "",
  line(["Peer", "First diagnosis"]),
  `| ${"-".repeat(widths[0])} | ${"-".repeat(widths[1])} |`,
  ...rows.map(line),
  "",
].join("\n");
await Deno.stdout.write(new TextEncoder().encode(page));
