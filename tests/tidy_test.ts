import { deepStrictEqual, ok } from "node:assert/strict";
import { dirname, join, relative } from "node:path";

/** The house rules that a program can check. Each message names what to do instead. */

const ROOT = join(import.meta.dirname ?? ".", "..");
const FILE_LINES_MAX = 400;
const STAGES = ["market", "strategy", "risk", "orders", "broker", "ledger", "report"] as const;

const ROOT_ALLOWED = new Set([
  ".ci",
  ".git",
  ".gitignore",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "deno.json",
  "deno.lock",
  "docs",
  "import_map.json",
  "lib",
  "main.ts",
  "tasks",
  "tests",
  // Made by running: ignored by git.
  "data",
  "reports",
  "coverage",
  "robo-trader.toml",
]);

interface Source {
  /** Path from the root, `lib/risk/review.ts`. */
  readonly path: string;
  readonly text: string;
}

function sources(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) => walk(join(ROOT, folder))).map((path) => ({
    path: relative(ROOT, path),
    text: Deno.readTextFileSync(path),
  }));
}

function walk(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory) return walk(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** Paths from the root of what a file imports, type imports included. */
function imports({ path, text }: Source): string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, to]) =>
    to ?? ""
  );
  return specifiers.map((to) => relative(ROOT, join(ROOT, dirname(path), to)));
}

const lib = sources("lib");
const production = [...lib, ...sources("tasks"), {
  path: "main.ts",
  text: Deno.readTextFileSync(join(ROOT, "main.ts")),
}];

Deno.test("the root holds only what it is meant to hold", () => {
  const found = [...Deno.readDirSync(ROOT)].map(({ name }) => name);
  deepStrictEqual(found.filter((name) => !ROOT_ALLOWED.has(name)), []);
});

Deno.test("no source file is longer than 400 lines: split it by idea", () => {
  const long = [...production, ...sources("tests")].filter(({ text }) =>
    text.split("\n").length > FILE_LINES_MAX
  );
  deepStrictEqual(long.map(({ path }) => path), []);
});

Deno.test("every file of lib is reached from main.ts: delete what nobody uses", () => {
  const byPath = new Map(production.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const queue = ["main.ts"];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const source = byPath.get(path);
    if (source === undefined || reached.has(path)) continue;
    reached.add(path);
    queue.push(...imports(source));
  }
  deepStrictEqual(lib.map(({ path }) => path).filter((path) => !reached.has(path)), []);
});

Deno.test("a stage imports itself and the stages before it, never a later one", () => {
  const wrong = lib.flatMap((source) => {
    const own = STAGES.findIndex((stage) => source.path.startsWith(`lib/${stage}/`));
    if (own < 0) return [];
    return imports(source).flatMap((to) => {
      const other = STAGES.findIndex((stage) => to.startsWith(`lib/${stage}/`));
      // The ledger's entries are nouns that speak of the broker's; the broker knows nothing of the ledger.
      return other > own ? [`${source.path} imports ${to}`] : [];
    });
  });
  deepStrictEqual(wrong, []);
});

Deno.test("only the session knows every stage, and no trading stage knows the simulator", () => {
  const wrong = lib.flatMap((source) =>
    imports(source)
      .filter((to) =>
        (to.startsWith("lib/simulator/") && !source.path.startsWith("lib/simulator/")) ||
        (to.startsWith("lib/session/") && !source.path.startsWith("lib/session/"))
      )
      .map((to) => `${source.path} imports ${to}`)
  );
  deepStrictEqual(wrong, []);
});

Deno.test("the client library is imported by one file", () => {
  const importers = lib.filter(({ text }) => text.includes(`"@stoqey/ib`)).map(({ path }) => path);
  ok(importers.length <= 1, `@stoqey/ib is imported by ${importers.join(", ")}`);
});

/** Where time and chance may come from; everything else is handed a Clock or a generator. */
const BANNED: readonly {
  readonly call: RegExp;
  readonly instead: string;
  readonly allowed: RegExp;
}[] = [
  {
    call: /\bDate\.now\(|\bnew Date\(\)|Temporal\.Now\./,
    instead: "take a Clock",
    allowed: /^(lib\/clock|lib\/beacon|lib\/probe\/|tasks\/)/,
  },
  {
    call: /\bMath\.random\(/,
    instead: "take a generator",
    allowed: /^$/,
  },
  {
    call: /\bsetTimeout\(|\bsetInterval\(/,
    instead: "use clock.at() or sleep()",
    // A task may redraw its terminal by the wall's time.
    allowed: /^(lib\/clock|tasks\/)/,
  },
  { call: /\bTODO\b|\bFIXME\b|\bXXX\b/, instead: "finish it or leave it out", allowed: /^$/ },
  {
    call: /: any\b|\bas any\b|@ts-ignore|@ts-expect-error|deno-lint-ignore/,
    instead: "find the type",
    allowed: /^$/,
  },
];

for (const { call, instead, allowed } of BANNED) {
  Deno.test(`production code does not use ${call.source}: ${instead}`, () => {
    const found = production
      .filter(({ path }) => !allowed.test(path))
      .filter(({ text }) =>
        call.test(
          text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) =>
            /TODO|FIXME|XXX|ts-ignore|ts-expect|lint-ignore/.test(comment) ? comment : ""),
        )
      );
    deepStrictEqual(found.map(({ path }) => path), []);
  });
}

Deno.test("tests compare strictly: deepStrictEqual and strictEqual, as the other names compare loosely", () => {
  const loose = new Set(["deepEqual", "equal", "notDeepEqual", "notEqual"]);
  const found = sources("tests").filter(({ text }) => {
    const [, names = ""] = /import \{([^}]*)\} from "node:assert\/strict"/.exec(text) ?? [];
    return names.split(",").some((name) => loose.has(name.trim()));
  });
  deepStrictEqual(found.map(({ path }) => path), []);
});

Deno.test("nothing in the repository speaks of a machine or a registry", () => {
  const words = new RegExp(
    ["/(work|root|tmp/bash_jobs)/", "registry\\." + "npmjs", "deb\\." + "debian"].join("|"),
  );
  const found = [...production, ...sources("tests")].filter(({ text }) => words.test(text));
  deepStrictEqual(
    found.map(({ path }) => path).filter((path) => path !== "tests/tidy_test.ts"),
    [],
  );
});
