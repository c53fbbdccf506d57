import { connect } from "node:net";
import { UNIVERSE } from "../../lib/simulator/universe.ts";
import { print } from "../../lib/terminal.ts";
import { FrameReader } from "../../lib/wire/frame.ts";
import { encodeClientGreeting } from "../../lib/wire/greeting.ts";
import { encodeRequest } from "../../lib/wire/requests.ts";
import { quoting } from "../simulator/raw_client.ts";

/**
 * A client that subscribes to as many quotes as an account may and counts what comes, once a second a line: it reads
 * frames and looks no further. `tick_client.ts PORT CLIENT_ID`; ends when its input does.
 */

const LINES = 96;
const SERVER_VERSION = 178;
const REPORT_MS = 1000;

const [port = "", clientId = ""] = Deno.args;
const reader = new FrameReader();
const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
let messages = 0;
let bytes = 0;
let isGreeted = false;

socket.on("connect", () => {
  const versions = { minVersion: 100, maxVersion: SERVER_VERSION };
  // Without TWS's own limit of 50 messages a second.
  socket.write(encodeClientGreeting({ ...versions, connectOptions: "+PACEAPI" }));
});
socket.on("data", (chunk: Uint8Array) => {
  bytes += chunk.length;
  for (const _payload of reader.push(chunk)) {
    if (isGreeted) messages++;
    else start();
  }
});
socket.on("close", () => Deno.exit(1));

function start(): void {
  isGreeted = true;
  const send = (request: Parameters<typeof encodeRequest>[0]): void =>
    void socket.write(encodeRequest(request, SERVER_VERSION));
  send({ type: "startApi", clientId: Number(clientId), optionalCapabilities: "" });
  for (let line = 0; line < LINES; line++) {
    const listing = UNIVERSE[line % UNIVERSE.length];
    if (listing !== undefined) send(quoting(line + 1, listing.symbol));
  }
}

setInterval(() => {
  const { system, user } = cpuOf();
  print(JSON.stringify({ messages, bytes, cpuSeconds: system + user }));
}, REPORT_MS);

function cpuOf(): { readonly system: number; readonly user: number } {
  const { system, user } = process.cpuUsage();
  return { system: system / 1e6, user: user / 1e6 };
}

for await (const _chunk of Deno.stdin.readable);
Deno.exit(0);
