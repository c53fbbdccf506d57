import fs from "node:fs";
import type { Browser } from "playwright-core";

export const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Debian's Chromium, without a window. */
export async function launchChromium(): Promise<Browser> {
  const existsSync = fs.existsSync;
  // On import the library looks for a file of WSL under /proc, which Deno lets nobody but --allow-all look at.
  fs.existsSync = (path) => !String(path).startsWith("/proc/") && existsSync(path);
  try {
    const { chromium } = await import("playwright-core");
    return await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  } finally {
    fs.existsSync = existsSync;
  }
}

export function hasChromium(): boolean {
  return fs.existsSync(CHROMIUM);
}
