/** The middle and the 99th of a hundred, in ms, as a line of a table. */
export function percentiles(label: string, samplesMs: readonly number[]): string {
  const sorted = samplesMs.toSorted((a, b) => a - b);
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(3);
  return `${label.padEnd(44)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   (${sorted.length} times)`;
}
