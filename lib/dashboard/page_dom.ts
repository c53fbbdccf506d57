/// <reference lib="dom" />

/** The page's few ways to touch the document. Text goes in as text, always. */

/** The element with this id; a page without it is broken. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new ReferenceError(`Cannot find #${id} in the page`);
  return found;
}

/** Sets text, and leaves the document alone when it is the same: selections and screen readers stay undisturbed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setClass(element: Element, name: string): void {
  if (element.className !== name) element.className = name;
}

export function setTitle(element: HTMLElement, title: string): void {
  if (element.title !== title) element.title = title;
}

export function show(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

/** A new element with a class and text. */
export function make(tag: string, className = "", text = ""): HTMLElement {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  if (text !== "") element.textContent = text;
  return element;
}

/** What one cell shows. */
export interface Cell {
  readonly text: string;
  readonly className?: string;
  readonly title?: string;
  /** How full a bar behind the text is, 0 to 1, and how full it ought to be by now. */
  readonly bar?: { readonly share: number; readonly due: number };
}

/** A row of a table or an item of a list. */
export interface Row {
  readonly key: string;
  readonly className?: string;
  readonly cells: readonly Cell[];
}

/**
 * Brings the children of `parent` up to `rows`, by key: what is there is patched, so focus, selection and scroll
 * position survive. `tags` are the names of a row and of its cells; the first cell of a table's row is its header.
 */
export function patch(
  parent: HTMLElement,
  rows: readonly Row[],
  { tags, labels = [] }: {
    readonly tags: "table" | "list";
    /** Names of the cells, shown beside them where a table is folded up on a phone. */
    readonly labels?: readonly string[];
  },
): void {
  const before = new Map<string, HTMLElement>(); // key → row as it is
  for (const child of parent.children) {
    if (child instanceof HTMLElement) before.set(child.dataset["key"] ?? "", child);
  }
  let place: Element | null = parent.firstElementChild;
  for (const row of rows) {
    const element = before.get(row.key) ?? newRow(row, tags, labels);
    before.delete(row.key);
    setClass(element, row.className ?? "");
    row.cells.forEach((cell, index) => setCell(element.children[index], cell));
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  for (const gone of before.values()) gone.remove();
}

function setCell(element: Element | undefined, cell: Cell): void {
  if (!(element instanceof HTMLElement)) return;
  const { text, className = "", title = "", bar } = cell;
  setText(element, text);
  if (bar !== undefined) {
    element.style.setProperty("--share", bar.share.toFixed(3));
    element.style.setProperty("--due", bar.due.toFixed(3));
  }
  setClass(element, className);
  setTitle(element, title);
}

function newRow(row: Row, tags: "table" | "list", labels: readonly string[]): HTMLElement {
  const element = make(tags === "table" ? "tr" : "li");
  element.dataset["key"] = row.key;
  row.cells.forEach((_, index) => {
    const header = tags === "table" && index === 0;
    const cell = make(tags === "table" ? (header ? "th" : "td") : "span");
    if (header) cell.setAttribute("scope", "row");
    const label = labels[index];
    if (label !== undefined) cell.dataset["label"] = label;
    element.append(cell);
  });
  return element;
}
