import type { Clock } from "../clock.ts";
import type { Reply } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import { SINCE } from "../wire/versions.ts";
import type { Question } from "./conversation.ts";
import type { GatewayTime } from "./deps.ts";
import type { ClockEvidence } from "./evidence.ts";

/** Orders carry times; a second off is a wrong clock, not a slow network. */
const SKEW_MAX_MS = 1_000;

/** What time it is at the Gateway. It answers itself, so a missing answer says the connection is not heard. */
export class ClockQuestion implements Question {
  readonly asks: readonly Request[];
  readonly withdraws: readonly Request[] = [];
  readonly #clock: Clock;
  readonly #gatewayTime: GatewayTime;
  readonly #resolutionMs: number;
  readonly #askedMs: number;
  #evidence: ClockEvidence;

  constructor(
    clock: Clock,
    { serverVersion, gatewayTime }: {
      readonly serverVersion: number;
      readonly gatewayTime: GatewayTime | null;
    },
  ) {
    const inMillis = serverVersion >= SINCE.CURRENT_TIME_IN_MILLIS;
    this.#clock = clock;
    this.#gatewayTime = gatewayTime ?? { now: () => clock.now(), speed: 1 };
    this.#resolutionMs = inMillis ? 1 : 1000;
    this.#askedMs = clock.now();
    this.asks = [{ type: inMillis ? "reqCurrentTimeInMillis" : "reqCurrentTime" }];
    this.#evidence = {
      answered: false,
      skewMs: null,
      roundTripMs: null,
      resolutionMs: this.#resolutionMs,
      limitMs: SKEW_MAX_MS * this.#gatewayTime.speed,
    };
  }

  get answered(): boolean {
    return this.#evidence.answered;
  }

  get evidence(): ClockEvidence {
    return this.#evidence;
  }

  hear(reply: Reply): void {
    if (reply.type === "currentTime") this.#told(reply.time * 1000);
    else if (reply.type === "currentTimeInMillis") this.#told(reply.timeMs);
  }

  #told(gatewayMs: number): void {
    const roundTripMs = this.#clock.now() - this.#askedMs;
    const { speed } = this.#gatewayTime;
    this.#evidence = {
      ...this.#evidence,
      answered: true,
      skewMs: skew(gatewayMs, {
        oursMs: this.#gatewayTime.now() - roundTripMs * speed / 2,
        resolutionMs: this.#resolutionMs,
      }),
      roundTripMs,
    };
  }
}

/** Gateway minus ours. A time in whole seconds stands for all of that second: inside it there is no skew to see. */
export function skew(
  gatewayMs: number,
  { oursMs, resolutionMs }: { readonly oursMs: number; readonly resolutionMs: number },
): number {
  if (oursMs < gatewayMs) return Math.round(gatewayMs - oursMs);
  const lastMs = gatewayMs + resolutionMs - 1;
  return oursMs <= lastMs ? 0 : Math.round(lastMs - oursMs);
}
