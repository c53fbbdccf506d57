import type { TagValue } from "./contract.ts";
import { type Scalar, TEXT } from "./fields.ts";

/** A list of options in one field: `tag=value;tag=value;`. */
export const TAG_VALUES: Scalar<readonly TagValue[]> = {
  blank: [],
  write: (options, serverVersion) =>
    options.map(({ tag, value }) => {
      if (/[=;]/.test(tag) || value.includes(";")) {
        throw new RangeError(`Cannot send option "${tag}=${value}": it contains a separator`);
      }
      return TEXT.write(`${tag}=${value};`, serverVersion);
    }).join(""),
  read: (text) => text.split(";").filter((option) => option !== "").map(option),
};

function option(text: string): TagValue {
  const equals = text.indexOf("=");
  return equals < 0
    ? { tag: text, value: "" }
    : { tag: text.slice(0, equals), value: text.slice(equals + 1) };
}
