import type { Reply } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import type { Question } from "./conversation.ts";
import type { ReadOnlyEvidence } from "./evidence.ts";

/** TWS words it so whatever is refused: "The API interface is currently in Read-Only mode." */
const READ_ONLY = /read-only/i;
const VALIDATION_ERROR = 321;

/** Whether the API may place orders. A read-only one refuses already to name the next order id. */
export class ReadOnlyQuestion implements Question {
  readonly asks: readonly Request[] = [{ type: "reqIds", numIds: 1 }];
  readonly withdraws: readonly Request[] = [];
  #readOnly: boolean | null = null;

  get answered(): boolean {
    return this.#readOnly !== null;
  }

  get evidence(): ReadOnlyEvidence {
    return { readOnly: this.#readOnly };
  }

  hear(reply: Reply): void {
    if (reply.type === "nextValidId") this.#readOnly ??= false;
    else if (reply.type === "error" && saysReadOnly(reply)) this.#readOnly = true;
  }
}

export function saysReadOnly(
  { code, text }: { readonly code: number; readonly text: string },
): boolean {
  return code === VALIDATION_ERROR && READ_ONLY.test(text);
}
