import type { Cause } from "./cause.ts";
import { CONNECTING_CAUSES } from "./causes_connecting.ts";
import { SESSION_CAUSES } from "./causes_session.ts";
import type { CauseCode } from "./report.ts";

/** Every cause a probe can name. A code without a page does not compile. */
export const CAUSES: Readonly<Record<CauseCode, Cause>> = {
  ...CONNECTING_CAUSES,
  ...SESSION_CAUSES,
};
