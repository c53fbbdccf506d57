import { maskText } from "../probe/mask.ts";
import type { GatewayPanel, Lamp } from "./feed.ts";
import type { DashboardState } from "./state.ts";
import type { SessionFold } from "./session.ts";

/** The chain to the market as the session experienced it: the port answers, the API session is ready, data comes. */
export function gatewayPanel({ session, day }: DashboardState): GatewayPanel {
  const timeline = (session?.connections ?? []).map(({ body, stamp }) => ({
    state: body.state,
    detail: maskText(body.detail),
    stamp,
  }));
  if (session === null) {
    const none = unknown("no session has run yet");
    return { port: none, session: none, data: none, timeline };
  }
  if (session.closed !== null) {
    const none = unknown("the session has ended and holds no connection");
    return { port: none, session: none, data: none, timeline };
  }
  const link = linkLamps(session);
  return { ...link, data: dataLamp(session, link, day.sampledAt), timeline };
}

function linkLamps(session: SessionFold): { readonly port: Lamp; readonly session: Lamp } {
  const said = session.connections.at(-1);
  if (said === undefined || session.state?.body.to === "connecting") {
    const because = session.state?.body.because ?? "the session has not connected yet";
    const stamp = session.state?.stamp ?? null;
    const word = "connecting";
    const lamp: Lamp = { tone: "warning", word, because: maskText(because), stamp };
    return { port: lamp, session: lamp };
  }
  const { body: { state, detail }, stamp } = said;
  const because = maskText(detail);
  switch (state) {
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
function dataLamp(
  session: SessionFold,
  link: { readonly session: Lamp },
  sample: Lamp["stamp"],
): Lamp {
  if (session.connection === "upstream-lost") {
    const said = session.connections.at(-1);
    const because = maskText(said?.body.detail ?? "");
    return { tone: "bad", word: "lost upstream", because, stamp: said?.stamp ?? null };
  }
  if (link.session.tone !== "good") return { ...link.session, word: "none", because: "no session" };
  if (sample === null) return unknown("nothing was valued yet; samples begin at the open");
  return { tone: "good", word: "valued", because: "newest valuation", stamp: sample };
}

function unknown(because: string): Lamp {
  return { tone: "unknown", word: "—", because, stamp: null };
}
