/** `.r3` says once for a table that its third column holds numbers. */
const NUMERIC_COLUMNS = Array.from({ length: 12 }, (_, index) => index + 1)
  .map((column) => `.r${column} td:nth-child(${column})`).join(", ");

/**
 * The page's one style sheet. System fonts, figures of one width, colours that keep 4.5:1 on their ground, and
 * nothing said by colour alone. Its hash stands in the page's policy, so it holds no value of any report.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fff; --soft: #f5f7f9; --ink: #1a2129; --muted: #5b6470; --hair: #dde2e8; --rule: #8a93a0;
  --gain: #1a7f5a; --loss: #c2413b; --accent: #2f5d9e; --warn: #8a5a00;
  --gain-soft: #e0f2ea; --loss-soft: #fae6e4; --warn-soft: #fbf0d9; --accent-soft: #e3ebf6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1418; --soft: #171e24; --ink: #e4e9ee; --muted: #9aa5b1; --hair: #2a333c; --rule: #5b6470;
    --gain: #3fb68b; --loss: #ff6b64; --accent: #7aa7e8; --warn: #e0b45c;
    --gain-soft: #12352a; --loss-soft: #331b1c; --warn-soft: #372b12; --accent-soft: #1b2a40;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 1.5rem 4rem; max-width: 70rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums lining-nums;
}
a { color: var(--accent); text-underline-offset: .15em; }
code { font: .85em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
h1, h2 { line-height: 1.2; font-weight: 650; letter-spacing: -.015em; }
.gain { color: var(--gain); } .loss, .bad { color: var(--loss); } .warning { color: var(--warn); }
.buy { color: var(--accent); }
.muted, .reason, .note, .empty { color: var(--muted); }

header { padding-top: 2.75rem; }
.kicker { margin: 0; color: var(--muted); font-size: .9rem; }
h1 { margin: .1rem 0 1.1rem; font-size: 2.1rem; }
.verdict { border-left: 4px solid var(--rule); padding: .55rem 1rem; background: var(--soft); }
.verdict p { margin: 0; font-weight: 600; }
.verdict ul { margin: .3rem 0 0; padding-left: 1.6rem; font-size: .9rem; }
.verdict .sign { display: inline-block; width: 1.2em; }
.verdict.reconciled { border-color: var(--gain); } .verdict.reconciled .sign { color: var(--gain); }
.verdict.broken { border-color: var(--loss); background: var(--loss-soft); }
.verdict.broken .sign { color: var(--loss); }
.verdict.unknown { border-color: var(--warn); background: var(--warn-soft); }
.hero { display: grid; grid-template-columns: minmax(15rem, 1fr) 2.2fr; gap: 1rem 3rem; align-items: start; margin: 2rem 0 1.6rem; }
.net { margin: 0; }
.net .label { display: block; color: var(--muted); font-size: .9rem; }
.net strong { font-size: 2.9rem; line-height: 1.15; font-weight: 650; letter-spacing: -.03em; }
.net .unit { color: var(--muted); }
.reason { display: block; font-size: .8rem; line-height: 1.35; font-weight: 400; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1rem 1.5rem; margin: 1.25rem 0; }
.hero .figures { margin: .2rem 0 0; grid-template-columns: repeat(auto-fill, minmax(7.4rem, 1fr)); }
.figures dt { color: var(--muted); font-size: .82rem; line-height: 1.3; }
.figures dd { margin: .1rem 0 0; font-size: 1.2rem; line-height: 1.3; font-weight: 550; }
.figures .undefined dd { color: var(--muted); }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0; padding: .6rem 0; list-style: none; border-block: 1px solid var(--hair); font-size: .9rem; }
nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
.sessions { margin: .6rem 0 0; color: var(--muted); font-size: .82rem; }

section { padding-top: 3rem; }
h2 { margin: 0; font-size: 1.45rem; }
.lead { margin: .3rem 0 1.2rem; max-width: 52rem; }
.chart { margin: 1rem 0 1.4rem; }
.chart svg { display: block; max-width: 100%; height: auto; }
.chart .narrow { display: none; }
figcaption { color: var(--muted); font-size: .8rem; }

.table { margin: 1.4rem 0; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; line-height: 1.4; }
caption, .caption { margin: 0; padding: 0 0 .4rem; text-align: left; font-weight: 600; font-size: .95rem; }
th, td { padding: .36rem .75rem .36rem 0; text-align: left; vertical-align: baseline; font-weight: 400; border-bottom: 1px solid var(--hair); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: .8rem; border-bottom: 1px solid var(--rule); vertical-align: bottom; }
tbody th { font-weight: 550; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; }
.n + :not(.n) { padding-left: .75rem; }
.together { margin: 1rem 0; font-size: .88rem; color: var(--muted); }
${NUMERIC_COLUMNS} { text-align: right; white-space: nowrap; }
.total th, .total td { border-top: 1px solid var(--rule); border-bottom: 2px solid var(--rule); font-weight: 650; }
.subtotal th, .subtotal td { font-weight: 600; }
td.undefined { color: var(--muted); }
.provisional::after { content: "*"; color: var(--warn); }
.figures .provisional dd::after { content: ""; }
tr:target th, tr:target td { background: var(--warn-soft); }
.heat td.gain { background: var(--gain-soft); color: var(--ink); } .heat td.loss { background: var(--loss-soft); color: var(--ink); }
.heat td, .heat thead th { padding-inline: .4rem; }
.reasons { margin: .5rem 0 0; padding: 0; list-style: none; font-size: .8rem; color: var(--muted); }
.empty { margin: 0; }
details > summary { cursor: pointer; }
details.table > summary { padding: .45rem 0; border-bottom: 1px solid var(--hair); font-weight: 600; font-size: .95rem; }
details.table[open] > summary { margin-bottom: .6rem; }
details.table caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.count { margin-left: .4rem; color: var(--muted); font-weight: 400; font-size: .82rem; }
.how { margin-top: .5rem; font-size: .8rem; color: var(--muted); }
.how dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: .15rem 1rem; margin: .5rem 0; }
.how dd { margin: 0; overflow-wrap: anywhere; } .how dt { color: var(--ink); }
.how p { margin: .6rem 0 0; font-weight: 600; }
.how table { font-size: 1em; } .how td { overflow-wrap: anywhere; }

.stories { border-top: 1px solid var(--hair); }
.stories > details { border-bottom: 1px solid var(--hair); font-size: .88rem; }
.stories summary { display: grid; grid-template-columns: 5.4rem 4rem 11.5rem 1.3fr 1fr; gap: 0 .9rem; padding: .42rem 0; list-style: none; }
.stories summary::-webkit-details-marker { display: none; }
.stories summary time::before { content: "+"; display: inline-block; width: .95em; color: var(--muted); }
.stories [open] > summary time::before { content: "\\2212"; }
.stories summary:hover { background: var(--soft); }
.stories b { font-weight: 650; } .stories em { font-style: normal; color: var(--muted); }
.stories [open] { background: var(--soft); padding-bottom: .8rem; }
.stories [open] > *:not(summary) { margin-inline: 1.2rem; }
.stories dl { margin: .5rem 0 .8rem; display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; }
.stories dt { color: var(--muted); } .stories dd { margin: 0; overflow-wrap: anywhere; }
.stories ol { margin: 0; padding: 0; list-style: none; }
.stories li { padding: .22rem 0 .22rem 6.6rem; border-top: 1px solid var(--hair); overflow-wrap: anywhere; }
.stories li:not(:has(time)) { border-top-style: dotted; }
.stories li time { float: left; margin-left: -6.6rem; color: var(--muted); }
.stories li b { font-weight: 550; } .stories li i { font-style: normal; color: var(--muted); white-space: nowrap; }
.stories li i::before { content: "quote "; }
footer { margin-top: 3rem; border-top: 1px solid var(--hair); color: var(--muted); font-size: .82rem; }

svg text { font-size: 12px; fill: var(--muted); font-variant-numeric: tabular-nums; }
svg .name { font-size: 12.5px; fill: var(--ink); }
svg .value { font-size: 12.5px; font-weight: 600; fill: var(--ink); }
svg .value.gain { fill: var(--gain); } svg .value.loss { fill: var(--loss); } svg .value.none { fill: var(--muted); }
svg rect.gain { fill: var(--gain); } svg rect.loss { fill: var(--loss); } svg rect.none { fill: var(--rule); }
svg .grid, svg .lane { stroke: var(--hair); stroke-width: 1; } svg .axis, svg .zero { stroke: var(--rule); }
svg .join { stroke: var(--rule); stroke-width: 1; stroke-dasharray: 2 2; }
svg line.level { stroke: var(--ink); stroke-width: 2.5; }
svg .start { stroke: var(--rule); stroke-dasharray: 4 3; }
svg .curve { fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-linejoin: round; }
svg .depth { fill: var(--loss-soft); stroke: var(--loss); stroke-width: .8; }
svg .area.gain { fill: var(--gain-soft); } svg .area.loss { fill: var(--loss-soft); }
svg .exposure { fill: var(--accent-soft); } svg .working { fill: var(--hair); }
svg .end { fill: var(--ink); } svg .closed { fill: var(--soft); }
svg .mark.buy { fill: var(--accent); } svg .mark.sell { fill: none; stroke: var(--ink); stroke-width: 1.4; }
svg .mark.neutral { fill: var(--rule); } svg .mark.good { fill: var(--gain); }
svg .mark.warning { fill: var(--warn); } svg .mark.bad { fill: var(--loss); }

@media (max-width: 44rem) {
  body { padding: 0 1rem 3rem; }
  header { padding-top: 1.5rem; } h1 { font-size: 1.55rem; }
  .hero { grid-template-columns: 1fr; gap: 1.3rem; margin: 1.4rem 0 1.2rem; } .net strong { font-size: 2.4rem; }
  .figures { grid-template-columns: repeat(auto-fill, minmax(7.6rem, 1fr)); gap: .9rem 1rem; }
  section { padding-top: 2.2rem; }
  .chart .wide { display: none; } .chart .narrow { display: block; }
  .scroll { margin-inline: -1rem; padding-inline: 1rem; }
  .stories summary { grid-template-columns: 5.4rem 1fr; }
  .stories summary > span, .stories summary > em { grid-column: 2; }
  .stories [open] > *:not(summary) { margin-inline: .6rem; }
  .stories li { padding-left: 0; } .stories li time { float: none; display: block; margin: 0; }
  .stories dl, .how dl { grid-template-columns: 1fr; gap: 0; } .how dd { margin-bottom: .4rem; }
}
@media print {
  @page { margin: 14mm 12mm; }
  :root { color-scheme: light; --ground: #fff; --soft: #f5f7f9; --ink: #000; --muted: #444; --hair: #ccc; --rule: #777;
    --gain: #14664a; --loss: #a3322d; --accent: #264d84; --warn: #6d4700;
    --gain-soft: #d8efe5; --loss-soft: #f8dedc; --warn-soft: #fbf0d9; --accent-soft: #e3ebf6; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  nav, .how { display: none; }
  section { padding-top: 1.4rem; } h2, .lead, summary { break-after: avoid; }
  tr, .chart, .figures > div { break-inside: avoid; }
  .scroll { overflow: visible; }
  .verdict { border: 1px solid var(--rule); border-left-width: 4px; }
}
`;
