import { z } from "zod";
import { type Clock, WallClock } from "./clock.ts";

/**
 * A simulated Gateway runs on a time of its own, faster than ours and on another day. It leaves a beacon beside
 * the ledger that says which; a session on the same machine may follow it, after the Gateway itself has confirmed
 * it over the API. A real TWS leaves no beacon, and its own time is the wall's: nothing changes for it.
 */
const beaconSchema = z.object({
  port: z.int(),
  pid: z.int(),
  /** Simulated epoch ms at `startedWallMs`. */
  originMs: z.number(),
  startedWallMs: z.number(),
  speed: z.number().positive(),
  date: z.string(),
});

export type GatewayBeacon = z.infer<typeof beaconSchema>;

/** How far the beacon's time may be from the Gateway's own: its clock shows whole seconds, and the answer travels. */
const AGREEMENT_MS = 2_000;

export function beaconPath(folder: string, port: number): string {
  return `${folder}/gateway-${port}.json`;
}

/** The beacon of the simulated Gateway on this port; null when there is none. */
export function readBeacon(folder: string, port: number): GatewayBeacon | null {
  let text: string;
  try {
    text = Deno.readTextFileSync(beaconPath(folder, port));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const result = beaconSchema.safeParse(parseJson(text));
  return result.success && result.data.port === port ? result.data : null;
}

/** The time a simulated Gateway says it keeps. */
export function clockOf(beacon: GatewayBeacon): Clock {
  const elapsedMs = Date.now() - beacon.startedWallMs;
  return new WallClock({
    originMs: beacon.originMs + elapsedMs * beacon.speed,
    speed: beacon.speed,
  });
}

/** True when the Gateway's own word on the time is this clock's. */
export function agrees(clock: Clock, gatewayTimeMs: number, speed: number): boolean {
  return Math.abs(clock.now() - gatewayTimeMs) <= AGREEMENT_MS * Math.max(1, speed);
}

/** A file that is no JSON is no beacon. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
