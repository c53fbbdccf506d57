import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { at, incident, opened, sample, shifted, signal, tradingDay } from "./entries.ts";
import { type Rig, type RigOptions, withDashboard } from "./rig.ts";

/** The page in Debian's Chromium. */

/** Texts change once a second; on a busy machine an answer may take several. */
const WITHIN_MS = 15_000;

interface Visit {
  readonly rig: Rig;
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: readonly string[];
}

interface VisitOptions extends RigOptions {
  readonly width?: number;
  readonly dark?: boolean;
}

let browser: Browser | null = null;

function inChromium(
  name: string,
  options: VisitOptions,
  test: (visit: Visit) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !hasChromium(),
    // The browser and its pipe outlive a test.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      browser ??= await launchChromium();
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1_440, height: 900 },
        colorScheme: options.dark === true ? "dark" : "light",
      });
      try {
        await withDashboard(options, async (rig) => {
          const page = await context.newPage();
          const complaints: string[] = [];
          page.on("console", (message) => {
            if (message.type() === "error") complaints.push(message.text());
          });
          page.on("pageerror", ({ message }) => complaints.push(message));
          await page.goto(rig.dashboard.link);
          await shows(page, "#mode", /paper|live|no session/);
          await test({ rig, page, complaints });
        });
      } finally {
        await context.close();
      }
    },
  });
}

Deno.test.afterAll(async () => await browser?.close());

async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: WITHIN_MS });
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent() ?? "").trim();
}

/** A session that valued its positions this moment. */
const today = (...more: readonly EntryBody[]): readonly Entry[] =>
  shifted(tradingDay().write(at(3), ...more).entries, Date.now() - at(3));

inChromium(
  "the page shows the ledger's numbers, with mode, ages and nothing the browser objects to",
  {
    entries: today(),
  },
  async ({ page, complaints }) => {
    strictEqual(await textOf(page, "#mode"), "paper");
    strictEqual(await page.title(), "PAPER · robo-trader");
    strictEqual(await textOf(page, "#equity"), "10,029.00");
    strictEqual(await textOf(page, "#pnl"), "+29.00");
    match(await textOf(page, "#equity-age"), /^\d\d:\d\d:\d\d, \d+ s ago$/);
    match(
      await textOf(page, "#positions tr"),
      /^AAPL10100\.00103\.001,030\.00\+30\.000\.0095\.00−7\.8 %$/,
    );
    match(await textOf(page, "#decisions tr"), /AAPLenter BUYcross-above: .*filledBUY 10 LMT 100/);
    match(await textOf(page, "#limits"), /Loss of the day0 % of 2 %100 % left/);
    match(await textOf(page, "#footer"), /read-only/);
    strictEqual(await page.locator("#control-button").isVisible(), false);
    strictEqual(await page.locator("#chart canvas").count(), 1);
    strictEqual(await page.locator("#banner").isVisible(), false);
    ok(!page.url().includes("token"));
    deepStrictEqual(complaints, []);
  },
);

inChromium("a new entry is on the page without a reload, and rows stay the ones they were", {
  entries: today(),
}, async ({ rig, page }) => {
  await page.evaluate("document.querySelector('#positions tr').dataset.mine = 'kept'");
  rig.ledger.append("2026-11-20-1", Date.now(), [sample("10039", { AAPL: "104" })]);
  await shows(page, "#equity", "10,039.00");
  strictEqual(await textOf(page, "#pnl"), "+39.00");
  strictEqual(await page.locator('#positions tr[data-mine="kept"]').count(), 1);
});

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

inChromium("markup in the ledger is text wherever it stands", {
  entries: today(
    incident(MARKUP),
    signal("s2", MARKUP),
    { kind: "refused", signalId: "s2", symbol: MARKUP, code: MARKUP, value: MARKUP, limit: "" },
    { kind: "connection-changed", state: "ready", detail: MARKUP },
    { kind: "halted", actor: MARKUP, because: MARKUP },
  ),
}, async ({ page, complaints }) => {
  await shows(page, "#incidents", "<script>document.title=2</script>");
  await shows(page, "#decisions", "<img src=x");
  await shows(page, "#halt", "<img src=x");
  strictEqual(await page.locator("img").count(), 0);
  strictEqual(await page.locator("body script").count(), 0);
  match(await page.title(), /^HALTED · PAPER/);
  deepStrictEqual(complaints, []);
});

inChromium("Chromium itself refuses text as HTML: the policy's trusted types are in force", {
  entries: today(),
}, async ({ page }) => {
  const said = await page.evaluate(
    "try { document.body.innerHTML = '<b>x</b>'; 'taken' } catch (error) { error.name }",
  );
  strictEqual(said, "TypeError");
});

inChromium(
  "when the server ends, the page says since when and keeps its numbers; it comes back by itself",
  {
    entries: today(),
  },
  async ({ rig, page }) => {
    await rig.dashboard.close();
    await shows(page, "#banner", /server is gone since \d\d:\d\d:\d\d/);
    strictEqual(await textOf(page, "#equity"), "10,029.00");
    match(await page.locator("#equity").getAttribute("class") ?? "", /stale/);
    rig.ledger.append("2026-11-20-1", Date.now(), [sample("10049", { AAPL: "105" })]);
    await rig.restart();
    await shows(page, "#equity", "10,049.00");
    await page.locator("#banner").waitFor({ state: "hidden", timeout: WITHIN_MS });
  },
);

inChromium("a session that stopped writing is said to be silent, and its numbers are old", {
  entries: shifted(tradingDay().entries, Date.now() - at(8)),
}, async ({ page }) => {
  await shows(page, "#banner", /^No word from the session since \d\d:\d\d:\d\d \(5 min\)/);
  match(await textOf(page, "#equity-age"), /stale 5 min$/);
  strictEqual(await textOf(page, "#equity"), "10,029.00");
});

inChromium("an empty ledger shows dashes with reasons, not zeros", {}, async ({ page }) => {
  strictEqual(await textOf(page, "#mode"), "no session");
  strictEqual(await textOf(page, "#equity"), "—");
  strictEqual(await textOf(page, "#equity-age"), "no session has opened yet");
  await shows(page, "#limits-empty", "No session has written down its limits yet");
});

inChromium("live is another word and another colour than paper", {
  entries: shifted(
    tradingDay().as("2026-11-20-2", at(3), opened({ mode: "live", account: "U7654321" })).entries,
    Date.now() - at(3),
  ),
}, async ({ page }) => {
  await shows(page, "#mode", "live");
  const color = "getComputedStyle(document.querySelector('#mode')).backgroundColor";
  strictEqual(await page.evaluate(color), "rgb(179, 38, 30)");
  strictEqual(await textOf(page, "#equity"), "—");
});

inChromium("halt and resume by keyboard alone, each typed to confirm, with a reason", {
  entries: today(),
  control: true,
}, async ({ rig, page }) => {
  const type = async (reason: string, word: string): Promise<void> => {
    await page.locator("#control-button").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type(reason);
    await page.keyboard.press("Tab");
    await page.keyboard.type(word);
    await page.keyboard.press("Enter");
  };
  await type("checking a fill", "halt");
  await shows(page, "#control-error", "Type HALT to confirm");
  await page.keyboard.press("Escape");
  await type("checking a fill", "HALT");
  await shows(page, "#halt", /HALTEDchecking a fill; by operator at the dashboard/);
  await type("it was fine", "RESUME");
  await shows(page, "#halt", "Not halted");
  const entries = [...rig.ledger.read()];
  strictEqual(bodiesOf(entries, "halted")[0]?.because, "checking a fill");
  strictEqual(bodiesOf(entries, "halt-lifted")[0]?.because, "it was fine");
});

inChromium(
  "a page of another origin on this machine, which gets the cookie sent along, reaches nothing",
  {
    entries: today(),
    control: true,
  },
  async ({ rig, page }) => {
    const target = `127.0.0.1:${rig.port}`;
    const html = `<!doctype html><title>trying</title><script type="module">
    const socket = new Promise((resolve) => {
      const socket = new WebSocket("ws://${target}/live");
      socket.onopen = () => resolve("open"); socket.onerror = () => resolve("refused"); });
    const read = fetch("http://${target}/", { credentials: "include" })
      .then(() => "read", () => "refused");
    const blind = fetch("http://${target}/control/halt", { method: "POST", mode: "no-cors",
      credentials: "include", body: '{"confirm":"HALT","reason":"evil"}' })
      .then(({ type }) => type, () => "refused");
    const image = new Promise((resolve) => { const image = new Image();
      image.onload = () => resolve("read"); image.onerror = () => resolve("refused");
      image.src = "http://${target}/icon.svg"; });
    document.title = (await Promise.all([socket, read, blind, image])).join(" ");
  </script>`;
    const headers = { "content-type": "text/html" };
    const evil = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(html, { headers }),
    );
    const before = rig.ledger.head()?.seq;
    const other = await page.context().newPage();
    await other.goto(`http://127.0.0.1:${evil.addr.port}/`);
    await other.waitForFunction("document.title !== 'trying'", null, { timeout: WITHIN_MS });
    match(await other.title(), /^refused refused (opaque|refused) refused$/);
    strictEqual(rig.ledger.head()?.seq, before);
    await other.close();
    await evil.shutdown();
  },
);

inChromium(
  "the pause button stops what moves, and says since when",
  { entries: today() },
  async ({ rig, page }) => {
    await page.locator("#hold").focus();
    await page.keyboard.press("Space");
    match(await textOf(page, "#hold"), /^Held at \d\d:\d\d:\d\d$/);
    const age = await textOf(page, "#equity-age");
    rig.ledger.append("2026-11-20-1", Date.now(), [sample("10039", { AAPL: "104" })]);
    await page.waitForTimeout(1_500);
    deepStrictEqual([await textOf(page, "#equity-age"), await textOf(page, "#equity")], [
      age,
      "10,029.00",
    ]);
    await page.keyboard.press("Space");
    await shows(page, "#equity", "10,039.00");
  },
);

inChromium(
  "everything can be reached with the keyboard, and only incidents speak up by themselves",
  {
    entries: today(),
  },
  async ({ page }) => {
    const reached: string[] = [];
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press("Tab");
      const id =
        "document.activeElement.id || document.activeElement.getAttribute('aria-labelledby')" +
        " || document.activeElement.className";
      reached.push(String(await page.evaluate(id)));
    }
    deepStrictEqual(reached.slice(0, 7), [
      "skip",
      "hold",
      "positions-caption",
      "orders-caption",
      "decisions-caption",
      "full-text",
      "incidents",
    ]);
    strictEqual(await page.locator('[aria-live="polite"]').count(), 1);
    strictEqual(await page.locator("table").count(), await page.locator("table caption").count());
    ok(
      await page.locator("#chart").getAttribute("aria-label").then((label) =>
        label?.includes("10,029.00")
      ),
    );
  },
);

inChromium("on a phone nothing sticks out sideways, and tables are cards with their labels", {
  entries: today(incident("x".repeat(300))),
  width: 390,
}, async ({ page }) => {
  const width = await page.evaluate("document.documentElement.scrollWidth");
  ok(Number(width) <= 390, `The page is ${String(width)} pixels wide`);
  strictEqual(await page.locator("#positions td").nth(2).getAttribute("data-label"), "mark");
});

inChromium("in the dark the page is dark", { entries: today(), dark: true }, async ({ page }) => {
  const color = await page.evaluate("getComputedStyle(document.body).backgroundColor");
  notStrictEqual(color, "rgb(244, 245, 247)");
  strictEqual(color, "rgb(11, 14, 18)");
});
