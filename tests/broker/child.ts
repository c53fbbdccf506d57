import { connectIb } from "../../lib/broker/ib.ts";
import { WallClock } from "../../lib/clock.ts";

/** A program that connects, asks the time, and ends as it is told: by `close`, by `exit`, or by `leave`. */
const [port = "", end = ""] = Deno.args;
const broker = await connectIb({
  host: "127.0.0.1",
  port: Number(port),
  clientId: 7,
  clock: new WallClock(),
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 10_000,
  answerTimeoutMs: 10_000,
});
await broker.currentTime();
if (end === "exit") Deno.exit(0);
await broker.close();
