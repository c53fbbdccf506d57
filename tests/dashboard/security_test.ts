import {
  deepStrictEqual,
  match,
  notStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import { join } from "node:path";
import { CredentialError, Credentials } from "../../lib/dashboard/credentials.ts";
import { runDashboard } from "../../tasks/dashboard.ts";
import { tradingDay } from "./entries.ts";
import {
  admit,
  ask,
  csrfToken,
  type Reply,
  type Rig,
  upgradeHeaders,
  withDashboard,
} from "./rig.ts";

/** Each test is an attack. */

const DAY = tradingDay().entries;

Deno.test("a page whose name was rebound to this machine is turned away by its Host", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const cookie = await admit(rig);
    for (const host of ["evil.example", `evil.example:${rig.port}`, "127.0.0.1", ""]) {
      const { status } = await ask(rig.port, { host, headers: { cookie } });
      ok(status === 421 || status === 400, `Host "${host}" got ${status}`);
    }
    const evil = await ask(rig.port, { host: `evil.example:${rig.port}`, headers: { cookie } });
    strictEqual(evil.status, 421);
  });
});

Deno.test("another page cannot open the WebSocket, though the browser would send the cookie", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const headers = upgradeHeaders(rig.port, await admit(rig));
    const statusWith = async (changes: Record<string, string>): Promise<number> =>
      (await ask(rig.port, { path: "/live", headers: { ...headers, ...changes } })).status;
    strictEqual(await statusWith({}), 101);
    strictEqual(await statusWith({ origin: "http://evil.example" }), 403);
    strictEqual(await statusWith({ origin: `http://127.0.0.1:${rig.port + 1}` }), 403);
    strictEqual(await statusWith({ origin: `https://127.0.0.1:${rig.port}` }), 403);
    strictEqual(await statusWith({ origin: "null" }), 403);
    strictEqual(await statusWith({ "sec-fetch-site": "cross-site" }), 403);
    const { origin: _, ...withoutOrigin } = headers;
    strictEqual((await ask(rig.port, { path: "/live", headers: withoutOrigin })).status, 403);
    strictEqual(await statusWith({ cookie: "" }), 401);
  });
});

Deno.test("a page on the same machine but another port reads nothing, even with an image or a link", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const cookie = await admit(rig);
    const sameSite = await ask(rig.port, { headers: { cookie, "sec-fetch-site": "same-site" } });
    strictEqual(sameSite.status, 403);
    const cross = await ask(rig.port, { headers: { cookie, "sec-fetch-site": "cross-site" } });
    strictEqual(cross.status, 403);
    strictEqual(
      (await ask(rig.port, { headers: { cookie, "sec-fetch-site": "none" } })).status,
      200,
    );
  });
});

Deno.test("without the cookie there is nothing but health; a made-up or altered cookie is none", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const good = await admit(rig);
    const paths = ["/", "/page.css", "/lib/dashboard/page_main.ts", "/metrics", "/reports/x"];
    for (const path of [...paths, "/live", "/control/token"]) {
      strictEqual((await ask(rig.port, { path })).status, 401, path);
    }
    const [head = "", claim = "", signature = ""] = good.split(".");
    const turned = [...signature].toReversed().join("");
    const forged = [
      `${good}x`,
      good.replace(/=\d/, "=9"),
      "robo_trader_dashboard=1.a.b",
      `${head}.${claim}.${turned}`,
      `${head}.${[...claim].toReversed().join("")}.${signature}`,
      `${head.replace(/\d$/, (digit) => String((Number(digit) + 9) % 10))}.${claim}.${signature}`,
    ];
    for (const cookie of forged) {
      strictEqual((await ask(rig.port, { headers: { cookie } })).status, 401, cookie);
    }
    strictEqual((await ask(rig.port, { headers: { cookie: good } })).status, 200);
    const health = await ask(rig.port, { path: "/healthz" });
    deepStrictEqual([health.status, health.body], [200, "ok\n"]);
  });
});

Deno.test("the token works once, leaves the address bar, and the cookie is for this browser and site alone", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const path = rig.dashboard.link.slice(rig.dashboard.link.indexOf("/?"));
    match(path, /^\/\?token=[\w-]{43}$/);
    const first = await ask(rig.port, { path });
    deepStrictEqual([first.status, first.headers.get("location")], [303, "/"]);
    match(
      first.headers.get("set-cookie") ?? "",
      /^robo_trader_dashboard=[\w.-]+; HttpOnly; SameSite=Strict; Path=\/; Max-Age=604800$/,
    );
    strictEqual((await ask(rig.port, { path })).status, 401);
    notStrictEqual(rig.dashboard.link.slice(-43), path.slice(-43));
  });
});

Deno.test("an admitted browser stays admitted when the server restarts", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const cookie = await admit(rig);
    await rig.restart();
    strictEqual((await ask(rig.port, { headers: { cookie } })).status, 200);
  });
});

Deno.test("key, link and metrics token can be read by their owner alone, and a shared key is refused", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const options = { folder: join(folder, "credentials"), origin: "http://127.0.0.1:1" };
    new Credentials(options);
    for (const name of ["key", "link", "metrics-token"]) {
      strictEqual((Deno.statSync(join(options.folder, name)).mode ?? 0) & 0o777, 0o600, name);
    }
    strictEqual((Deno.statSync(options.folder).mode ?? 0) & 0o777, 0o700);
    Deno.chmodSync(join(options.folder, "key"), 0o644);
    throws(() => new Credentials(options), CredentialError);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a cookie ends after a week, and one from the future is none", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const credentials = new Credentials({ folder, origin: "http://127.0.0.1:1" });
    const token = credentials.link.slice(-43);
    const cookie = credentials.exchange(token, 1_000) ?? "";
    const week = 7 * 24 * 60 * 60_000;
    ok(credentials.visitor(cookie, 1_000 + week) !== null);
    strictEqual(credentials.visitor(cookie, 1_001 + week), null);
    strictEqual(credentials.visitor(cookie, 999), null);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("every answer carries the headers: no foreign content, no frames, no sniffing, no cache", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const cookie = await admit(rig);
    const replies: Reply[] = [
      await ask(rig.port),
      await ask(rig.port, { host: "evil.example" }),
      await ask(rig.port, { headers: { cookie } }),
      await ask(rig.port, { path: "/metrics", headers: { cookie } }),
      await ask(rig.port, { path: "/nothing", headers: { cookie } }),
    ];
    for (const { headers } of replies) {
      const policy = headers.get("content-security-policy") ?? "";
      match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /);
      match(policy, /frame-ancestors 'none'; base-uri 'none'; form-action 'none'/);
      match(policy, /require-trusted-types-for 'script'; trusted-types 'none'$/);
      ok(!policy.includes("unsafe"));
      strictEqual(headers.get("x-content-type-options"), "nosniff");
      strictEqual(headers.get("referrer-policy"), "no-referrer");
      strictEqual(headers.get("cross-origin-opener-policy"), "same-origin");
      strictEqual(headers.get("cross-origin-resource-policy"), "same-origin");
      strictEqual(headers.get("cache-control"), "no-store");
      strictEqual(headers.get("access-control-allow-origin"), null);
    }
  });
});

const HALT = { method: "POST", path: "/control/halt" } as const;
const body = (confirm: string, reason: string): string => JSON.stringify({ confirm, reason });

async function ownHeaders(rig: Rig): Promise<Record<string, string>> {
  const cookie = await admit(rig);
  return {
    cookie,
    origin: `http://127.0.0.1:${rig.port}`,
    "content-type": "application/json",
    "x-csrf-token": await csrfToken(rig, cookie),
  };
}

Deno.test("nothing can be changed while control is off, not even by the page itself", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const own = await ownHeaders(rig);
    // As if the page knew its token, which it is not told.
    const origin = `http://127.0.0.1:${rig.port}`;
    const credentials = new Credentials({ folder: join(rig.folder, "credentials"), origin });
    const cookie = own["cookie"]?.split("=")[1] ?? "";
    const headers = { ...own, "x-csrf-token": credentials.visitor(cookie, Date.now())?.csrf ?? "" };
    for (const name of ["halt", "flatten", "pause", "resume"]) {
      const path = `/control/${name}`;
      const text = body(name.toUpperCase(), "x");
      const { status, body: said } = await ask(rig.port, { ...HALT, path, headers, body: text });
      deepStrictEqual([status, said], [403, "Control is off: it needs --allow-control\n"]);
    }
    strictEqual((await ask(rig.port, { path: "/control/token", headers })).status, 404);
    strictEqual(rig.ledger.head()?.seq, DAY.length);
  });
});

Deno.test("a forged change is refused: without origin, token, cookie, JSON, the typed word or a reason", async () => {
  await withDashboard({ entries: DAY, control: true }, async (rig) => {
    const own = await ownHeaders(rig);
    const good = body("HALT", "checking a fill");
    const without = (name: string): Record<string, string> =>
      Object.fromEntries(Object.entries(own).filter(([key]) => key !== name));
    const attacks: readonly [Record<string, string>, string, number][] = [
      [without("origin"), good, 403],
      [{ ...own, origin: "http://evil.example" }, good, 403],
      [{ ...own, "sec-fetch-site": "cross-site" }, good, 403],
      [without("x-csrf-token"), good, 403],
      [{ ...own, "x-csrf-token": "a".repeat(43) }, good, 403],
      [without("cookie"), good, 401],
      [{ ...own, "content-type": "text/plain" }, good, 415],
      [own, body("halt", "x"), 400],
      [own, body("FLATTEN", "x"), 400],
      [own, body("HALT", "  "), 400],
      [own, body("HALT", "x".repeat(201)), 400],
      [own, '{"confirm":"HALT","reason":"x","more":1}', 400],
      [own, "{", 400],
      [own, " ".repeat(3_000), 413],
    ];
    for (const [headers, text, expected] of attacks) {
      const { status } = await ask(rig.port, { ...HALT, headers, body: text });
      strictEqual(status, expected, `${text.slice(0, 40)} ${JSON.stringify(headers)}`);
    }
    strictEqual(rig.ledger.head()?.seq, DAY.length);
    for (const path of ["/control/order", "/control/cancel", "/control/HALT", "/control/"]) {
      const { status } = await ask(rig.port, { path, method: "POST", headers: own, body: good });
      strictEqual(status, 404, path);
    }
  });
});

Deno.test("with control on, each instruction is an entry of a person, with the reason; said twice it is one", async () => {
  await withDashboard({ entries: DAY, control: true }, async (rig) => {
    const headers = await ownHeaders(rig);
    const say = async (name: string, reason: string): Promise<number> => {
      const text = body(name.toUpperCase(), reason);
      const path = `/control/${name}`;
      return (await ask(rig.port, { method: "POST", path, headers, body: text })).status;
    };
    strictEqual(await say("pause", "lunch"), 200);
    strictEqual(await say("pause", "lunch"), 409);
    strictEqual(await say("flatten", "a storm"), 200);
    strictEqual(await say("halt", "a storm"), 409);
    strictEqual(await say("resume", "it was fine"), 200);
    strictEqual(await say("resume", "back"), 200);
    strictEqual(await say("resume", "back"), 409);
    const written = [...rig.ledger.read({ fromSeq: DAY.length + 1 })];
    const actor = "operator at the dashboard";
    deepStrictEqual(written.map(({ sessionId, body }) => ({ sessionId, ...body })), [
      { sessionId: "operator", kind: "entries-paused", actor, because: "lunch" },
      { sessionId: "operator", kind: "halted", actor, because: "a storm" },
      { sessionId: "operator", kind: "flatten-requested", actor, because: "a storm" },
      { sessionId: "operator", kind: "halt-lifted", actor, because: "it was fine" },
      { sessionId: "operator", kind: "entries-resumed", actor, because: "back" },
    ]);
    strictEqual(rig.ledger.firstBreak(), null);
  });
});

Deno.test("a flood of strangers is slowed down and does not keep the admitted out", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const cookie = await admit(rig);
    const statuses = new Set<number>();
    for (let i = 0; i < 60; i++) statuses.add((await ask(rig.port, { path: "/?token=x" })).status);
    deepStrictEqual([...statuses], [401, 429]);
    strictEqual((await ask(rig.port, { headers: { cookie } })).status, 200);
  });
});

Deno.test("whoever guesses a token is slowed down, and the true one still works", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const { link } = rig.dashboard;
    for (let i = 0; i < 20; i++) {
      const guess = `${"A".repeat(42)}${i % 10}`;
      strictEqual((await ask(rig.port, { path: `/?token=${guess}` })).status, 401);
    }
    strictEqual(rig.dashboard.link, link);
    strictEqual((await ask(rig.port, { path: link.slice(link.indexOf("/?")) })).status, 303);
  });
});

Deno.test("health is told to anybody, and says what is wrong with the ledger", async () => {
  await withDashboard({ entries: DAY, missing: true }, async ({ port }) => {
    const { status, body } = await ask(port, { path: "/healthz" });
    deepStrictEqual([status, body], [
      503,
      "The ledger is missing: there is no ledger yet: deno task session begins one\n",
    ]);
  });
});

Deno.test("a report is shown in a sandbox without scripts, and its name leads nowhere else", async () => {
  await withDashboard({ entries: DAY }, async (rig) => {
    const cookie = await admit(rig);
    Deno.mkdirSync(join(rig.folder, "reports", "2026-11-20"), { recursive: true });
    Deno.writeTextFileSync(join(rig.folder, "reports", "2026-11-20", "report.html"), "<p>fine</p>");
    Deno.mkdirSync(join(rig.folder, "reports", "linked"));
    Deno.symlinkSync(
      join(rig.folder, "credentials", "key"),
      join(rig.folder, "reports", "linked", "report.html"),
    );
    Deno.mkdirSync(join(rig.folder, "private"));
    Deno.writeTextFileSync(join(rig.folder, "private", "report.html"), "secret");
    Deno.symlinkSync(join(rig.folder, "private"), join(rig.folder, "reports", "led-away"));
    const get = (path: string): Promise<Reply> => ask(rig.port, { path, headers: { cookie } });
    const { status, body, headers } = await get("/reports/2026-11-20");
    deepStrictEqual([status, body], [200, "<p>fine</p>"]);
    match(headers.get("content-security-policy") ?? "", /^sandbox; default-src 'none'; /);
    const ways = [
      "../credentials/key",
      "..%2fcredentials",
      "%2e%2e%2fcredentials",
      "linked",
      "led-away",
      "",
    ];
    for (const way of ways) strictEqual((await get(`/reports/${way}`)).status, 404, way);
    strictEqual((await get("/lib/../main.ts")).status, 404);
    strictEqual((await get("/lib/dashboard/credentials.ts")).status, 404);
  });
});

Deno.test("an address that others can reach is refused before anything listens", async () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.10", "example.org"]) {
    strictEqual(await runDashboard({ host, port: 0 }), 2, host);
  }
});
