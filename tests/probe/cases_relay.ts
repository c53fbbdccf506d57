import type { PeerCase } from "./cases.ts";
import { simulated } from "./cases_simulator.ts";
import { deafListener, listen } from "./mini_gateway.ts";
import { freePort, freeze, type Peer, sshd, start } from "./peers.ts";

/** Relays: they accept for somebody else, whether that one lives or not. */

interface Relay {
  readonly peer: Peer;
  readonly port: number;
}

async function socat(scope: AsyncDisposableStack, target: number): Promise<Relay> {
  const peer = scope.use(
    await start("socat", {
      args: ["-d", "-d", "TCP4-LISTEN:0,bind=127.0.0.1,fork", `TCP4:127.0.0.1:${target}`],
      ready: /listening on AF=2 127\.0\.0\.1:(\d+)/,
    }),
  );
  return { peer, port: Number(peer.said) };
}

/** An ssh client that forwards to `target` through an sshd of ours. */
async function tunnel(scope: AsyncDisposableStack, target: number): Promise<number> {
  const { key, port: sshPort } = await sshd(scope);
  const port = freePort();
  scope.use(
    await start("ssh", {
      args: [
        ...["-v", "-N", "-F", "none", "-i", key, "-p", String(sshPort)],
        ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"],
        ...["-L", `${port}:127.0.0.1:${target}`, "127.0.0.1"],
      ],
      ready: /Entering interactive session/,
    }),
  );
  return port;
}

const SOCAT = ["socat", "ss", "ps"];
const SSH = ["ssh", "sshd", "ssh-keygen", "bash", "ss", "ps"];

export const RELAY_CASES: readonly PeerCase[] = [
  {
    name: "socat to a port where nobody listens",
    needs: SOCAT,
    expect: "relay-backend-dead",
    shows: /nothing listens there/,
    start: async (scope) => (await socat(scope, freePort())).port,
  },
  {
    name: "socat to a Gateway that never accepts",
    needs: SOCAT,
    expect: "listener-stuck",
    shows: /does not accept it/,
    start: async (scope) => (await socat(scope, scope.use(deafListener()).port)).port,
  },
  {
    name: "socat to a Gateway whose queue is full",
    needs: [...SOCAT, "python3"],
    expect: "listener-stuck",
    shows: /that connect hangs/,
    start: async (scope) => (await socat(scope, await fullListener(scope))).port,
  },
  {
    name: "socat to a Gateway that reads and never answers",
    needs: SOCAT,
    expect: "modal-dialog",
    start: async (scope) => (await socat(scope, scope.use(listen(() => {})).port)).port,
  },
  {
    name: "socat to a healthy Gateway",
    needs: SOCAT,
    expect: "ready",
    start: async (scope) => (await socat(scope, await simulated(scope))).port,
  },
  {
    name: "socat that is stopped (SIGSTOP)",
    needs: SOCAT,
    expect: "relay-backend-dead",
    shows: /itself does not take our connection/,
    start: async (scope) => {
      const relay = await socat(scope, freePort());
      freeze(relay.peer.pid);
      return relay.port;
    },
  },
  {
    name: "ssh -L to a port where nobody listens",
    needs: SSH,
    expect: "relay-backend-dead",
    start: (scope) => tunnel(scope, freePort()),
  },
  {
    name: "ssh -L to a Gateway that never accepts",
    needs: SSH,
    expect: "listener-stuck",
    start: (scope) => tunnel(scope, scope.use(deafListener()).port),
  },
  {
    name: "ssh -L to a healthy Gateway",
    needs: SSH,
    expect: "ready",
    start: async (scope) => tunnel(scope, await simulated(scope)),
  },
];

/** A queue of one, taken: the kernel answers no further connect. */
async function fullListener(scope: AsyncDisposableStack): Promise<number> {
  const script = [
    "import socket,sys",
    "s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(0); p=s.getsockname()[1]",
    "c=[socket.socket() for _ in range(3)]",
    "[x.setblocking(False) for x in c]; [x.connect_ex(('127.0.0.1',p)) for x in c]",
    "print('port',p,flush=True); sys.stdin.read()",
  ].join("\n");
  const peer = scope.use(
    await start("python3", { args: ["-c", script], ready: /port (\d+)/, stdin: "piped" }),
  );
  return Number(peer.said);
}
