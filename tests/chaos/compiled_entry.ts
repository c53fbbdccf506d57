import { createRequire } from "node:module";
import vm from "node:vm";

/**
 * A session process from the one file that `program.ts` made. The first that ends well leaves V8's code of all it
 * ran beside it, and those after it start with that instead of compiling.
 */

const [path = "", job = ""] = Deno.args;
const compiledPath = `${path}.compiled`;
const cachedData = bytesOf(compiledPath);
const source = `(function (require, module) {${Deno.readTextFileSync(path)}\n})`;
const script = new vm.Script(source, {
  filename: path,
  ...cachedData === null ? {} : { cachedData },
});

const program = { exports: {} };
const wrapper: unknown = script.runInThisContext();
if (typeof wrapper !== "function") throw new TypeError(`${path} is no program`);
wrapper(createRequire(import.meta.url), program);
const live: unknown = Reflect.get(program.exports, "live");
if (typeof live !== "function") throw new TypeError(`${path} has no session to live`);
await live(job);
if (cachedData === null || script.cachedDataRejected === true) keep(script.createCachedData());
// Its ear to the rig would keep it alive.
Deno.exit(0);

/** Whole or not at all: another process may read it now. */
function keep(compiled: Uint8Array): void {
  const unfinished = `${compiledPath}.${Deno.pid}`;
  Deno.writeFileSync(unfinished, compiled);
  Deno.renameSync(unfinished, compiledPath);
}

function bytesOf(file: string): Uint8Array | null {
  try {
    return Deno.readFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
