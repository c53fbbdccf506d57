import { print } from "../../lib/terminal.ts";
import { ask, upgradeHeaders } from "../dashboard/rig.ts";
import { toldLines } from "./line_child.ts";

/**
 * Readers of the live feed and somebody hostile, as a process of their own: `on` opens them all and waits for every
 * snapshot, `off` closes them and says how many messages came.
 */

const [portText, cookie = "", countText] = Deno.args;
const port = Number(portText);
/** A new hostile connection each time; the server ends every one of them. */
const HOSTILE_EVERY_MS = 50;
const HOSTILE: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  "x".repeat(100_000),
  '{"type":"order","symbol":"AAPL"}',
  '{"type":"subscribe","__proto__":{}}',
  new Uint8Array(4_096),
  "\u0000",
];

let readers: readonly WebSocket[] = [];
let messages = 0;
let attacks = 0;
let attacking = false;

for await (const line of toldLines()) {
  if (line === "on") await open();
  else await close();
  print(JSON.stringify({ messages, attacks }));
  messages = 0;
  attacks = 0;
}

async function open(): Promise<void> {
  readers = Array.from({ length: Number(countText) }, connect);
  await Promise.all(readers.map((socket) =>
    new Promise<void>((resolve, reject) => {
      socket.onopen = () => socket.send('{"type":"subscribe"}');
      socket.onerror = () => reject(new Error("A reader was refused"));
      socket.onmessage = () => {
        messages++;
        resolve();
      };
    })
  ));
  attacking = true;
  void attack();
}

async function close(): Promise<void> {
  attacking = false;
  const closed = readers.map((socket) => new Promise((resolve) => socket.onclose = resolve));
  for (const socket of readers) socket.close();
  await Promise.all(closed);
  readers = [];
}

/** Every few frames a flood, and every few a request that lies about where it comes from. */
async function attack(): Promise<void> {
  for (let nth = 0; attacking; nth++) {
    await new Promise((resolve) => setTimeout(resolve, HOSTILE_EVERY_MS));
    attacks++;
    if (nth % 10 === 9) {
      await ask(port, { path: "/live", headers: { origin: "http://evil.example", cookie } });
      continue;
    }
    const socket = connect();
    socket.onopen = () => {
      for (let frame = 0; frame < (nth % 10 === 8 ? 100 : 1); frame++) {
        socket.send(HOSTILE[nth % HOSTILE.length] ?? "");
      }
    };
  }
}

function connect(): WebSocket {
  const { origin = "" } = upgradeHeaders(port, cookie);
  // Deno's second argument; a browser's types, which other modules of a whole check bring along, do not know it.
  return Reflect.construct(WebSocket, [`ws://127.0.0.1:${port}/live`, {
    headers: { origin, cookie },
  }]);
}
