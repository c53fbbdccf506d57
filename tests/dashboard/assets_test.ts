import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { assetAt, assetPaths } from "../../lib/dashboard/assets.ts";

Deno.test("the page and all of its files weigh less than 150 kB, uncompressed", () => {
  const bytes = assetPaths().map((path) =>
    new TextEncoder().encode(assetAt(path)?.body ?? "").length
  );
  const total = bytes.reduce((sum, one) => sum + one, 0);
  ok(total < 150_000, `${total} bytes`);
});

Deno.test("every module the page's modules import is served, and preloaded by the page", () => {
  const html = assetAt("/")?.body ?? "";
  const missing = assetPaths().filter((path) => path.endsWith(".ts")).flatMap((path) => {
    ok(html.includes(`href="${path}"`), `${path} is not preloaded`);
    const imported = [...assetAt(path)?.body.matchAll(/from\s+"(\.[^"]+)"/g) ?? []];
    return imported.map(([, to]) => new URL(to ?? "", `http://x${path}`).pathname)
      .filter((to) => assetAt(to) === null);
  });
  deepStrictEqual(missing, []);
});

Deno.test("nothing but the page's own files is served", () => {
  for (const path of ["/lib/config.ts", "/lib/dashboard/router.ts", "/lib/", "/main.ts", "/page"]) {
    strictEqual(assetAt(path), null, path);
  }
});
