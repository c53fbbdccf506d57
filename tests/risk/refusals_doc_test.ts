import { strictEqual } from "node:assert/strict";
import { refusalsTable } from "../../lib/risk/refusals.ts";

Deno.test("docs/refusals.md is the table of the refusal codes", () => {
  const file = new URL("../../docs/refusals.md", import.meta.url);
  const [, table = ""] = Deno.readTextFileSync(file).split("\n\n", 2);
  const cells = (text: string): string[] =>
    text.split("\n").filter((line) => line.startsWith("| `"))
      .map((line) => line.split("|").map((cell) => cell.trim()).join("|"));
  strictEqual(cells(table).join("\n"), cells(refusalsTable()).join("\n"));
});
