import { ok, strictEqual } from "node:assert/strict";
import { agrees, beaconPath, clockOf, readBeacon } from "../lib/beacon.ts";
import { VirtualClock } from "../lib/clock.ts";

const NINE_TWENTY_FIVE = Date.UTC(2026, 10, 20, 14, 25);

function inFolder(test: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const beacon = {
  port: 4002,
  pid: 1,
  originMs: NINE_TWENTY_FIVE,
  startedWallMs: 0,
  speed: 60,
  date: "2026-11-20",
};

Deno.test("readBeacon() finds no beacon where none was left, or where it is another port's or no JSON", () => {
  inFolder((folder) => {
    strictEqual(readBeacon(folder, 4002), null);
    Deno.writeTextFileSync(beaconPath(folder, 4002), JSON.stringify({ ...beacon, port: 4003 }));
    strictEqual(readBeacon(folder, 4002), null);
    Deno.writeTextFileSync(beaconPath(folder, 4002), "{");
    strictEqual(readBeacon(folder, 4002), null);
  });
});

Deno.test("clockOf() shows the simulated time, as much later as the Gateway has run", () => {
  inFolder((folder) => {
    const startedWallMs = Date.now() - 10_000;
    Deno.writeTextFileSync(beaconPath(folder, 4002), JSON.stringify({ ...beacon, startedWallMs }));
    const found = readBeacon(folder, 4002);
    ok(found !== null);
    const aheadMs = clockOf(found).now() - NINE_TWENTY_FIVE;
    ok(aheadMs >= 600_000 && aheadMs < 660_000, `${aheadMs} ms after its start`);
  });
});

Deno.test("agrees() believes a Gateway within two seconds, and not one that keeps the wall's time", () => {
  const clock = new VirtualClock(NINE_TWENTY_FIVE);
  ok(agrees(clock, NINE_TWENTY_FIVE + 1_900, 1));
  strictEqual(agrees(clock, NINE_TWENTY_FIVE + 2_100, 1), false);
  ok(agrees(clock, NINE_TWENTY_FIVE - 90_000, 60));
  strictEqual(agrees(clock, Date.UTC(2026, 10, 22), 60), false);
});
