import { z } from "zod";
import type { ClientMessage } from "./feed.ts";

/** Far more than the longest message there is. */
export const CLIENT_MESSAGE_CHARS_MAX = 256;

const schema: z.ZodType<ClientMessage> = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("subscribe") }),
  z.strictObject({ type: z.literal("ping") }),
]);

/** The message in a frame; null for anything that is none. */
export function parseClientMessage(text: string): ClientMessage | null {
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
