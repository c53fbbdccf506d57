/** A start tag with its attributes: all there is in a Flex statement. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The text is not the plain XML that a statement is. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

const TAG = /<([A-Za-z][\w.-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const SKIPPED = /<\?[^>]*\?>|<!--[^]*?-->|<\/[A-Za-z][\w.-]*\s*>|[^<]+/y;
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};
const CODE_POINT_MAX = 0x10ffff;

/**
 * Start tags in order. Text between tags is skipped. A document type is refused: entities that it declares are how
 * XML files reach for other files.
 *
 * @throws {XmlError} at the first thing that is not an element, with its place
 */
export function* elements(text: string): Generator<XmlElement> {
  for (let place = 0; place < text.length;) {
    SKIPPED.lastIndex = place;
    if (SKIPPED.test(text)) {
      place = SKIPPED.lastIndex;
      continue;
    }
    TAG.lastIndex = place;
    const match = TAG.exec(text);
    if (match === null) {
      const near = text.slice(place, place + 30).replace(/\s+/g, " ");
      throw new XmlError(`Cannot read XML at character ${place}, near "${near}"`);
    }
    place = TAG.lastIndex;
    const [, name = "", attributes = ""] = match;
    yield { name, attributes: new Map(readAttributes(attributes)) };
  }
}

function* readAttributes(text: string): Generator<[string, string]> {
  for (const [, name = "", double, single] of text.matchAll(ATTRIBUTE)) {
    yield [name, decode(double ?? single ?? "")];
  }
}

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, body: string) => {
    if (!body.startsWith("#")) return NAMED[body] ?? whole;
    const code = body[1] === "x" ? parseInt(body.slice(2), 16) : parseInt(body.slice(1), 10);
    return code <= CODE_POINT_MAX ? String.fromCodePoint(code) : whole;
  });
}
