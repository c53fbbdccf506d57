import { strictEqual, throws } from "node:assert/strict";
import { loadCalendar } from "../../lib/calendar/load.ts";

Deno.test("loadCalendar() merges the overrides of the file it is given", async () => {
  const file = await Deno.makeTempFile();
  const closure = { exchange: "XNYS", date: "2026-12-17", closed: true, because: "Mourning" };
  await Deno.writeTextFile(file, JSON.stringify([closure]));
  strictEqual(loadCalendar("XNYS", file).reasonClosed("2026-12-17"), "Mourning");
  await Deno.writeTextFile(file, "[1]");
  throws(() => loadCalendar("XNYS", file), { name: "CalendarOverrideError" });
  await Deno.remove(file);
});

Deno.test("loadCalendar() refuses a file that was named and is not there", () => {
  throws(() => loadCalendar("XNYS", "/nowhere/calendar.json"), {
    name: "CalendarOverrideError",
    message: 'Cannot read "/nowhere/calendar.json": it does not exist',
  });
});

Deno.test("loadCalendar() reads data/calendar.json of the working directory when there is one", async () => {
  const folder = await Deno.makeTempDir();
  const module = new URL("../../lib/calendar/load.ts", import.meta.url).href;
  await Deno.writeTextFile(
    `${folder}/print.ts`,
    `import { loadCalendar } from ${JSON.stringify(module)};
     console.log(loadCalendar("XNYS").reasonClosed("2026-12-17"));`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const print = async (): Promise<string> => {
    const args = ["run", "-q", "--no-check", "--allow-read", "--config", config, "print.ts"];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: folder }).output();
    return new TextDecoder().decode(stdout);
  };
  strictEqual(await print(), "null\n");
  await Deno.mkdir(`${folder}/data`);
  const storm = { exchange: "XNYS", date: "2026-12-17", closed: true, because: "Storm" };
  await Deno.writeTextFile(`${folder}/data/calendar.json`, JSON.stringify([storm]));
  strictEqual(await print(), "Storm\n");
  await Deno.remove(folder, { recursive: true });
});
