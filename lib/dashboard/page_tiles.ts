/// <reference lib="dom" />
import type { AccountPanel, DayCounts, Figure, OpenedSession, Panels } from "./feed.ts";
import { byId, make, setClass, setText, setTitle } from "./page_dom.ts";
import { money, signed, signOf, UNKNOWN } from "./page_format.ts";
import { asOf, isStaleFigure, type Moment } from "./page_time.ts";

/** The five numbers of the day, each with its parts and its age. */
export function renderTiles({ account, session }: Panels, moment: Moment): void {
  const { equity, pnl, drawdown, gross, counts } = account;
  const part = (word: string, figure: Figure, format: (text: string) => string): Part => [
    word,
    shown(figure, format),
    figure.value === null ? figure.because : asOf(figure.stamp, moment),
  ];
  renderBig("equity", equity, money, moment);
  renderParts("equity-parts", [
    part("began", account.start, money),
    part("cash", account.cash, money),
  ]);
  renderBig("pnl", pnl, signed, moment);
  renderParts("pnl-parts", [
    part("realised", account.realized, signed),
    part("unrealised", account.unrealized, signed),
    part("commissions", account.commissions, () => commissions(account)),
    ...isZero(account.carried) ? [] : [part("carried over", account.carried, signed)],
  ]);
  renderBig("drawdown", drawdown, money, moment);
  renderParts("drawdown-parts", [["", "below the day's high"]]);
  renderBig("gross", gross, money, moment);
  renderParts("gross-parts", [part("net", account.net, money)]);
  renderCounts(counts, session?.opened ?? null);
  setTitle(byId("orders-count"), session === null ? "" : `as of ${asOf(session.last, moment)}`);
}

function renderCounts(counts: DayCounts, opened: OpenedSession | null): void {
  const shown = (count: number): string => opened === null ? UNKNOWN : String(count);
  setText(byId("orders-count"), shown(counts.orders));
  renderParts("orders-parts", [
    ["signals", shown(counts.signals)],
    ["refused", shown(counts.refused)],
    ["fills", shown(counts.fills)],
  ]);
  const age = opened === null ? "no session has opened yet" : topRefusal(counts.refusals);
  setText(byId("orders-age"), age);
}

function renderBig(
  id: string,
  figure: Figure,
  format: (text: string) => string,
  moment: Moment,
): void {
  const element = byId(id);
  const age = byId(`${id}-age`);
  if (figure.value === null) {
    setText(element, UNKNOWN);
    setClass(element, "big");
    setText(age, figure.because);
    return;
  }
  const stale = isStaleFigure(figure, moment);
  const sign = id === "pnl" ? [" loss", "", " gain"][signOf(figure.value) + 1] ?? "" : "";
  setText(element, format(figure.value));
  setClass(element, stale ? "big stale" : `big${sign}`);
  setText(age, asOf(figure.stamp, moment));
  setClass(age, stale ? "age stale" : "age");
}

/** A word, a number, and how old that is. */
type Part = readonly [word: string, number: string, age?: string];

/** Kept apart so that a narrow tile breaks between them only. */
function renderParts(id: string, parts: readonly Part[]): void {
  const element = byId(id);
  while (element.children.length > parts.length) element.lastElementChild?.remove();
  parts.forEach(([word, number, age = ""], index) => {
    const part = element.children[index] ?? element.appendChild(make("span"));
    setText(part, word === "" ? number : `${word} ${number}`);
    if (part instanceof HTMLElement) setTitle(part, age);
  });
}

function shown(figure: Figure, format: (text: string) => string): string {
  return figure.value === null ? UNKNOWN : format(figure.value);
}

function commissions({ commissions, provisionalFills }: AccountPanel): string {
  const amount = shown(commissions, money);
  return provisionalFills === 0 ? amount : `${amount} and of ${provisionalFills} fills unknown`;
}

/** A cent is worth a word; less is rounding of average costs. */
function isZero(figure: Figure): boolean {
  return figure.value === null || Math.abs(Number(figure.value)) < 0.01;
}

function topRefusal(refusals: AccountPanel["counts"]["refusals"]): string {
  const [first] = Object.entries(refusals).toSorted(([, a], [, b]) => b - a);
  return first === undefined ? "nothing refused" : `mostly ${first[0]} (${first[1]})`;
}
