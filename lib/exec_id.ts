/**
 * `0000e0d5.5c1f3a2b.01.02` is revision 2 of stem `0000e0d5.5c1f3a2b.01`. An id that does not end in a number
 * is its own stem: it can never be corrected.
 */
export function splitExecId(execId: string): { readonly stem: string; readonly revision: number } {
  const match = /^(.+)\.(\d{1,4})$/.exec(execId);
  const [, stem, revision] = match ?? [];
  if (stem === undefined || revision === undefined) return { stem: execId, revision: 0 };
  return { stem, revision: Number(revision) };
}
