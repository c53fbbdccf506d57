import { join } from "node:path";
import { calendar } from "../../lib/calendar/calendar.ts";
import { WallClock } from "../../lib/clock.ts";
import { type Dashboard, startDashboard } from "../../lib/dashboard/dashboard.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { openLedger, openLedgerReader } from "../../lib/ledger/sqlite.ts";

/** A dashboard over a ledger in a temporary folder, on a free port of loopback. */
export interface Rig {
  readonly folder: string;
  readonly ledger: Ledger;
  readonly dashboard: Dashboard;
  readonly port: number;
  /** Ends the server; the folder and its files stay until the test is over. */
  restart(): Promise<Dashboard>;
}

export interface RigOptions {
  readonly entries?: readonly Entry[];
  readonly control?: boolean;
  /** The dashboard finds no ledger. */
  readonly missing?: boolean;
}

export async function withDashboard(
  { entries = [], control = false, missing = false }: RigOptions,
  test: (rig: Rig) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "ledger.sqlite");
  const ledger = openLedger(path);
  for (const { sessionId, at, body } of entries) ledger.append(sessionId, at, [body]);
  const start = (port: number): Dashboard =>
    startDashboard({
      hostname: "127.0.0.1",
      port,
      clock: new WallClock(),
      calendar: calendar("XNYS"),
      openReader: () => openLedgerReader(path),
      identity: () => missing ? null : "the only one",
      openWriter: control ? () => openLedger(path) : null,
      statePath: join(folder, "schedule.json"),
      reportsFolder: join(folder, "reports"),
      credentialsFolder: join(folder, "credentials"),
    });
  let dashboard = start(0);
  const { port } = dashboard;
  try {
    await test({
      folder,
      ledger,
      dashboard,
      port,
      restart: async () => {
        await dashboard.close();
        dashboard = start(port);
        return dashboard;
      },
    });
  } finally {
    await dashboard.close();
    ledger.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request byte by byte, because fetch lets nobody lie about Host and Origin. */
export async function ask(port: number, options: Ask = {}): Promise<Reply> {
  const { method = "GET", path = "/", host = `127.0.0.1:${port}`, headers = {}, body } = options;
  const length = body === undefined ? {} : { "content-length": String(body.length) };
  const lines = Object.entries({ connection: "close", ...length, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const text = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join("")}\r\n${body ?? ""}`;
  await connection.write(new TextEncoder().encode(text));
  return parseReply(await readAll(connection));
}

/** As much as the head announces; after an accepted upgrade that is nothing. */
async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
    const headEnd = text.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    const bodyBytes = new TextEncoder().encode(text.slice(headEnd + 4)).length;
    if (headEnd >= 0 && bodyBytes >= length) return text;
  }
}

function parseReply(text: string): Reply {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  return { status: Number(first.split(" ")[1]), headers, body: rest.join("\r\n\r\n") };
}

/** Opens the link as a browser would; the cookie it gets. */
export async function admit({ port, dashboard }: Rig): Promise<string> {
  const path = dashboard.link.slice(dashboard.link.indexOf("/?"));
  const { headers } = await ask(port, { path });
  return headers.get("set-cookie")?.split(";")[0] ?? "";
}

/** The headers of a WebSocket upgrade, as our own page sends them. */
export function upgradeHeaders(port: number, cookie: string): Record<string, string> {
  return {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    origin: `http://127.0.0.1:${port}`,
    cookie,
  };
}

/** The key the page would send with a change. */
export async function csrfToken({ port }: Rig, cookie: string): Promise<string> {
  return (await ask(port, { path: "/control/token", headers: { cookie } })).body;
}
