import type { Json } from "./report.ts";

/**
 * IB account ids: `U1234567`, `DU1234567`, `DF…` of advisors, `F…`, `I…`. Four digits or more, so that a word such
 * as "U5" in a sentence stays.
 */
const ACCOUNT_ID = /\b([A-Z]{1,3})(\d{4,})\b/g;
const SHOWN_DIGITS = 3;

/** `DU1234567` → `DU•••567`: enough to recognise one's own account, useless to anyone else. */
export function maskAccount(account: string): string {
  const match = /^([A-Za-z]*)(.*)$/.exec(account);
  const [, prefix = "", rest = ""] = match ?? [];
  return `${prefix}•••${rest.length > SHOWN_DIGITS ? rest.slice(-SHOWN_DIGITS) : ""}`;
}

/** Of what a peer says: longer is no message any more. */
const TEXT_MAX = 400;

/** Text of others made fit to be shown: account ids masked, nothing that commands a terminal, not endless. */
export function maskText(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (c) => c === "\n" || c === "\t" ? c : "?");
  const shown = plain.length > TEXT_MAX ? `${plain.slice(0, TEXT_MAX)}…` : plain;
  return shown.replace(ACCOUNT_ID, (id) => maskAccount(id));
}

/** Every string inside, masked. Other people's messages carry account ids in places nobody expects. */
export function maskJson(value: Json): Json {
  if (typeof value === "string") return maskText(value);
  if (Array.isArray(value)) return value.map(maskJson);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, maskJson(part)]));
}
