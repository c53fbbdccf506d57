import assert from "node:assert/strict";
import { renderInventory, takeInventory } from "../../lib/probe/inventory.ts";
import { blindLooker, type Looker, seen } from "../../lib/probe/looker.ts";
import type { SocketRow } from "../../lib/probe/sockets.ts";

function listener(port: number, pid: number | null, command: string): SocketRow {
  return {
    state: "LISTEN",
    local: { address: "*", port },
    peer: null,
    unreadBytes: null,
    queue: { waiting: port === 4002 ? 3 : 0, max: 50 },
    accepted: null,
    owner: pid === null ? null : { pid, command },
  };
}

const LOOKER: Looker = {
  ...blindLooker("not here"),
  processes: () =>
    Promise.resolve(seen([
      [11, "/opt/ibgateway/jre/bin/java ibgateway.GWClient --user me --pw hunter2"],
      [12, "/opt/tws/jre/bin/java jclient.LoginFrame"],
      [13, "nginx: master process"],
      [14, "vim notes.txt"],
    ].map(([pid, commandLine]) => ({
      pid: Number(pid),
      parentPid: 1,
      user: "me",
      state: pid === 12 ? "T" : "S",
      ageMs: 600_000,
      cpuPercent: 0,
      commandLine: String(commandLine),
    })))),
  sockets: () =>
    Promise.resolve(seen([
      listener(4002, 11, "java"),
      listener(7777, 12, "java"),
      listener(7462, 12, "java"),
      listener(80, 13, "nginx"),
      listener(4001, null, ""),
    ])),
};

Deno.test("--all: programs of IB's and relays, and where they listen, with the mode", async () => {
  const { programs, listeners, unseen } = await takeInventory(LOOKER, undefined);
  assert.deepEqual(programs?.map(({ label }) => label), ["IB Gateway", "TWS", "nginx"]);
  assert.deepEqual(listeners?.map(({ port, mode, program }) => [port, mode, program]), [
    [4002, "paper", "IB Gateway"],
    [7777, null, "TWS"],
    [4001, "live", null],
  ]);
  assert.deepEqual(unseen, []);
});

Deno.test("--all: the text fits, names what is stopped and waiting, and holds no secret", async () => {
  const text = renderInventory(await takeInventory(LOOKER, undefined));
  assert.match(text, /TWS +pid 12 +STOPPED/);
  assert.match(text, /4002 \(IB Gateway, paper\) +IB Gateway \(pid 11\), 3 waiting/);
  assert.match(text, /4001 \(IB Gateway, live\) +owner hidden/);
  assert.ok(!text.includes("hunter2"));
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
});

Deno.test("--all: what could not be looked at is said, not shown as empty", async () => {
  const inventory = await takeInventory(blindLooker("ss is not installed"), undefined);
  assert.equal(inventory.listeners, null);
  assert.match(renderInventory(inventory), /could not be listed[\s\S]*ss is not installed/);
});
