import { z } from "zod";
import { formatMicros, parseMicros } from "../money.ts";

/** Micros as decimal text. A codec, because a `transform` takes twice its time. */
export const micros = z.codec(z.string(), z.bigint(), {
  decode: (text, { issues }) => {
    try {
      return parseMicros(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      issues.push({ code: "custom", message: error.message, input: text });
      return z.NEVER;
    }
  },
  encode: formatMicros,
});
