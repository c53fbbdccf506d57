import { z } from "zod";
import { type Ledger, LedgerError } from "../ledger/ledger.ts";
import { instruct, type Instruction } from "../ledger/operator.ts";
import { answer } from "./headers.ts";

/** A person's instructions from the page: the function that the terminal's commands call, so the same entries. */

const ACTOR = "operator at the dashboard";
const BODY_BYTES_MAX = 2_048;
const INSTRUCTIONS: readonly Instruction[] = ["halt", "flatten", "pause", "resume"];

export interface Command {
  readonly instruction: Instruction;
  readonly because: string;
}

/** `/control/halt` and its like; null for any other path. */
export function instructionAt(pathname: string): Instruction | null {
  return INSTRUCTIONS.find((name) => pathname === `/control/${name}`) ?? null;
}

/** The command in a request's body, or the refusal of it. */
export async function readCommand(
  request: Request,
  instruction: Instruction,
): Promise<Command | Response> {
  if (request.headers.get("content-type") !== "application/json") {
    return answer("Send JSON\n", { status: 415 });
  }
  // Without a declared length nobody knows how much would have to be read.
  const length = Number(request.headers.get("content-length") ?? Infinity);
  if (!(length <= BODY_BYTES_MAX)) return answer("The request is too long\n", { status: 413 });
  const text = await request.text();
  const word = instruction.toUpperCase();
  const schema = z.strictObject({
    confirm: z.literal(word),
    reason: z.string().trim().min(1).max(200),
  });
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    return answer(`Type ${word} and give a reason of up to 200 letters\n`, { status: 400 });
  }
  return { instruction, because: parsed.data.reason };
}

/** Writes the command down durably; 409 when it was so already. */
export function carryOut(
  { instruction, because }: Command,
  { open, now }: { readonly open: () => Ledger; readonly now: number },
): Response {
  try {
    const ledger = open();
    try {
      const { changed, text } = instruct(ledger, instruction, { actor: ACTOR, because, now });
      return answer(`${text}\n`, { status: changed ? 200 : 409 });
    } finally {
      ledger.close();
    }
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
