const REVISION = /^\d{1,4}$/;

/**
 * `0000e0d5.5c1f3a2b.01.02` is revision 2 of stem `0000e0d5.5c1f3a2b.01`. An id that does not end in a number
 * is its own stem: it can never be corrected.
 */
export function splitExecId(execId: string): { readonly stem: string; readonly revision: number } {
  const dot = execId.lastIndexOf(".");
  const digits = execId.slice(dot + 1);
  if (dot < 1 || !REVISION.test(digits)) return { stem: execId, revision: 0 };
  return { stem: execId.slice(0, dot), revision: Number(digits) };
}
