/** Headers that go with every answer. */

/**
 * Nothing but our own files, no frames, no forms. Trusted types make a browser refuse any text that is handed to it
 * as HTML, wherever in the page that may happen: what the ledger says can only ever be text.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** A report is a page of its own with a style inside and no script; sandboxed it has no origin, so not ours either. */
export const REPORT_POLICY = [
  "sandbox",
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const COMMON: Readonly<Record<string, string>> = {
  "content-security-policy": PAGE_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "cache-control": "no-store",
};

/** An answer with its own headers over the common ones. */
export function answer(
  body: string | null,
  { status = 200, type = "text/plain", headers = {} }: {
    readonly status?: number;
    readonly type?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Response {
  const contentType: Readonly<Record<string, string>> = body === null
    ? {}
    : { "content-type": `${type}; charset=utf-8` };
  return new Response(body, { status, headers: { ...COMMON, ...contentType, ...headers } });
}
