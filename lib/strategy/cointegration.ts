/** Do two prices move together? A regression of one on the other, and the test of Engle and Granger on its errors. */

/** Ordinary least squares of y on x with a constant. */
export interface Regression {
  readonly alpha: number;
  readonly beta: number;
  /** y − alpha − beta × x, in order. */
  readonly residuals: Float64Array;
  /** Population standard deviation of the residuals. */
  readonly deviation: number;
}

/** Null when x never changes, so that no slope is better than another. */
export function regress(y: Float64Array, x: Float64Array): Regression | null {
  const meanY = mean(y);
  const meanX = mean(x);
  let covariance = 0;
  let variance = 0;
  for (let index = 0; index < x.length; index++) {
    const dx = (x[index] ?? NaN) - meanX;
    covariance += dx * ((y[index] ?? NaN) - meanY);
    variance += dx * dx;
  }
  if (!(variance > 0)) return null;
  const beta = covariance / variance;
  const alpha = meanY - beta * meanX;
  const residuals = y.map((value, index) => value - alpha - beta * (x[index] ?? NaN));
  const squares = residuals.reduce((sum, residual) => sum + residual * residual, 0);
  return { alpha, beta, residuals, deviation: Math.sqrt(squares / residuals.length) };
}

/**
 * The augmented Dickey-Fuller statistic with one lag and no constant: the more negative, the more surely the
 * residuals come back to zero. Null when they do not vary enough to tell.
 */
export function dickeyFuller(residuals: Float64Array): number | null {
  // Δe[t] = rho × e[t−1] + gamma × Δe[t−1] + error: normal equations of two unknowns.
  let [ll, ld, dd, ly, dy, yy] = [0, 0, 0, 0, 0, 0];
  for (let t = 2; t < residuals.length; t++) {
    const [now = NaN, level = NaN, before = NaN] = [
      residuals[t],
      residuals[t - 1],
      residuals[t - 2],
    ];
    const [change, lagged] = [now - level, level - before];
    ll += level * level;
    ld += level * lagged;
    dd += lagged * lagged;
    ly += level * change;
    dy += lagged * change;
    yy += change * change;
  }
  const determinant = ll * dd - ld * ld;
  const freedom = residuals.length - 2 - 2;
  if (!(determinant > 0) || freedom <= 0) return null;
  const rho = (ly * dd - dy * ld) / determinant;
  const gamma = (dy * ll - ly * ld) / determinant;
  const errors = yy - rho * ly - gamma * dy;
  if (!(errors > 0)) return null;
  return rho / Math.sqrt((errors / freedom) * (dd / determinant));
}

/**
 * The statistic below which residuals of two series of `count` values are stationary with 95 % confidence:
 * MacKinnon's response surface (2010, two variables, constant in the regression).
 */
export function criticalValue(count: number): number {
  return -3.33613 - 6.1101 / count - 6.823 / (count * count);
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
