import { closestString as untypedClosestString } from "deno-std/text/closest_string.js";
import { toSnakeCase as untypedToSnakeCase } from "deno-std/text/to_snake_case.js";

/** The candidate nearest to `word` by edit distance. */
export const closestString: (word: string, candidates: readonly string[]) => string =
  untypedClosestString;

export const toSnakeCase: (text: string) => string = untypedToSnakeCase;
