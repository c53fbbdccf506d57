import { runDashboard } from "../../tasks/dashboard.ts";

/** The task as a process of its own: port, ledger and credentials' folder as arguments. */
const [port, ledger, credentials] = Deno.args;
if (ledger === undefined || credentials === undefined) throw new RangeError("Cannot run: no files");
Deno.exitCode = await runDashboard({ port: Number(port), ledger, credentials, json: true });
