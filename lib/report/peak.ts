/** The highest of a number over the day. */
export interface Peak {
  /** In the limit's own unit. */
  readonly value: number;
  readonly at: number;
  readonly seqs: readonly number[];
}

/** Null when no entry has the number. Of equal ones the first counts. */
export function highest<E extends { readonly at: number; readonly seq: number }>(
  entries: readonly E[],
  measure: (entry: E, index: number) => number | null,
): Peak | null {
  let peak: Peak | null = null;
  for (const [index, entry] of entries.entries()) {
    const value = measure(entry, index);
    if (value === null || (peak !== null && value <= peak.value)) continue;
    peak = { value, at: entry.at, seqs: [entry.seq] };
  }
  return peak;
}
