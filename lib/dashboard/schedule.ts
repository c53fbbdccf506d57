import { readState, ScheduleStateError } from "../schedule/state.ts";
import type { SchedulePanel } from "./feed.ts";

/** What the schedule's own file says. It is read, never written. */
export function schedulePanel(path: string): SchedulePanel {
  try {
    const { next, lastCompleted, failures } = readState(path);
    if (next === null && lastCompleted === null) {
      return { known: false, because: "deno task schedule has not run here" };
    }
    return {
      known: true,
      next: next === null ? null : { step: next.step, at: Date.parse(next.at) },
      lastCompleted: lastCompleted === null ? null : {
        step: lastCompleted.step,
        date: lastCompleted.date,
        exitCode: lastCompleted.exitCode,
        at: Date.parse(lastCompleted.at),
      },
      failures: Object.entries(failures)
        .filter(([, { inARow }]) => inARow > 0)
        .map(([step, { inARow }]) =>
          `${step} ${inARow} ${inARow === 1 ? "time" : "times in a row"}`
        ),
    };
  } catch (error) {
    if (error instanceof ScheduleStateError) {
      const [first = error.message] = error.message.split("\n");
      return { known: false, because: first };
    }
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied) {
      return { known: false, because: `its file cannot be read: ${error.message}` };
    }
    throw error;
  }
}
