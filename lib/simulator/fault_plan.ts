import { z } from "zod";
import type { FaultSpec } from "./faults.ts";

/** A file of faults: a JSON list of `{ "name", "args", "from", "to" }`, all but the name optional. */
const planSchema = z.array(
  z.strictObject({
    name: z.string(),
    args: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
    from: z.string().optional(),
    to: z.string().optional(),
  }),
);

/** @throws {SyntaxError} when the text is no such list */
export function parseFaultPlan(text: string): FaultSpec[] {
  const result = planSchema.safeParse(JSON.parse(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new SyntaxError(`Cannot use the fault plan: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return result.data.map(({ name, args, from, to }) => ({
    name,
    ...(args === undefined ? {} : { args }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }));
}
