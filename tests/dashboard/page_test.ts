import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import { at, incident, opened, sample, shifted, signal, tradingDay } from "./entries.ts";
import { clockOff, farm, parent, said } from "./entries_link.ts";
import { inChromium, shows, textOf, today, WITHIN_MS } from "./visit.ts";

/** The page in Debian's Chromium. */

const STOP_MOVED: EntryBody = {
  kind: "order-changed",
  intentId: "B",
  symbol: "AAPL",
  lmtPrice: null,
  auxPrice: parseMicros("98.125"),
  rule: "trailing",
  because: "5 below the high of 103",
};

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
    strictEqual(await textOf(page, "#halt"), "Not haltedentries are allowed");
    strictEqual(await page.locator("#control-button").isVisible(), false);
    strictEqual(await page.locator("#chart canvas").count(), 1);
    strictEqual(await page.locator("#banner").isVisible(), false);
    ok(!page.url().includes("token"));
    deepStrictEqual(complaints, []);
  },
);

inChromium(
  "farms, clock, an algorithm at work and a moved stop are on the page, each with its reason",
  {
    entries: today(
      farm("usfarm", "down"),
      clockOff(-1_900),
      signal("s2"),
      parent({ signalId: "s2" }),
      STOP_MOVED,
    ),
  },
  async ({ page }) => {
    await shows(page, "#lamp-farms", /Farms\s+usfarm down/);
    await shows(page, "#lamp-clock", /Clock\s+−1\.9 s/);
    match(await page.locator("#lamp-farms").getAttribute("title") ?? "", /^usfarm down, \d\d:/);
    await shows(page, "#timeline", "usfarm downmarket data, code 2103");
    match(
      await textOf(page, "#orders .parent"),
      /^AAPLTWAPBUY 100 until \d\d:\d\d0 of 1000 slices/,
    );
    await shows(page, "#orders-caption", "Working orders: 1, and 1 worked in slices");
    await shows(page, "#orders", "SELL 10 STP 98.125, trailing");
    match(await textOf(page, "#positions tr"), /98\.125−4\.7 %$/);
    const title = page.locator("#positions td").nth(6);
    match(await title.getAttribute("title") ?? "", /; trailing: 5 below the high of 103$/);
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

inChromium("a page that misses a message notices by its number and asks for the whole state", {
  entries: today(),
}, async ({ rig, page }) => {
  const lost = Promise.withResolvers<void>();
  let losing = true;
  await page.routeWebSocket(/\/live$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!losing || !String(message).includes("it is lost")) return socket.send(message);
      losing = false;
      lost.resolve();
    });
  });
  await page.reload();
  await shows(page, "#equity", "10,029.00");
  rig.ledger.append("2026-11-20-1", Date.now(), [incident("it is lost on the way")]);
  await lost.promise;
  strictEqual(await page.locator("#incidents li").count(), 0);
  rig.ledger.append("2026-11-20-1", Date.now(), [sample("10039", { AAPL: "104" })]);
  await shows(page, "#equity", "10,039.00");
  await shows(page, "#incidents", "it is lost on the way");
});

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
  await shows(page, "#positions-empty", "Unknown: no session has opened yet");
  await shows(page, "#orders-empty", "Unknown: no session has opened yet");
  strictEqual(await textOf(page, "#orders-count"), "—");
  strictEqual(await textOf(page, "#lamp-farms dd"), "—");
  strictEqual(await textOf(page, "#halt"), "Not haltedno entries in this state");
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

inChromium(
  "what moves can be held still, and says since when",
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
    for (let presses = 0; presses < 9; presses++) {
      await page.keyboard.press("Tab");
      const id =
        "document.activeElement.id || document.activeElement.getAttribute('aria-labelledby')" +
        " || document.activeElement.className";
      reached.push(String(await page.evaluate(id)));
    }
    deepStrictEqual(reached.slice(0, 8), [
      "skip",
      "hold",
      "limits",
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
  entries: today(
    incident("x".repeat(300)),
    ...["usfarm", "usopt", "ushmds"].map((name) => farm(name, "down")),
    clockOff(-1_900),
    parent({ signalId: "s9" }),
    said("halted", "y".repeat(200)),
  ),
  control: true,
  width: 390,
}, async ({ page }) => {
  await shows(page, "#lamp-farms", "usfarm down +2");
  const width = await page.evaluate("document.documentElement.scrollWidth");
  ok(Number(width) <= 390, `The page is ${String(width)} pixels wide`);
  strictEqual(await page.locator("#positions td").nth(2).getAttribute("data-label"), "mark");
});

inChromium("in the dark the page is dark", { entries: today(), dark: true }, async ({ page }) => {
  const color = await page.evaluate("getComputedStyle(document.body).backgroundColor");
  notStrictEqual(color, "rgb(244, 245, 247)");
  strictEqual(color, "rgb(11, 14, 18)");
});
