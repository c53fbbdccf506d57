/** Many backtests from one: a grid of parameters, and days split so that a choice is tested on days it never saw. */

/** The grid or the split asked for cannot be made. */
export class GridError extends Error {
  override readonly name = "GridError";
}

/** More runs than this are a mistake in the grid. */
export const GRID_MAX = 10_000;

/**
 * `{ fast: "5,10", slow: "30" }` as `{ fast: "5", slow: "30" }` and `{ fast: "10", slow: "30" }`.
 *
 * @throws {GridError} when there are more than `GRID_MAX`
 */
export function expandGrid(
  given: Readonly<Record<string, string>>,
): readonly Readonly<Record<string, string>>[] {
  let grid: Readonly<Record<string, string>>[] = [{}];
  for (const [name, texts] of Object.entries(given)) {
    const values = texts.split(",").map((text) => text.trim());
    if (grid.length * values.length > GRID_MAX) {
      throw new GridError(`Cannot test more than ${GRID_MAX} combinations of parameters`);
    }
    grid = grid.flatMap((chosen) => values.map((value) => ({ ...chosen, [name]: value })));
  }
  return grid;
}

/** Days to choose on, and the days after them to test the choice on. */
export interface Fold<D> {
  readonly train: readonly D[];
  readonly test: readonly D[];
}

/**
 * Walk-forward folds: the days in `folds + 1` parts, each fold trains on all parts so far and tests on the next.
 *
 * @throws {GridError} when there are too few days for so many folds
 */
export function walkForward<D>(days: readonly D[], folds: number): readonly Fold<D>[] {
  if (!Number.isInteger(folds) || folds < 1 || days.length < folds + 1) {
    throw new GridError(`Cannot split ${days.length} days into ${folds} folds and a beginning`);
  }
  const edge = (part: number): number => Math.floor((part * days.length) / (folds + 1));
  return Array.from({ length: folds }, (_, index) => ({
    train: days.slice(0, edge(index + 1)),
    test: days.slice(edge(index + 1), edge(index + 2)),
  }));
}
