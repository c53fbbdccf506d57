import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { withDeadline } from "../clock.ts";
import type { Clock } from "../clock.ts";
import { ProbeUsageError } from "./options.ts";

/** Addresses tried at most: more connections than this a run does not make. */
export const ADDRESSES_MAX = 3;

/**
 * The addresses a host stands for, IPv4 first: relays and containers often listen on that alone, and TWS trusts
 * 127.0.0.1 but may not know ::1.
 *
 * @throws {ProbeUsageError} when the name stands for nothing
 */
export async function resolveHost(
  host: string,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<readonly string[]> {
  // No question to a resolver for what is an address already, or always the same.
  if (isIP(host) !== 0) return [host];
  if (host.toLowerCase() === "localhost") return ["127.0.0.1", "::1"];
  try {
    const found = await withDeadline(
      clock,
      lookup(host, { all: true }),
      timeoutMs,
      `DNS of ${host}`,
    );
    const addresses = found.toSorted((a, b) => a.family - b.family).map(({ address }) => address);
    return [...new Set(addresses)].slice(0, ADDRESSES_MAX);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ProbeUsageError(`Cannot find host "${host}": ${reason(error)}`);
  }
}

function reason(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  if (code === "ENOTFOUND") return "no such name; check the spelling, or give its address";
  if (code === "EPERM") {
    return "the permission set of this task does not include it; add it to net in deno.json";
  }
  return `the name server did not answer (${code}); give its address`;
}
