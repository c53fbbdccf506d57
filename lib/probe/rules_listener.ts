import type { Evidence, ListenerEvidence, ListenerRow } from "./evidence.ts";
import { modeOfPort, portLabel } from "./ports.ts";
import { isGateway, type Program } from "./programs.ts";
import type { Diagnosis } from "./report.ts";
import { holderText, suspect } from "./rules.ts";

/** A. Nothing listens on the asked port of this machine. */

/** A Gateway opens its port up to three minutes after its start, with the second factor. */
const YOUNG_MS = 180_000;

/** port → the same program's port for the other mode */
const SIBLINGS: ReadonlyMap<number, number> = new Map([
  [4001, 4002],
  [4002, 4001],
  [7496, 7497],
  [7497, 7496],
  [4003, 4004],
  [4004, 4003],
  [7498, 7499],
  [7499, 7498],
]);

export function nobodyListens(evidence: Evidence, listener: ListenerEvidence): Diagnosis[] {
  const { port } = evidence.target;
  const closed = `nothing listens on port ${port} of this machine`;
  const elsewhere = listener.elsewhere.filter(({ holder }) => holder?.kind !== "client-portal");
  if (elsewhere.length > 0) return listensElsewhere(elsewhere, { port, closed });
  const { programs } = evidence;
  if (programs === null || !programs.seen) return programsUnseen(closed, programs?.because ?? null);
  const gateway = programs.value.find(({ kind }) => isGateway(kind));
  if (gateway !== undefined) {
    return gatewayWithoutListener(gateway, { closed, upstreamCount: listener.upstreamCount });
  }
  const other = programs.value.find(({ kind }) =>
    kind === "ibkr-desktop" || kind === "client-portal"
  );
  if (other !== undefined) {
    return [
      suspect("wrong-program", 0.95, {
        because: [closed, `${other.label} runs (pid ${other.pid})`],
      }),
    ];
  }
  return nobodyRuns(evidence, closed);
}

function listensElsewhere(
  elsewhere: readonly ListenerRow[],
  { port, closed }: { readonly port: number; readonly closed: string },
): Diagnosis[] {
  const sibling = elsewhere.find((row) => row.port === SIBLINGS.get(port));
  const found = sibling ?? elsewhere.find((row) => modeOfPort(row.port) === modeOfPort(port)) ??
    elsewhere[0];
  if (found === undefined) return [];
  const mode = modeOfPort(found.port);
  const because = [closed, `${holderText(found.holder)} listens on ${portLabel(found.port)}`];
  const tryIt = `If that is the one you mean: deno task probe --port ${found.port}`;
  const warning = mode === "live" ? ["That is the port for LIVE trading: real money."] : [];
  if (sibling !== undefined) {
    return [suspect("other-mode-port", 0.9, {
      because,
      remedy: [`Log in to ${modeOfPort(port)} trading instead of ${mode}.`, tryIt, ...warning],
    })];
  }
  const known = found.holder !== null && found.holder.kind !== "other";
  return [suspect("wrong-port", known ? 0.95 : 0.7, { because, remedy: [tryIt, ...warning] })];
}

function gatewayWithoutListener(
  gateway: Program,
  { closed, upstreamCount }: { readonly closed: string; readonly upstreamCount: number | null },
): Diagnosis[] {
  const runs = `${gateway.label} runs (pid ${gateway.pid})`;
  const young = gateway.ageMs !== null && gateway.ageMs < YOUNG_MS;
  if (young || gateway.kind === "simulator") {
    const because = [closed, `${runs}, started ${seconds(gateway.ageMs)} ago`];
    return [
      suspect("starting-or-restarting", 0.55, { because }),
      suspect("at-login", gateway.kind === "simulator" ? 0.1 : 0.4, { because }),
    ];
  }
  if (upstreamCount === null) {
    const because = [closed, runs, "its other connections are hidden from us"];
    const wouldSeparate =
      "Run the probe as the user that runs it, or with sudo: has it a connection to IBKR?";
    return [
      suspect("at-login", 0.5, { because, wouldSeparate }),
      suspect("api-disabled", 0.35, { because, wouldSeparate }),
    ];
  }
  if (upstreamCount === 0) {
    const because = [closed, runs, "it has no connection to IBKR, so nobody is logged in"];
    return [
      suspect("at-login", 0.75, { because }),
      suspect("starting-or-restarting", 0.15, { because }),
    ];
  }
  const because = [closed, runs, "it is connected to IBKR, so somebody is logged in"];
  if (gateway.kind === "tws") {
    return [
      suspect("api-disabled", 0.85, { because }),
      suspect("starting-or-restarting", 0.05, { because }),
    ];
  }
  return [
    suspect("starting-or-restarting", 0.55, { because }),
    suspect("api-disabled", 0.2, {
      because,
      remedy: [
        "Start TWS once with the same user, tick Enable ActiveX and Socket Clients, restart the Gateway.",
      ],
    }),
  ];
}

function programsUnseen(closed: string, why: string | null): Diagnosis[] {
  const because = [
    closed,
    why === null ? "programs were not looked at" : `programs are hidden: ${why}`,
  ];
  const wouldSeparate = "Look whether TWS or IB Gateway runs: ps -ax";
  return [
    suspect("not-running", 0.5, { because, wouldSeparate }),
    suspect("at-login", 0.35, { because, wouldSeparate }),
  ];
}

function nobodyRuns(evidence: Evidence, closed: string): Diagnosis[] {
  const { namespace } = evidence.observer;
  const because = [closed, "no TWS, IB Gateway or relay runs here"];
  if (!namespace.seen || namespace.value !== "container") {
    return [suspect("not-running", 0.97, { because })];
  }
  const contained = [...because, "this is a container, and the Gateway may be outside"];
  return [
    suspect("not-running", 0.55, { because: contained }),
    suspect("other-namespace", 0.4, { because: contained }),
  ];
}

function seconds(ms: number | null): string {
  return ms === null ? "an unknown time" : `${Math.round(ms / 1000)} s`;
}
