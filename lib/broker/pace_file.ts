import { z } from "zod";
import type { PaceMemory, SentRequest } from "./history_pace.ts";

const schema = z.array(z.strictObject({
  barMs: z.number(),
  conId: z.int(),
  key: z.string(),
  atMs: z.number(),
}));

/**
 * IB counts historical requests by the user, not by the process: a session that is killed and started again, or
 * reconnects, goes on counting where it was. One session at a time writes it. What cannot be read counts as nothing:
 * a refused request is asked again, a session that does not start is worse.
 */
export class PaceFile implements PaceMemory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  recall(): readonly SentRequest[] {
    try {
      const parsed = schema.safeParse(JSON.parse(Deno.readTextFileSync(this.#path)));
      return parsed.success ? parsed.data : [];
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  keep(sent: readonly SentRequest[]): void {
    const temporary = `${this.#path}.new`;
    try {
      Deno.writeTextFileSync(temporary, JSON.stringify(sent));
      Deno.renameSync(temporary, this.#path);
    } catch (error) {
      // A disk that refuses costs the next process its count, no more; the ledger says so in its own way.
      if (!(error instanceof Error)) throw error;
    }
  }
}
