/** What TWS lets a client ask for in a time. */

/** More than this many messages in a second are told (100), and the third time the connection is closed. */
const MESSAGES_PER_SECOND_MAX = 50;
const VIOLATIONS_MAX = 3;
const SECOND_MS = 1000;

/** Of one connection. */
export class MessageRate {
  /** Times of the messages of the last second, oldest first. */
  readonly #times: number[] = [];
  #violations = 0;
  #toldAtMs = -Infinity;

  /** Counts a message. The n-th violation of the connection when it is a new one, else null. */
  count(nowMs: number): { readonly violation: number; readonly text: string } | null {
    this.#times.push(nowMs);
    while (nowMs - (this.#times[0] ?? nowMs) >= SECOND_MS) this.#times.shift();
    const received = this.#times.length;
    if (received <= MESSAGES_PER_SECOND_MAX || nowMs - this.#toldAtMs < SECOND_MS) return null;
    this.#violations++;
    this.#toldAtMs = nowMs;
    const text =
      `Max rate of messages per second has been exceeded:max=${MESSAGES_PER_SECOND_MAX} ` +
      `rec=${received} (${this.#violations})`;
    return { violation: this.#violations, text };
  }

  isTooOften(violation: number): boolean {
    return violation >= VIOLATIONS_MAX;
  }
}

/** For bars of 30 seconds and less: identical requests, many for one contract, many altogether. */
const IDENTICAL_MS = 15_000;
const SAME_CONTRACT_MS = 2_000;
const SAME_CONTRACT_MAX = 5;
const ALL_MS = 600_000;
const ALL_MAX = 60;

interface Asked {
  readonly atMs: number;
  readonly contract: string;
  readonly whole: string;
}

/** Of one client. */
export class HistoryPacing {
  #asked: Asked[] = [];

  /** True when the request has to be refused. Refused ones count too, as they do at IB. */
  isViolated(
    { contract, whole }: { readonly contract: string; readonly whole: string },
    nowMs: number,
  ): boolean {
    const recent = this.#asked.filter(({ atMs }) => nowMs - atMs < ALL_MS);
    const isIdentical = recent.some((past) =>
      past.whole === whole && nowMs - past.atMs < IDENTICAL_MS
    );
    const sameContract =
      recent.filter((past) => past.contract === contract && nowMs - past.atMs < SAME_CONTRACT_MS)
        .length;
    this.#asked = [...recent, { atMs: nowMs, contract, whole }];
    return isIdentical || sameContract >= SAME_CONTRACT_MAX || recent.length >= ALL_MAX;
  }
}
