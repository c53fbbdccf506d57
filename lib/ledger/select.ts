import type { Entry, EntryBody, EntryKind } from "./entry.ts";

type Body<K extends EntryKind> = Extract<EntryBody, { readonly kind: K }>;

/** The bodies of one kind, in their order. */
export function bodiesOf<K extends EntryKind>(entries: readonly Entry[], kind: K): Body<K>[] {
  const isKind = (body: EntryBody): body is Body<K> => body.kind === kind;
  return entries.map(({ body }) => body).filter(isKind);
}
