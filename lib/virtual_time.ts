import { setImmediate } from "node:timers";
import type { VirtualClock } from "./clock.ts";
import type { Traffic } from "./traffic.ts";

/** Nothing is under way and nothing is planned, yet the work is not done: it waits for something that never comes. */
export class VirtualDeadlockError extends Error {
  override readonly name = "VirtualDeadlockError";
}

/**
 * Turns of the event loop with nothing to do before a deadlock is called. A socket that closes takes a few turns
 * to say so; ten thousand idle turns are some 50 ms.
 */
const IDLE_TURNS_MAX = 10_000;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Runs `work` in virtual time: whenever both ends of every link are idle, jumps to the next timer.
 *
 * @throws {VirtualDeadlockError} when no timer is left and the work still waits
 */
export async function driveVirtualTime<T>(
  work: Promise<T>,
  { clock, traffic }: { readonly clock: VirtualClock; readonly traffic: Traffic },
): Promise<T> {
  let done = false;
  const settled = work.finally(() => {
    done = true;
  });
  // The work's failure is thrown below; until then it must not count as unhandled.
  settled.catch(() => {});
  let idleTurns = 0;
  for (;;) {
    await turn();
    if (done) return settled;
    if (traffic.quiet && clock.step()) {
      idleTurns = 0;
    } else if (traffic.quiet && ++idleTurns > IDLE_TURNS_MAX) {
      throw new VirtualDeadlockError(
        "Virtual time stands still: no timer is set and no byte is under way",
      );
    }
  }
}
