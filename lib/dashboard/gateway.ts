import { maskText } from "../probe/mask.ts";
import { speedOf } from "./clock_speed.ts";
import type { FarmRow, GatewayPanel, Lamp, Stamp } from "./feed.ts";
import { isWell, type LinkFold } from "./link.ts";
import type { DashboardState } from "./state.ts";
import type { SessionFold } from "./session.ts";

/**
 * The chain to the market as the session experienced it: the port answers, the API session is ready, data comes,
 * through IB's farms, and by a clock that agrees with ours.
 */
export function gatewayPanel({ session, day, opened }: DashboardState): GatewayPanel {
  const timeline = session?.link.timeline ?? [];
  if (session === null) return dark("no session has run yet", timeline);
  if (session.closed !== null) {
    return dark("the session has ended and holds no connection", timeline);
  }
  const { link } = session;
  const lamps = linkLamps(session);
  const speed = speedOf(opened?.body.clock ?? "wall") ?? 1;
  const connected = lamps.session.tone === "good";
  const farmList = connected ? farmRows(link) : [];
  return {
    ...lamps,
    data: dataLamp(link, lamps.session, day.sampledAt),
    farms: connected ? farmsLamp(farmList) : unknown("no session"),
    clock: clockLamp(link, speed),
    farmList,
    clockOffsetMs: link.clock?.body.offsetMs ?? null,
    timeline,
  };
}

/** Nothing is known of any link. */
function dark(because: string, timeline: GatewayPanel["timeline"]): GatewayPanel {
  const none = unknown(because);
  const lamps = { port: none, session: none, data: none, farms: none, clock: none };
  return { ...lamps, farmList: [], clockOffsetMs: null, timeline };
}

function linkLamps({ link, state }: SessionFold): Pick<GatewayPanel, "port" | "session"> {
  const said = link.connection;
  if (said === null || state?.body.to === "connecting") {
    const because = state?.body.because ?? "the session has not connected yet";
    const stamp = state?.stamp ?? null;
    const word = "connecting";
    const lamp: Lamp = { tone: "warning", word, because: maskText(because), stamp };
    return { port: lamp, session: lamp };
  }
  const stamp = said.stamp;
  const because = maskText(said.body.detail);
  switch (said.body.state) {
    case "ready":
    case "upstream-lost":
      return {
        port: { tone: "good", word: "answers", because, stamp },
        session: { tone: "good", word: "ready", because, stamp },
      };
    case "connecting":
      return {
        port: { tone: "warning", word: "connecting", because, stamp },
        session: { tone: "warning", word: "connecting", because, stamp },
      };
    case "closed":
      return {
        port: { tone: "bad", word: "lost", because, stamp },
        session: { tone: "bad", word: "lost", because, stamp },
      };
  }
}

/** The ledger keeps no ticks: a valuation is the proof that prices came. */
function dataLamp(link: LinkFold, session: Lamp, sample: Stamp | null): Lamp {
  if (link.state === "upstream-lost") {
    const because = maskText(link.connection?.body.detail ?? "");
    return { tone: "bad", word: "lost upstream", because, stamp: link.connection?.stamp ?? null };
  }
  if (session.tone !== "good") return { ...session, word: "none", because: "no session" };
  if (sample === null) return unknown("nothing was valued yet; samples begin at the open");
  return { tone: "good", word: "valued", because: "newest valuation", stamp: sample };
}

function farmRows({ farms }: LinkFold): readonly FarmRow[] {
  return [...farms.values()].map(({ body: { farm, service, state }, stamp }) => ({
    farm,
    service,
    state,
    stamp,
  }));
}

/** Without market data nothing can be priced; history and definitions are needed when a session begins. */
function farmsLamp(rows: readonly FarmRow[]): Lamp {
  const because = rows.map(({ farm, state }) => `${farm} ${state}`).join(", ");
  const down = rows.filter(({ state }) => !isWell(state));
  const [worst] = down.toSorted((a, b) => weight(b) - weight(a));
  if (worst !== undefined) {
    const more = down.length === 1 ? "" : ` +${down.length - 1}`;
    const tone = weight(worst) === 2 ? "bad" : "warning";
    return { tone, word: `${worst.farm} ${worst.state}${more}`, because, stamp: worst.stamp };
  }
  const newest = rows.map(({ stamp }) => stamp).toSorted((a, b) => b.at - a.at)[0];
  if (newest === undefined) return unknown("TWS has not said anything of its data farms");
  return { tone: "good", word: `${rows.length} ready`, because, stamp: newest };
}

function weight({ service, state }: FarmRow): number {
  return service === "market-data" && state === "down" ? 2 : 1;
}

/** Whole seconds come over the wire: half a second either way cannot be told. */
const CLOCK_UNSEEN_MS = 500;
/** As the probe has it: orders carry times, and a second off is a wrong clock, not a slow network. */
const CLOCK_OFF_MAX_MS = 1_000;

function clockLamp({ clock }: LinkFold, speed: number): Lamp {
  if (clock === null) return unknown("the session has not compared its clock with TWS's");
  const { body: { offsetMs, roundTripMs }, stamp } = clock;
  const off = Math.abs(offsetMs);
  const side = offsetMs > 0 ? "ahead" : "behind";
  // What the answer took on its way could all be on one side of it.
  const slackMs = roundTripMs / 2;
  const unseen = off <= CLOCK_UNSEEN_MS * speed + slackMs;
  const seconds = `${offsetMs > 0 ? "+" : "−"}${(off / 1_000).toFixed(1)} s`;
  return {
    tone: off - slackMs > CLOCK_OFF_MAX_MS * speed ? "warning" : "good",
    word: unseen ? "in step" : seconds,
    because: `TWS is ${Math.round(off)} ms ${side}, asked in ${Math.round(roundTripMs)} ms; ` +
      "it tells whole seconds, so half a second either way is unknown",
    stamp,
  };
}

function unknown(because: string): Lamp {
  return { tone: "unknown", word: "—", because, stamp: null };
}
