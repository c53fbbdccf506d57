import type { PeerCase } from "./cases.ts";
import { sshd, start } from "./peers.ts";

/** Services that are no Gateway at all. */

async function python(scope: AsyncDisposableStack, script: string): Promise<number> {
  const peer = scope.use(
    await start("python3", { args: ["-u", "-c", script], ready: /port (\d+)/ }),
  );
  return Number(peer.said);
}

async function node(scope: AsyncDisposableStack, script: string): Promise<number> {
  const peer = scope.use(await start("node", { args: ["-e", script], ready: /port (\d+)/ }));
  return Number(peer.said);
}

/** A key and a certificate of its own for a server; resolves to the file that holds both. */
async function certificate(scope: AsyncDisposableStack): Promise<string> {
  const folder = await Deno.makeTempDir();
  scope.defer(() => Deno.remove(folder, { recursive: true }));
  const file = `${folder}/both.pem`;
  const script = `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=peer -keyout ${file} ` +
    `-out ${folder}/cert.pem 2>/dev/null && cat ${folder}/cert.pem >> ${file} && echo made; read -r`;
  scope.use(await start("bash", { args: ["-c", script], ready: /(made)/, stdin: "piped" }));
  return file;
}

const LOOK = ["ss", "ps"];

export const FOREIGN_CASES: readonly PeerCase[] = [
  {
    name: "HTTP server that waits for the end of the request (Python)",
    needs: ["python3", ...LOOK],
    expect: "not-the-api",
    shows: /HTTP/,
    timeoutMs: 2_000,
    start: (scope) =>
      python(
        scope,
        "import http.server as h; s=h.HTTPServer(('127.0.0.1',0),h.SimpleHTTPRequestHandler); " +
          "print('port',s.server_port); s.serve_forever()",
      ),
  },
  {
    name: "HTTP server that answers at once (Node)",
    needs: ["node", ...LOOK],
    expect: "not-the-api",
    shows: /HTTP/,
    start: (scope) =>
      node(
        scope,
        "const s=require('http').createServer(); s.listen(0,'127.0.0.1',()=>console.log('port',s.address().port))",
      ),
  },
  {
    name: "TLS server (openssl s_server)",
    needs: ["openssl", "bash", ...LOOK],
    expect: "not-the-api",
    shows: /TLS/,
    start: async (scope) => {
      const file = await certificate(scope);
      const peer = scope.use(
        await start("openssl", {
          args: ["s_server", "-accept", "127.0.0.1:0", "-key", file, "-cert", file],
          ready: /ACCEPT 127\.0\.0\.1:(\d+)/,
          // It ends with its input.
          stdin: "piped",
        }),
      );
      return Number(peer.said);
    },
  },
  {
    name: "TLS server that resets (Python)",
    needs: ["python3", "openssl", "bash", ...LOOK],
    expect: "not-the-api",
    shows: /TLS/,
    start: async (scope) => {
      const file = await certificate(scope);
      return await python(
        scope,
        `import socket,ssl
c=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain('${file}')
l=socket.create_server(('127.0.0.1',0)); print('port',l.getsockname()[1])
while True:
  s,_=l.accept()
  try: c.wrap_socket(s,server_side=True)
  except OSError: s.close()
`,
      );
    },
  },
  {
    name: "HTTPS server (Node)",
    needs: ["node", "openssl", "bash", ...LOOK],
    expect: "not-the-api",
    shows: /TLS/,
    start: async (scope) => {
      const file = await certificate(scope);
      return await node(
        scope,
        `const b=require('fs').readFileSync('${file}');const s=require('https').createServer({key:b,cert:b});` +
          "s.listen(0,'127.0.0.1',()=>console.log('port',s.address().port))",
      );
    },
  },
  {
    name: "sshd, which speaks first",
    needs: ["sshd", "ssh-keygen", "bash", ...LOOK],
    expect: "not-the-api",
    shows: /SSH/,
    start: async (scope) => (await sshd(scope)).port,
  },
  {
    name: "Python program that reads and says nothing",
    needs: ["python3", ...LOOK],
    expect: "not-the-api",
    shows: /no program of IB's/,
    start: (scope) =>
      python(
        scope,
        "import socket;l=socket.create_server(('127.0.0.1',0));print('port',l.getsockname()[1]);" +
          "s,_=l.accept();\nwhile s.recv(99): pass",
      ),
  },
];
