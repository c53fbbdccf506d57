import type { Browser, Page } from "playwright-core";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { at, shifted, tradingDay } from "./entries.ts";
import { type Rig, type RigOptions, withDashboard } from "./rig.ts";

/** A visit of the page in Debian's Chromium. */

/** Texts change once a second; on a busy machine an answer may take several. */
export const WITHIN_MS = 15_000;

export interface Visit {
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

export function inChromium(
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

export async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: WITHIN_MS });
}

export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent() ?? "").trim();
}

/** A session that valued its positions this moment. */
export const today = (...more: readonly EntryBody[]): readonly Entry[] =>
  shifted(tradingDay().write(at(3), ...more).entries, Date.now() - at(3));
