import { VirtualClock } from "../../lib/clock.ts";
import { Account } from "../../lib/simulator/account.ts";
import { Exchange } from "../../lib/simulator/exchange.ts";
import { Market } from "../../lib/simulator/market.ts";
import { Pulse } from "../../lib/simulator/pulse.ts";
import { UNIVERSE } from "../../lib/simulator/universe.ts";
import { print } from "../../lib/terminal.ts";
import { at } from "../simulator/raw_client.ts";

/**
 * A whole market day of every stock in virtual time and without a client: each second's quotes and trades made, and
 * the exchange matched, from 09:25 to 16:05. `deno run -P=tests tests/bench/gateway_day.ts`
 */

const TIMES = 3;

function day(seed: number): { readonly steps: number; readonly volume: number } {
  const clock = new VirtualClock(at("09:25"));
  const market = new Market({ seed });
  let steps = 0;
  const pulse = new Pulse({
    clock,
    days: market.days,
    stepMs: market.stepMs,
    listener: {
      opened: (segment) => exchange.open(segment),
      stepped: () => {
        exchange.step();
        for (const listing of UNIVERSE) exchange.ticker(listing).snapshot(clock.now());
        steps++;
      },
      closed: (segment) => exchange.close(segment),
    },
  });
  const exchange = new Exchange({
    seed,
    market,
    accounts: new Map([["DU1", new Account("DU1", 100_000_000_000n)]]),
    listener: {
      changed: () => {},
      statusChanged: () => {},
      message: () => {},
      executed: () => {},
      commissioned: () => {},
    },
    segment: pulse.segment,
    now: () => clock.now(),
    later: (delayMs, callback) => void clock.at(clock.now() + delayMs, callback),
  });
  clock.advanceTo(at("16:05"));
  const volume = UNIVERSE.reduce(
    (sum, listing) => sum + exchange.ticker(listing).snapshot(clock.now()).volume,
    0,
  );
  return { steps, volume };
}

for (let nth = 1; nth <= TIMES; nth++) {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const { steps, volume } = day(nth);
  const { user, system } = process.cpuUsage(before);
  print(
    `seed ${nth}: ${UNIVERSE.length} stocks, ${steps} steps, ${
      volume.toLocaleString("en-US")
    } shares: ` +
      `${((performance.now() - startedMs) / 1000).toFixed(2)} s, CPU ${
        ((user + system) / 1e6).toFixed(2)
      } s`,
  );
}
