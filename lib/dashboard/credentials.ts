import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";

/**
 * Who may look. `key` signs everything and stays; `link` holds an address with a 256-bit token that works once and
 * is then replaced by the next; `metrics-token` is for Prometheus. All three can be read by their owner alone.
 * Deleting the folder ends every cookie.
 */

const TOKEN_BYTES = 32;
const PRIVATE_MODE = 0o600;
const OTHERS = 0o077;
/** A page may stay open for a week of trading before somebody has to ask for a new link. */
const COOKIE_MAX_AGE_MS = 7 * 24 * 60 * 60_000;
/** Cookies are shared by all ports of a host, so the name must be nobody else's. */
export const COOKIE_NAME = "robo_trader_dashboard";

/** The files cannot be trusted or used; the message says what to do. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
}

/** An admitted browser. */
export interface Visitor {
  /** Goes with every request that changes something. */
  readonly csrf: string;
}

export class Credentials {
  readonly #folder: string;
  readonly #origin: string;
  readonly #key: string;
  #token: string;

  /**
   * Opens the folder, or makes it.
   *
   * @throws {CredentialError} when others can read the key
   */
  constructor({ folder, origin }: { readonly folder: string; readonly origin: string }) {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#origin = origin;
    this.#key = this.#loadKey();
    writePrivate(join(folder, "metrics-token"), `${this.metricsToken}\n`);
    this.#token = this.#newToken();
  }

  /** The address to open; it works once. */
  get link(): string {
    return `${this.#origin}/?token=${this.#token}`;
  }

  get metricsToken(): string {
    return this.#sign("metrics");
  }

  /** Trades the token of a link for a cookie's value; null when it is not, or no more, the token. */
  exchange(token: string, now: number): string | null {
    if (!same(token, this.#token)) return null;
    this.#token = this.#newToken();
    const claim = `${now}.${randomText()}`;
    return `${claim}.${this.#sign(`cookie ${claim}`)}`;
  }

  /** Null for a cookie that is not ours, or too old. */
  visitor(cookie: string, now: number): Visitor | null {
    const match = /^((\d{1,15})\.[\w-]{43})\.([\w-]{43})$/.exec(cookie);
    const [, claim, issuedAt, signature] = match ?? [];
    if (claim === undefined || signature === undefined) return null;
    if (!same(signature, this.#sign(`cookie ${claim}`))) return null;
    const ageMs = now - Number(issuedAt);
    if (ageMs < 0 || ageMs > COOKIE_MAX_AGE_MS) return null;
    return { csrf: this.#sign(`csrf ${claim}`) };
  }

  isMetricsToken(token: string): boolean {
    return same(token, this.metricsToken);
  }

  #loadKey(): string {
    const path = join(this.#folder, "key");
    try {
      const key = Deno.readTextFileSync(path).trim();
      refuseShared(path);
      if (/^[\w-]{43}$/.test(key)) return key;
      throw new CredentialError(`Cannot use "${path}": it is no key; delete it`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      const key = randomText();
      writePrivate(path, `${key}\n`);
      return key;
    }
  }

  #newToken(): string {
    const token = randomText();
    writePrivate(join(this.#folder, "link"), `${this.#origin}/?token=${token}\n`);
    return token;
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

/** Seconds, for `Max-Age`. */
export const COOKIE_MAX_AGE_S = COOKIE_MAX_AGE_MS / 1_000;

export function same(given: string, expected: string): boolean {
  const [a, b] = [new TextEncoder().encode(given), new TextEncoder().encode(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Written to a file that was private before anything was in it. */
function writePrivate(path: string, text: string): void {
  using file = Deno.openSync(path, { create: true, write: true, mode: PRIVATE_MODE });
  refuseShared(path);
  file.truncateSync();
  file.writeSync(new TextEncoder().encode(text));
}

/** Windows has no modes; there the user's own folder has to do. */
function refuseShared(path: string): void {
  const { mode } = Deno.statSync(path);
  if (mode === null || (mode & OTHERS) === 0 || Deno.build.os === "windows") return;
  throw new CredentialError(
    `Cannot use "${path}": others can read it (mode ${(mode & 0o777).toString(8)}); delete it`,
  );
}
