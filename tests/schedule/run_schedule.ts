/** `deno task schedule` in a process of its own. Arguments: the options as JSON, the time it believes it is, and its speed. */
import { WallClock } from "../../lib/clock.ts";
import { runSchedule } from "../../tasks/schedule.ts";

const [options = "{}", now = "", speed = "1"] = Deno.args;
const originMs = Temporal.Instant.from(now).epochMilliseconds;
Deno.exitCode = await runSchedule(JSON.parse(options), {
  clock: new WallClock({ originMs, speed: Number(speed) }),
});
