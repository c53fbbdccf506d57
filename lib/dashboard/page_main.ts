/// <reference lib="dom" />
import { WallClock } from "../clock.ts";
import { EquityChart } from "./page_chart.ts";
import { Control } from "./page_control.ts";
import { byId, setText } from "./page_dom.ts";
import { type Known, Link } from "./page_link.ts";
import { renderChecks, renderIncidents, renderLimits, renderTimeline } from "./page_lists.ts";
import { renderDecisions, renderOrders, renderPositions } from "./page_tables.ts";
import { renderTiles } from "./page_tiles.ts";
import { clockTime, type Moment } from "./page_time.ts";
import { renderBanner, renderFooter, renderTop, troubleOf } from "./page_top.ts";

/** Texts change once a second and no oftener, however often the feed does. */
const RENDER_EVERY_MS = 1_000;

const chart = new EquityChart();
const control = new Control();
const link = new Link(`ws://${location.host}/live`, changed);
const timer = new WallClock();
let held = false;
let drawnAt = -Infinity;

function changed(): void {
  // The first state, and the loss of the line, are shown at once.
  if (drawnAt === -Infinity || !link.known.connected) render();
}

function render(): void {
  if (held) return;
  const { known } = link;
  const now = known.clock.now();
  const trouble = renderTrouble(known, now);
  const { view } = known;
  if (view === null) return;
  drawnAt = timer.now();
  const { panels, streams } = view;
  const moment = momentOf(known, now, trouble !== null);
  renderTop(panels, moment);
  renderTiles(panels, moment);
  chart.render(panels, streams);
  renderLimits(panels.limits, moment);
  renderPositions(panels, moment);
  renderOrders(panels, moment);
  renderDecisions(streams.decisions, moment);
  renderIncidents(streams.incidents, moment);
  renderTimeline(panels.gateway, moment);
  renderChecks(panels, moment);
  renderFooter(panels, known.seq, moment);
  control.render(panels, trouble !== null);
}

function renderTrouble(known: Known, now: number): string | null {
  const trouble = troubleOf(known, momentOf(known, now, false));
  document.documentElement.classList.toggle("frozen", trouble !== null);
  renderBanner(trouble);
  return trouble;
}

function momentOf({ view }: Known, now: number, frozen: boolean): Moment {
  const session = view?.panels.session ?? null;
  return {
    now,
    clock: session?.opened?.clock ?? null,
    zone: view?.panels.market.zone ?? "UTC",
    quietMaxMs: session?.quietMaxMs ?? null,
    frozen,
  };
}

/** WCAG 2.2.2: what moves by itself can be stopped. The feed goes on behind it. */
function toggleHold(): void {
  held = !held;
  const button = byId("hold");
  button.setAttribute("aria-pressed", String(held));
  const { known } = link;
  const { zone } = momentOf(known, 0, false);
  setText(button, held ? `Held at ${clockTime(known.clock.now(), zone)}` : "Hold");
  document.documentElement.classList.toggle("held", held);
  render();
}

function tick(): void {
  render();
  timer.at(timer.now() + RENDER_EVERY_MS, tick);
}

/** Long reasons are cut to a line; whoever wants to read them says so. */
function toggleFullText(): void {
  const full = byId("decisions").classList.toggle("full");
  byId("full-text").setAttribute("aria-pressed", String(full));
}

byId("full-text").addEventListener("click", toggleFullText);
byId("hold").addEventListener("click", toggleHold);
link.start();
tick();
