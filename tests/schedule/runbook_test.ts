import { deepStrictEqual } from "node:assert/strict";
import { parseOverrides } from "../../lib/calendar/overrides.ts";

const read = (path: string): string =>
  Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));

const [runbook = "", notThereYet = ""] = read("docs/RUNBOOK.md").split("## Not there yet");

function tasksNamed(text: string): string[] {
  return [...new Set([...text.matchAll(/deno task ([a-z:]+)/g)].map(([, task = ""]) => task))];
}

function tasksThere(): string[] {
  const config: unknown = JSON.parse(read("deno.json"));
  const has = typeof config === "object" && config !== null && "tasks" in config;
  return Object.keys(has && config.tasks !== null ? config.tasks ?? {} : {});
}

Deno.test("the runbook names no task that is not there", () => {
  const there = tasksThere();
  deepStrictEqual(tasksNamed(runbook).filter((task) => !there.includes(task)), []);
});

Deno.test("what the runbook calls missing is missing", () => {
  const there = tasksThere().filter((task) => task !== "session");
  deepStrictEqual(tasksNamed(notThereYet).filter((task) => there.includes(task)), []);
});

Deno.test("the runbook's calendar overrides can be used as they stand", () => {
  const [, example = ""] = /```json\n([^]*?)```/.exec(runbook) ?? [];
  deepStrictEqual(parseOverrides(example, "RUNBOOK.md").map(({ date }) => date), [
    "2026-12-17",
    "2026-12-18",
  ]);
});

Deno.test("each section the runbook links to is there", () => {
  const anchors = [...runbook.matchAll(/^## (.*)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replace(/[^a-z0-9 -]/g, "").replaceAll(" ", "-")
  );
  const links = [...runbook.matchAll(/\]\(#(.*?)\)/g)].map(([, anchor = ""]) => anchor);
  deepStrictEqual(links.filter((link) => !anchors.includes(link)), []);
});
