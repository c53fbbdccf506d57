import { answer } from "./headers.ts";

/** What every request has to pass before anything looks at it. */

/** Names under which a browser on this machine, or at the end of an SSH tunnel, reaches us. */
export function allowedHosts(port: number): ReadonlySet<string> {
  return new Set(["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`));
}

/**
 * The refusal of a request that did not come from our own page or from a person; null when it may pass.
 *
 * - A foreign name in `Host` is DNS rebinding: some site's name points at this machine.
 * - A foreign `Origin`, or a browser that says the request was made by another site, is another page reaching out.
 *   An upgrade or a change without any `Origin` is not from our page either.
 */
export function refuseForeign(request: Request, hosts: ReadonlySet<string>): Response | null {
  const host = request.headers.get("host") ?? "";
  if (!hosts.has(host)) return answer("This is not the host you asked for\n", { status: 421 });
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) return foreign();
  const needsOrigin = request.method !== "GET" || isUpgrade(request);
  if (needsOrigin && origin === null) return foreign();
  const site = request.headers.get("sec-fetch-site");
  if (site === null || site === "same-origin" || site === "none") return null;
  return foreign();
}

export function isUpgrade(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

function foreign(): Response {
  return answer("Requests from other origins are refused\n", { status: 403 });
}

/** A cookie's value; null when the browser sent none of this name. */
export function cookieOf(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = part.split("=", 2);
    if (key?.trim() === name && value !== undefined) return value.trim();
  }
  return null;
}
