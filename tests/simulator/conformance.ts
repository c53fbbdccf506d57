import { WallClock } from "../../lib/clock.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { note, print } from "../../lib/terminal.ts";
import { at, DATE } from "./raw_client.ts";

/**
 * Runs other people's clients against the simulated Gateway, once for each server version:
 *
 *     deno run -A tests/simulator/conformance.ts "python3 driver.py 127.0.0.1 {port} 11" …
 *
 * A client passes when its command exits with 0. `{port}` becomes the Gateway's port. The clients stay outside of this
 * repository; what they print goes to stderr.
 */
const SERVER_VERSIONS = [178, 193, 200] as const;
/** A driver that takes longer waits for something that never comes. */
const LIMIT_MS = 180_000;

async function passes(command: string, port: number): Promise<boolean> {
  const [program = "", ...args] = command.replaceAll("{port}", String(port)).split(/\s+/);
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  if (!success) note(decoder.decode(stdout) + decoder.decode(stderr));
  return success;
}

let failed = 0;
for (const serverVersion of SERVER_VERSIONS) {
  for (const command of Deno.args) {
    const gateway = await startGateway({
      clock: new WallClock({ originMs: at("09:45") }),
      port: 0,
      seed: 1,
      date: DATE,
      serverVersionMax: serverVersion,
    });
    const ok = await passes(command, gateway.port);
    await gateway.close();
    if (!ok) failed++;
    print(`${ok ? "pass" : "FAIL"}  ${serverVersion}  ${command}`);
  }
}
if (Deno.args.length === 0) note("Name at least one command, with {port} in the place of the port");
Deno.exitCode = failed === 0 && Deno.args.length > 0 ? 0 : 1;
