import { z } from "zod";
import { type Ledger, LedgerError } from "../ledger/ledger.ts";
import { answer } from "./headers.ts";

/** Halt and resume from the page: the same entries that `deno task halt` and `deno task resume` write. */

/** As the terminal's commands write it: entries of people are of no session. */
const OPERATOR = "operator";
const ACTOR = "operator at the dashboard";
const BODY_BYTES_MAX = 2_048;

export interface Command {
  readonly kind: "halted" | "halt-lifted";
  readonly because: string;
}

/** The word that has to be typed. */
export const CONFIRM = { "halt": "HALT", "resume": "RESUME" } as const;
export type Verb = keyof typeof CONFIRM;

const KIND: Readonly<Record<Verb, Command["kind"]>> = { halt: "halted", resume: "halt-lifted" };

/** The command in a request's body, or the refusal of it. */
export async function readCommand(request: Request, verb: Verb): Promise<Command | Response> {
  if (request.headers.get("content-type") !== "application/json") {
    return answer("Send JSON\n", { status: 415 });
  }
  // Without a declared length nobody knows how much would have to be read.
  const length = Number(request.headers.get("content-length") ?? Infinity);
  if (!(length <= BODY_BYTES_MAX)) return answer("The request is too long\n", { status: 413 });
  const text = await request.text();
  const schema = z.strictObject({
    confirm: z.literal(CONFIRM[verb]),
    reason: z.string().trim().min(1).max(200),
  });
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    return answer(`Type ${CONFIRM[verb]} and give a reason of up to 200 letters\n`, {
      status: 400,
    });
  }
  return { kind: KIND[verb], because: parsed.data.reason };
}

/** Appends the command durably. */
export function carryOut(
  { kind, because }: Command,
  { open, now }: { readonly open: () => Ledger; readonly now: number },
): Response {
  try {
    const ledger = open();
    try {
      ledger.append(OPERATOR, now, [{ kind, actor: ACTOR, because }]);
    } finally {
      ledger.close();
    }
    return answer(kind === "halted" ? "Halted\n" : "Resumed\n");
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return answer(`${error.message}\n`, { status: 503 });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
