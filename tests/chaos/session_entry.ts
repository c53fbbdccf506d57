import { live } from "./session_process.ts";

/** A session process from its sources. */

await live(Deno.args[0] ?? "");
// Its ear to the rig would keep it alive.
Deno.exit(0);
