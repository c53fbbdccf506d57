import { match, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { inChromium, shows, today, WITHIN_MS } from "./visit.ts";

/** What can be changed from the page, and who cannot, in Debian's Chromium. */

inChromium("halt, pause and resume by keyboard alone, each typed to confirm, with a reason", {
  entries: today(),
  control: true,
}, async ({ rig, page }) => {
  /** Arrow keys move between the choices; `downs` of them from the first that makes sense. */
  const type = async (downs: number, reason: string, word: string): Promise<void> => {
    await page.locator("#control-button").focus();
    await page.keyboard.press("Enter");
    for (let nth = 0; nth < downs; nth++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.type(reason);
    await page.keyboard.press("Tab");
    await page.keyboard.type(word);
    await page.keyboard.press("Enter");
  };
  await type(1, "checking a fill", "halt");
  await shows(page, "#control-error", "Type HALT to confirm");
  await page.keyboard.press("Escape");
  await type(1, "checking a fill", "HALT");
  await shows(page, "#halt", /^HALTEDchecking a fill; by operator at the dashboard/);
  await type(0, "it was fine", "RESUME");
  await shows(page, "#halt", "Not halted");
  await type(0, "lunch", "PAUSE");
  await shows(page, "#halt", /^PAUSEDlunch; by operator at the dashboard/);
  await type(0, "back", "RESUME");
  await shows(page, "#halt", "Not halted");
  const entries = [...rig.ledger.read()];
  strictEqual(bodiesOf(entries, "halted")[0]?.because, "checking a fill");
  strictEqual(bodiesOf(entries, "halt-lifted")[0]?.because, "it was fine");
  strictEqual(bodiesOf(entries, "entries-paused")[0]?.because, "lunch");
  strictEqual(bodiesOf(entries, "entries-resumed")[0]?.because, "back");
});

inChromium(
  "to close everything is said beside the halt, and can neither be said twice nor on an old word",
  {
    entries: today(),
    control: true,
  },
  async ({ rig, page }) => {
    await page.locator("#control-button").click();
    await page.locator("#control-flatten").check();
    await page.locator("#control-reason").fill("a storm");
    await page.locator("#control-confirm").fill("FLATTEN");
    await page.locator("#control-submit").click();
    await shows(page, "#halt-word", "HALTED + FLATTEN");
    match(await page.title(), /^HALTED \+ FLATTEN · PAPER/);
    strictEqual(await page.locator("#control-flatten").isDisabled(), true);
    strictEqual(await page.locator("#control-resume").isDisabled(), false);
    await rig.dashboard.close();
    await shows(page, "#banner", "server is gone");
    strictEqual(await page.locator("#control-resume").isDisabled(), true);
  },
);

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
