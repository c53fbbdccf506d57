import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { sleep, VirtualClock } from "../lib/clock.ts";
import { Traffic } from "../lib/traffic.ts";
import { driveVirtualTime, VirtualDeadlockError } from "../lib/virtual_time.ts";

Deno.test("driveVirtualTime() passes a year of sleep in an instant", async () => {
  const clock = new VirtualClock(0);
  const year = 365 * 86_400_000;
  await driveVirtualTime(sleep(clock, year), { clock, traffic: new Traffic() });
  strictEqual(clock.now(), year);
});

Deno.test("driveVirtualTime() says that time stands still when the work waits for nothing", async () => {
  const clock = new VirtualClock(0);
  const never = driveVirtualTime(new Promise(() => {}), { clock, traffic: new Traffic() });
  await rejects(never, VirtualDeadlockError);
});

Deno.test("driveVirtualTime() throws what the work threw", async () => {
  const clock = new VirtualClock(0);
  const failing = driveVirtualTime(
    sleep(clock, 5).then(() => {
      throw new RangeError("no such thing");
    }),
    { clock, traffic: new Traffic() },
  );
  await rejects(failing, /no such thing/);
});

Deno.test("time stands still while a byte is under way on a real socket", async () => {
  const clock = new VirtualClock(0);
  const traffic = new Traffic();
  const arrivals: number[] = [];
  const server = net.createServer((socket) => {
    const port = socket.remotePort ?? 0;
    traffic.opened(port, "server");
    socket.on("data", (bytes) => {
      arrivals.push(clock.now());
      traffic.processed(port, "server", bytes.length);
    });
    socket.on("close", () => traffic.closed(port, "server"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");

  const talk = async (): Promise<void> => {
    traffic.dialling();
    const socket = net.connect(address.port, "127.0.0.1");
    await once(socket, "connect");
    const port = socket.localPort ?? 0;
    traffic.opened(port, "client");
    traffic.dialled();
    for (const at of [10, 20, 30]) {
      await sleep(clock, 10);
      strictEqual(clock.now(), at);
      traffic.wrote(port, "client", 3);
      socket.write("abc");
    }
    // Were time not to wait for the bytes, this timer would fire before they arrive.
    await sleep(clock, 1);
    socket.destroy();
    traffic.closed(port, "client");
  };
  await driveVirtualTime(talk(), { clock, traffic });
  deepStrictEqual(arrivals, [10, 20, 30]);
  server.close();
  await once(server, "close");
});
