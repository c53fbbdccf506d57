import process from "node:process";
import { print } from "../../lib/terminal.ts";
import { runDashboard } from "../../tasks/dashboard.ts";
import { toldLines } from "./line_child.ts";

/** The dashboard as a process that says, when told anything, how much CPU it took so far, ms. */
const [ledger, credentials] = Deno.args;
if (ledger === undefined || credentials === undefined) throw new RangeError("Cannot run: no files");
void answer();
Deno.exitCode = await runDashboard({ port: 0, ledger, credentials, json: true });

async function answer(): Promise<void> {
  for await (const _ of toldLines()) {
    const { user, system } = process.cpuUsage();
    print(String((user + system) / 1_000));
  }
}
