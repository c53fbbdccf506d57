import { strictEqual } from "node:assert/strict";
import { limitsTable } from "../../lib/risk/limits.ts";
import { refusalsTable } from "../../lib/risk/refusals.ts";

Deno.test("docs/risk.md has the limits and the refusal codes as they are in the code", () => {
  const page = Deno.readTextFileSync(new URL("../../docs/risk.md", import.meta.url));
  const cells = (text: string): string =>
    text.split("\n").filter((line) => line.startsWith("| `"))
      .map((line) => line.split("|").map((cell) => cell.trim()).join("|")).join("\n");
  strictEqual(cells(page), cells(limitsTable() + refusalsTable()));
});
