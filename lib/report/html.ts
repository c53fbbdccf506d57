import { drawChart } from "./charts.ts";
import type { Block, Figure, Report, Section } from "./figure.ts";
import { figuresOf, tablesOf } from "./figure.ts";
import { display, plural, shownRows, signOf } from "./format.ts";
import { figuresHtml, howHtml, HTML_ROWS_MAX, type Page, tableHtml } from "./html_table.ts";
import { storiesHtml } from "./html_stories.ts";
import { VERDICT_MARKS } from "./markdown.ts";
import { Markup, markup } from "./markup.ts";
import { STYLE } from "./style.ts";
import { longDate, ZoneTimes } from "./times.ts";

/**
 * One file that needs nothing else: no network, no script. `styleHash` is the base64 SHA-256 of the style sheet, which
 * is the only thing the page's policy lets through.
 */
export function toHtml(report: Report, styleHash: string): string {
  const times = new ZoneTimes(report.zone);
  const fills = tablesOf(report).find(({ id }) => id === "fills");
  const shown = fills === undefined ? [] : shownRows(fills, HTML_ROWS_MAX).rows;
  const page: Page = {
    report,
    times,
    figures: figuresOf(report),
    fills: fills?.rows.length ?? 0,
    fillRows: new Map(shown.map(({ id }, index) => [id, index])),
  };
  const policy =
    `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>\n${markup`<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${report.title}</title>
<style>${new Markup([STYLE], [])}</style>
</head><body data-sessions="${
    report.from === null ? report.sessionIds.join(" ") : ""
  }" data-from="${report.from}" data-to="${report.date}">
${headerHtml(report, page)}
<main>
${report.sections.map((section) => sectionHtml(section, page))}
</main>
<footer><p>Amounts in ${report.currency}, times in ${report.timesIn}. A value has its sign; ${"–"} is undefined, and the reason stands beside it.</p></footer>
</body></html>`}\n`;
}

/** More of them are counted, not named. */
const SESSIONS_MAX = 8;

function headerHtml(report: Report, page: Page): Markup {
  const { verdict, headline, mode, account, strategy, exchange, sessionIds } = report;
  const [hero, ...others] = headline;
  return markup`<header>
<p class="kicker">${exchange} · ${mode} account ${account} · ${strategy}</p>
<h1>${headingOf(report)}</h1>
<div class="verdict ${verdict.state}"><p><span class="sign" aria-hidden="true">${
    VERDICT_MARKS[verdict.state]
  }</span> ${verdict.text}</p>${
    verdict.details.length === 0
      ? null
      : markup`<ul>${verdict.details.map((detail) => markup`<li>${detail}</li>`)}</ul>`
  }</div>
<div class="hero">${hero === undefined ? null : heroHtml(hero, page)}
${figuresHtml(others, page)}</div>
<nav aria-label="Sections"><ul>${
    report.sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)
  }</ul></nav>
<p class="sessions">${
    sessionIds.length > SESSIONS_MAX
      ? plural(sessionIds.length, "session")
      : `${sessionIds.length === 1 ? "Session" : "Sessions"} ${sessionIds.join(", ")}`
  }</p>
${howHtml("headline", headline, page)}
</header>`;
}

function headingOf({ date, from }: Report): string {
  return from === null || from === date ? longDate(date) : `${longDate(from)} to ${longDate(date)}`;
}

function heroHtml(figure: Figure, { times, report }: Page): Markup {
  const { id, label, value, unit, reason } = figure;
  const tone = value === null ? "" : signOf(value) < 0 ? "loss" : signOf(value) > 0 ? "gain" : "";
  return markup`<p class="net" data-m="${id}" data-v="${
    value ?? ""
  }"><span class="label">${label}</span>
<strong class="${tone}">${
    display(value, unit, { times, signed: true })
  }</strong> <span class="unit">${report.currency}</span>${
    reason === null ? null : markup`<span class="reason">${reason}</span>`
  }</p>`;
}

function sectionHtml({ id, title, lead, blocks }: Section, page: Page): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-h">
<h2 id="${id}-h">${title}</h2>
<p class="lead">${lead}</p>
${blocks.map((block) => blockHtml(block, page))}
</section>
`;
}

function blockHtml(block: Block, page: Page): Markup {
  switch (block.type) {
    case "figures":
      return markup`${figuresHtml(block.figures, page)}${
        howHtml(block.figures[0]?.id ?? "figures", block.figures, page)
      }`;
    case "table":
      return tableHtml(block.table, page);
    case "chart":
      return drawChart(block.chart, page.times);
    case "stories":
      return storiesHtml(block, page);
    case "note":
      return markup`<p class="note">${block.text}</p>`;
  }
}
