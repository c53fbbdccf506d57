const REVISION_DIGITS_MAX = 4;
const ZERO_CODE = 48;

interface ExecIdParts {
  readonly stem: string;
  readonly revision: number;
}

let newest: { readonly execId: string; readonly parts: ExecIdParts } = {
  execId: "",
  parts: { stem: "", revision: 0 },
};

/**
 * `0000e0d5.5c1f3a2b.01.02` is revision 2 of stem `0000e0d5.5c1f3a2b.01`. An id that does not end in a number
 * is its own stem: it can never be corrected.
 */
export function splitExecId(execId: string): ExecIdParts {
  // Whoever books an execution asks in turn for the same one.
  if (execId !== newest.execId) newest = { execId, parts: split(execId) };
  return newest.parts;
}

function split(execId: string): ExecIdParts {
  const dot = execId.lastIndexOf(".");
  const digits = execId.length - dot - 1;
  const own = { stem: execId, revision: 0 };
  if (dot < 1 || digits < 1 || digits > REVISION_DIGITS_MAX) return own;
  let revision = 0;
  // Digit by digit: a report of years splits millions of them.
  for (let index = dot + 1; index < execId.length; index++) {
    const digit = execId.charCodeAt(index) - ZERO_CODE;
    if (digit < 0 || digit > 9) return own;
    revision = revision * 10 + digit;
  }
  return { stem: execId.slice(0, dot), revision };
}
