import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { tradingDay } from "./entries.ts";
import { ask } from "./rig.ts";

const SCRIPT = join(import.meta.dirname ?? ".", "run_dashboard.ts");
const greeting = z.object({ link: z.string(), port: z.number(), pid: z.number() });

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Started {
  readonly child: Deno.ChildProcess;
  readonly folder: string;
  readonly port: number;
}

/** The task with the permissions it is documented with, and nothing else. */
async function withTask(test: (started: Started) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const port = freePort();
  const [ledger, credentials] = [join(folder, "ledger.sqlite"), join(folder, "dashboard")];
  const writer = openLedger(ledger);
  for (const { sessionId, at, body } of tradingDay().entries) writer.append(sessionId, at, [body]);
  writer.close();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-prompt", `--allow-net=127.0.0.1:${port}`],
      `--allow-read=${folder},robo-trader.toml,data,reports`,
      `--allow-write=${credentials}`,
      "--allow-env",
      ...[SCRIPT, String(port), ledger, credentials],
    ],
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  try {
    await test({ child, folder, port });
  } finally {
    await child.status;
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The line that says where the page is. */
async function greetingOf(child: Deno.ChildProcess): Promise<z.infer<typeof greeting>> {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return greeting.parse(JSON.parse(text));
}

Deno.test("the task needs one port, the files it reads and one folder of its own, and ends with 130", async () => {
  await withTask(async ({ child, folder, port }) => {
    const { link } = await greetingOf(child);
    match(link, new RegExp(`^http://127\\.0\\.0\\.1:${port}/\\?token=[\\w-]{43}$`));
    strictEqual(Deno.readTextFileSync(join(folder, "dashboard", "link")).trim(), link);
    strictEqual((await ask(port, { path: link.slice(link.indexOf("/?")) })).status, 303);
    strictEqual((await ask(port, { path: "/healthz" })).body, "ok\n");
    child.kill("SIGINT");
    const [{ code }, errors] = await Promise.all([child.status, new Response(child.stderr).text()]);
    strictEqual(code, 130);
    ok(!errors.includes("error"), errors);
  });
});

Deno.test("a port that is taken is said to be, and the exit code is 1", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "--no-prompt", "-A", SCRIPT, String(port)],
        ...[join(folder, "ledger.sqlite"), join(folder, "dashboard")],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    strictEqual(code, 1);
    match(new TextDecoder().decode(stderr), /Cannot listen on port \d+: something does already/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
