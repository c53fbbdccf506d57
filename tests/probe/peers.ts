import { existsSync } from "node:fs";

/** Foreign programs as peers of the probe: started, waited for until they listen, and ended. */

const FOLDERS = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"];

/** Absolute path of a program, or null where it is not installed. */
export function find(program: string): string | null {
  return FOLDERS.map((folder) => `${folder}/${program}`).find((path) => existsSync(path)) ?? null;
}

export interface Peer extends AsyncDisposable {
  readonly pid: number;
  /** What the first group of the line it was waited for holds. */
  readonly said: string;
}

export interface PeerOptions {
  readonly args: readonly string[];
  /** A line on either output that says it is ready. */
  readonly ready: RegExp;
  readonly stdin?: "null" | "piped";
}

/** Starts a program and resolves when it has printed that it is ready. */
export async function start(
  program: string,
  { args, ready, stdin = "null" }: PeerOptions,
): Promise<Peer> {
  const path = find(program);
  if (path === null) throw new Error(`Cannot start ${program}: it is not installed`);
  const child = new Deno.Command(path, {
    args: [...args],
    stdin,
    stdout: "piped",
    stderr: "piped",
    // A group of its own, so that what it starts ends with it.
    detached: true,
  }).spawn();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const outputs = [child.stdout, child.stderr].map((stream) => watch(stream, ready, resolve));
  // A program that ends before it was ready has failed.
  const ended = Promise.all([child.status, ...outputs]).then(([status, ...texts]) => {
    reject(new Error(`${program} ended with ${status.code}: ${texts.join("\n").slice(0, 500)}`));
  });
  const said = await promise;
  return {
    pid: child.pid,
    said,
    async [Symbol.asyncDispose](): Promise<void> {
      if (stdin === "piped") await child.stdin.close();
      // A stopped program only dies of this one.
      Deno.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
}

async function watch(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  ready: RegExp,
  found: (said: string) => void,
): Promise<string> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const match = ready.exec(text);
    if (match !== null) found(match[1] ?? "");
  }
  return text;
}

/** A port that was free a moment ago, for programs that cannot say which one they took. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Stops a program in its tracks, as a frozen one is. */
export function freeze(pid: number): void {
  Deno.kill(pid, "SIGSTOP");
}

/** An sshd of our own, which lets the holder of `key` in. */
export async function sshd(
  scope: AsyncDisposableStack,
): Promise<{ readonly key: string; readonly port: number }> {
  const folder = await Deno.makeTempDir();
  scope.defer(() => Deno.remove(folder, { recursive: true }));
  const key = `${folder}/key`;
  const port = freePort();
  const script = [
    // Where root runs it, sshd wants this folder, which only a booted system has.
    '[ "$(id -u)" != 0 ] || mkdir -p /run/sshd',
    `ssh-keygen -q -t ed25519 -N "" -f ${key}`,
    `exec /usr/sbin/sshd -D -e -f /dev/null -h ${key} -p ${port} -o ListenAddress=127.0.0.1 ` +
    `-o AuthorizedKeysFile=${key}.pub -o StrictModes=no -o PidFile=none -o UsePAM=no`,
  ].join(" && ");
  scope.use(await start("bash", { args: ["-c", script], ready: /Server listening on (.*)/ }));
  return { key, port };
}
