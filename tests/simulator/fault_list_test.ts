import assert from "node:assert/strict";
import { FAULTS } from "../../lib/simulator/fault_table.ts";

Deno.test("every fault of the list has a test that names it", () => {
  const folder = new URL(".", import.meta.url);
  const texts = [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith("_test.ts") && name !== "fault_list_test.ts")
    .map(({ name }) => Deno.readTextFileSync(new URL(name, folder)));
  const named = (fault: string): boolean =>
    texts.some((text) => new RegExp(`["\`']${fault}["\`'=@:;,]`).test(text));
  assert.deepEqual(Object.keys(FAULTS).filter((fault) => !named(fault)), []);
});
