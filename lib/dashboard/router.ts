import type { Clock } from "../clock.ts";
import { assetAt } from "./assets.ts";
import { Bucket } from "./bucket.ts";
import { type Command, instructionAt, readCommand } from "./control.ts";
import {
  COOKIE_MAX_AGE_S,
  COOKIE_NAME,
  type Credentials,
  same,
  type Visitor,
} from "./credentials.ts";
import { allowedHosts, cookieOf, isUpgrade, refuseForeign } from "./guard.ts";
import { answer, REPORT_POLICY } from "./headers.ts";
import { readReport } from "./reports.ts";

export interface Site {
  readonly port: number;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly reportsFolder: string;
  /** Carries a command out; null when control is off. */
  readonly command: ((command: Command) => Response) | null;
  /** Makes the upgrade; null when there are enough readers. */
  readonly live: (request: Request) => Response | null;
  readonly metrics: () => string;
  /** What is wrong with the ledger; null when nothing is. */
  readonly trouble: () => string | null;
}

/** A page is some twenty files, and many pages may open at once; nobody reads faster than this. */
const VISITORS = { burst: 2_000, perSecond: 200 };
/** Whoever is not admitted has hardly anything to ask. */
const STRANGERS = { burst: 30, perSecond: 2 };

const NOT_ADMITTED =
  "Not admitted. Open the address that deno task dashboard printed; the next one is in the file\n" +
  "data/dashboard/link. Each works once, and this browser then keeps a cookie.\n";

/** From a request to its answer. Everything is refused unless a line here allows it. */
export class Router {
  readonly #site: Site;
  readonly #hosts: ReadonlySet<string>;
  readonly #visitors: Bucket;
  readonly #strangers: Bucket;

  constructor(site: Site) {
    this.#site = site;
    this.#hosts = allowedHosts(site.port);
    const now = site.clock.now();
    this.#visitors = new Bucket(VISITORS, now);
    this.#strangers = new Bucket(STRANGERS, now);
  }

  async handle(request: Request): Promise<Response> {
    const refusal = refuseForeign(request, this.#hosts);
    if (refusal !== null) return refusal;
    const { clock, credentials } = this.#site;
    const cookie = cookieOf(request, COOKIE_NAME);
    const visitor = cookie === null ? null : credentials.visitor(cookie, clock.now());
    const bucket = visitor === null ? this.#strangers : this.#visitors;
    if (!bucket.take(clock.now())) {
      return answer("Too many requests\n", { status: 429, headers: { "retry-after": "1" } });
    }
    const url = new URL(request.url);
    return visitor === null
      ? this.#stranger(request, url)
      : await this.#visitor(request, url, visitor);
  }

  /** Without a cookie: health, metrics by their own token, and the way in. */
  #stranger(request: Request, { pathname, searchParams }: URL): Response {
    if (request.method !== "GET" || isUpgrade(request)) {
      return answer(NOT_ADMITTED, { status: 401 });
    }
    if (pathname === "/healthz") return this.#health();
    if (pathname === "/metrics") return this.#metrics(request, null);
    const token = searchParams.get("token");
    return pathname === "/" && token !== null
      ? this.#admit(token)
      : answer(NOT_ADMITTED, { status: 401 });
  }

  async #visitor(request: Request, url: URL, visitor: Visitor): Promise<Response> {
    const { pathname, searchParams } = url;
    if (request.method === "POST") return await this.#change(request, pathname, visitor);
    if (request.method !== "GET") {
      return answer("Only GET and POST\n", { status: 405, headers: { allow: "GET, POST" } });
    }
    if (pathname === "/live") return this.#live(request);
    // Somebody who is admitted already opened the next link: it is used up, and leaves the address bar.
    const token = searchParams.get("token");
    if (pathname === "/" && token !== null) return this.#admit(token);
    if (pathname === "/healthz") return this.#health();
    if (pathname === "/metrics") return this.#metrics(request, visitor);
    if (pathname === "/control/token" && this.#site.command !== null) return answer(visitor.csrf);
    const report = /^\/reports\/([\w.-]+)$/.exec(pathname)?.[1];
    if (report !== undefined) return await this.#report(report);
    const asset = assetAt(pathname);
    return asset === null ? notFound() : answer(asset.body, { type: asset.type });
  }

  #admit(token: string): Response {
    const { credentials, clock } = this.#site;
    const cookie = credentials.exchange(token, clock.now());
    if (cookie === null) return answer(NOT_ADMITTED, { status: 401 });
    const attributes = `HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_MAX_AGE_S}`;
    return answer(null, {
      status: 303,
      headers: { location: "/", "set-cookie": `${COOKIE_NAME}=${cookie}; ${attributes}` },
    });
  }

  #live(request: Request): Response {
    if (!isUpgrade(request)) {
      return answer("This is a WebSocket\n", { status: 426, headers: { upgrade: "websocket" } });
    }
    return this.#site.live(request) ?? answer("Too many readers\n", { status: 503 });
  }

  async #change(request: Request, pathname: string, visitor: Visitor): Promise<Response> {
    const instruction = instructionAt(pathname);
    if (instruction === null) return notFound();
    const { command } = this.#site;
    if (command === null) {
      return answer("Control is off: it needs --allow-control\n", { status: 403 });
    }
    if (!same(request.headers.get("x-csrf-token") ?? "", visitor.csrf)) {
      return answer("The request does not come from this page\n", { status: 403 });
    }
    const read = await readCommand(request, instruction);
    return read instanceof Response ? read : command(read);
  }

  async #report(name: string): Promise<Response> {
    const html = await readReport(this.#site.reportsFolder, name);
    if (html === null) return notFound();
    return answer(html, {
      type: "text/html",
      headers: { "content-security-policy": REPORT_POLICY },
    });
  }

  #health(): Response {
    const trouble = this.#site.trouble();
    return trouble === null ? answer("ok\n") : answer(`${trouble}\n`, { status: 503 });
  }

  #metrics(request: Request, visitor: Visitor | null): Response {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    if (visitor === null && !this.#site.credentials.isMetricsToken(bearer)) {
      return answer(
        "Metrics need Authorization: Bearer and the token in data/dashboard/metrics-token\n",
        { status: 401 },
      );
    }
    return answer(this.#site.metrics(), { type: "text/plain; version=0.0.4" });
  }
}

function notFound(): Response {
  return answer("Not found\n", { status: 404 });
}
