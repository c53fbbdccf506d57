import { join } from "node:path";
import type { PeerCase } from "./cases.ts";
import { freeze, type Peer, start } from "./peers.ts";

/** Listeners of a JVM, as TWS's is one. */

const SOURCE = join(import.meta.dirname ?? ".", "Peers.java");

interface Jvm {
  readonly peer: Peer;
  port(name: string): number;
}

/** Java compiles and runs a single source file by itself. */
async function jvm(scope: AsyncDisposableStack): Promise<Jvm> {
  const args = ["-XX:TieredStopAtLevel=1", "-Xshare:auto", SOURCE];
  const peer = scope.use(await start("java", { args, ready: /(deaf=.*)\n/, stdin: "piped" }));
  const ports = new Map(
    peer.said.split(" ").map((pair) => {
      const [name = "", port] = pair.split("=");
      return [name, Number(port)];
    }),
  );
  return { peer, port: (name) => ports.get(name) ?? 0 };
}

/** A connection that says nothing, held by a shell. */
async function silentClient(scope: AsyncDisposableStack, port: number): Promise<Peer> {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port}; echo held; read -r`;
  return scope.use(await start("bash", { args: ["-c", script], ready: /(held)/, stdin: "piped" }));
}

const NEEDS = ["java", "ss", "ps"];

export const JAVA_CASES: readonly PeerCase[] = [
  {
    name: "Java listener that never accepts",
    needs: NEEDS,
    expect: "listener-stuck",
    shows: /unaccepted in the kernel's queue, 17 bytes unread/,
    start: async (scope) => (await jvm(scope)).port("deaf"),
  },
  {
    name: "Java listener that accepts and never reads",
    needs: NEEDS,
    expect: "listener-stuck",
    shows: /17 bytes of ours lie unread/,
    start: async (scope) => (await jvm(scope)).port("unread"),
  },
  {
    name: "Java listener that reads and never answers",
    needs: NEEDS,
    expect: "modal-dialog",
    shows: /has read our greeting/,
    start: async (scope) => (await jvm(scope)).port("silent"),
  },
  {
    name: "Java listener that another, silent client blocks",
    needs: [...NEEDS, "bash"],
    expect: "listener-stuck",
    shows: /unaccepted/,
    start: async (scope) => {
      const port = (await jvm(scope)).port("single");
      await silentClient(scope, port);
      return port;
    },
  },
  {
    name: "Java listener that closes on the greeting",
    needs: NEEDS,
    expect: "closed-at-once",
    start: async (scope) => (await jvm(scope)).port("closing"),
  },
  {
    name: "Java listener with a full queue",
    needs: [...NEEDS, "bash"],
    expect: "listener-stuck",
    shows: /queue is full/,
    start: async (scope) => {
      const port = (await jvm(scope)).port("full");
      await silentClient(scope, port);
      await silentClient(scope, port);
      return port;
    },
  },
  {
    name: "Java program that is stopped (SIGSTOP)",
    needs: NEEDS,
    expect: "listener-stuck",
    shows: /is stopped \(state T\)/,
    start: async (scope) => {
      const java = await jvm(scope);
      freeze(java.peer.pid);
      return java.port("silent");
    },
  },
];
