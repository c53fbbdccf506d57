import { stripTypeScriptTypes } from "node:module";
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import clock from "../clock.ts" with { type: "text" };
import money from "../money.ts" with { type: "text" };
import clockSpeed from "./clock_speed.ts" with { type: "text" };
import diff from "./diff.ts" with { type: "text" };
import feed from "./feed.ts" with { type: "text" };
import page from "./page.html" with { type: "text" };
import baseStyle from "./page_base.css" with { type: "text" };
import pageChart from "./page_chart.ts" with { type: "text" };
import pageControl from "./page_control.ts" with { type: "text" };
import dialogStyle from "./page_dialog.css" with { type: "text" };
import pageDom from "./page_dom.ts" with { type: "text" };
import pageFormat from "./page_format.ts" with { type: "text" };
import pageLink from "./page_link.ts" with { type: "text" };
import pageLists from "./page_lists.ts" with { type: "text" };
import pageMain from "./page_main.ts" with { type: "text" };
import panelsStyle from "./page_panels.css" with { type: "text" };
import screensStyle from "./page_screens.css" with { type: "text" };
import tablesStyle from "./page_tables.css" with { type: "text" };
import pageTables from "./page_tables.ts" with { type: "text" };
import pageTiles from "./page_tiles.ts" with { type: "text" };
import pageTime from "./page_time.ts" with { type: "text" };
import topStyle from "./page_top.css" with { type: "text" };
import pageTop from "./page_top.ts" with { type: "text" };

/**
 * The files of the page. Its modules are the project's own TypeScript under the paths they have here, with the types
 * taken off when one is first asked for: no build step, and no second copy of how money is written.
 */

export interface Asset {
  readonly type: string;
  readonly body: string;
}

// path under /lib/ → source
const MODULES: ReadonlyMap<string, string> = new Map([
  ["clock.ts", clock],
  ["money.ts", money],
  ["dashboard/clock_speed.ts", clockSpeed],
  ["dashboard/diff.ts", diff],
  ["dashboard/feed.ts", feed],
  ["dashboard/page_chart.ts", pageChart],
  ["dashboard/page_control.ts", pageControl],
  ["dashboard/page_dom.ts", pageDom],
  ["dashboard/page_format.ts", pageFormat],
  ["dashboard/page_link.ts", pageLink],
  ["dashboard/page_lists.ts", pageLists],
  ["dashboard/page_main.ts", pageMain],
  ["dashboard/page_tables.ts", pageTables],
  ["dashboard/page_tiles.ts", pageTiles],
  ["dashboard/page_time.ts", pageTime],
  ["dashboard/page_top.ts", pageTop],
]);

/** Bars of a chart, in the page's blue. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#2f5d9e"/>
<path d="M3 12V8h2v4zm4 0V4h2v8zm4 0V6h2v6z" fill="#fff"/></svg>`;

/** Later rules win: what depends on the screen comes last. */
const STYLE = [baseStyle, topStyle, panelsStyle, tablesStyle, dialogStyle, screensStyle].join("");

// path → file that is served as it is
const FILES: ReadonlyMap<string, Asset> = new Map([
  ["/", { type: "text/html", body: withPreloads(page) }],
  ["/page.css", { type: "text/css", body: STYLE.replaceAll(/\n\s*/g, "\n") }],
  ["/uplot.css", { type: "text/css", body: uplotStyle }],
  ["/uplot.js", { type: "text/javascript", body: uplotScript }],
  ["/icon.svg", { type: "image/svg+xml", body: ICON }],
]);

const stripped = new Map<string, string>(); // path under /lib/ → JavaScript

/** The file at this path; null when there is none. */
export function assetAt(path: string): Asset | null {
  const file = FILES.get(path);
  if (file !== undefined) return file;
  const name = path.startsWith("/lib/") ? path.slice("/lib/".length) : "";
  const source = MODULES.get(name);
  if (source === undefined) return null;
  const body = stripped.get(name) ?? stripTypeScriptTypes(source, { mode: "transform" });
  stripped.set(name, body);
  return { type: "text/javascript", body };
}

/** Every path that makes up the page. */
export function assetPaths(): readonly string[] {
  return [...FILES.keys(), ...[...MODULES.keys()].map((name) => `/lib/${name}`)];
}

/** Modules are asked for at once, not one import after another. */
function withPreloads(html: string): string {
  const links = [...MODULES.keys()].map((name) =>
    `<link rel="modulepreload" href="/lib/${name}">\n    `
  );
  return html.replace('<script type="module"', `${links.join("")}<script type="module"`);
}
