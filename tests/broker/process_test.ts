import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { HostileTws } from "./hostile_tws.ts";
import { START_MS } from "./rig.ts";

/** The broker in a process of its own: what it may touch, and how it ends. */

async function run(end: "close" | "exit"): Promise<void> {
  await using tws = await HostileTws.listen({
    onRequest: (fields, peer) => {
      if (fields[0] === "49") peer.send(49, 1, START_MS / 1000);
    },
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-prompt", `--allow-net=127.0.0.1:${tws.port}`],
      new URL("./child.ts", import.meta.url).pathname,
      ...[String(tws.port), end],
    ],
    // A stray setting of the package's own must not re-aim the broker.
    env: { IB_HOST: "203.0.113.1", IB_PORT: "1", NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stderr } = await child.output();
  deepStrictEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
  await tws.peer.until(() => tws.open === 0);
  strictEqual(tws.peers.length, 1);
  strictEqual(tws.peer.requestsOf(49).length, 1);
}

Deno.test("a broker needs the network alone, and a program ends by itself once it is closed", () =>
  run("close"));

Deno.test("a program that exits with the link open exits cleanly, and TWS sees the end", () =>
  run("exit"));
