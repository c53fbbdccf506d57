import type { ConnectionState } from "./broker.ts";

/** What a message code of TWS means to us. The numbers and their meaning are IB's (API message codes). */
export interface CodeMeaning {
  readonly meaning: string;
  /** `note` is no trouble, `warning` needs an eye, `error` stops what it is about. */
  readonly severity: "note" | "warning" | "error";
  /** The connection state it announces; null when it says nothing about the link to IB. */
  readonly state: ConnectionState | null;
  /** What an operator can do; empty when there is nothing to do. */
  readonly remedy: string;
}

const WAIT_FOR_UPSTREAM =
  "Wait: it comes back by itself after the nightly reset; else check the internet link and other logins of this user";
const SUBSCRIBE = "Subscribe in Client Portal → Settings → Market Data Subscriptions";

function note(meaning: string, state: ConnectionState | null = null): CodeMeaning {
  return { meaning, severity: "note", state, remedy: "" };
}

function warning(meaning: string, remedy: string): CodeMeaning {
  return { meaning, severity: "warning", state: null, remedy };
}

function failure(
  meaning: string,
  remedy: string,
  state: ConnectionState | null = null,
): CodeMeaning {
  return { meaning, severity: "error", state, remedy };
}

/** Codes TWS sends about an order it keeps all the same. */
const ORDER_CODES: readonly (readonly [number, CodeMeaning])[] = [
  [103, failure("Duplicate order id", "Persist the highest order id used and start above it")],
  [104, failure("A filled or cancelled order cannot be modified", "")],
  [105, failure("The modified order does not match the original", "")],
  [110, failure("The price is not a multiple of the minimum tick", "Round the price to minTick")],
  [161, warning("The order cannot be cancelled in its state", "")],
  [201, failure("Order rejected", "Read the reason in the text")],
  [202, note("Order cancelled")],
  [203, failure("The security is not allowed for this account", "Check trading permissions")],
  [399, warning("Order message; the order stays", "")],
  [404, warning("Order held while shares are located", "")],
  [434, failure("The order size is zero", "")],
  [451, failure("The order exceeds the total value limit", "Change API → Precautions")],
  [460, failure("No trading permission", "Request it in Client Portal")],
  [10015, failure("Trading is not allowed in the API", "Ask IB to enable it for the account")],
  [10147, warning("The order to cancel is not found", "")],
  [10148, warning("The order to cancel cannot be cancelled any more", "")],
  [10149, failure("Invalid order id", "")],
  [10311, failure("Direct-routed order discarded", "Change API → Precautions, or route to SMART")],
  [10349, warning("Time in force was set by the order preset", "Change the TWS preset")],
  [2109, note("Outside-regular-hours attribute ignored")],
];

const LINK_CODES: readonly (readonly [number, CodeMeaning])[] = [
  [1100, failure("TWS lost its link to IB", WAIT_FOR_UPSTREAM, "upstream-lost")],
  [1101, note("TWS is linked to IB again; market data must be requested again", "ready")],
  [1102, note("TWS is linked to IB again; market data was kept", "ready")],
  [
    1300,
    failure("TWS moved its API port and drops us", "Connect to the new port", "upstream-lost"),
  ],
  [2110, failure("TWS lost its link to IB", WAIT_FOR_UPSTREAM, "upstream-lost")],
  [2103, warning("Market data farm is broken", WAIT_FOR_UPSTREAM)],
  [2105, warning("Historical data farm is broken", WAIT_FOR_UPSTREAM)],
  [2157, warning("Security definition farm is broken", WAIT_FOR_UPSTREAM)],
  [2104, note("Market data farm is connected")],
  [2106, note("Historical data farm is connected")],
  [2158, note("Security definition farm is connected")],
  [2107, note("Historical data farm is idle, available on demand")],
  [2108, note("Market data farm is idle, available on demand")],
  [2119, note("Market data farm is connecting")],
  [2159, note("Security definition farm is idle")],
  [
    326,
    failure("The client id is in use", "Close the other client or configure another client id"),
  ],
  [10141, failure("The paper trading disclaimer is not accepted", "Accept it in TWS")],
  [502, failure("Cannot reach TWS", "Start TWS or IB Gateway and enable its API")],
  [504, failure("Not connected", "")],
  [505, warning("A message could not be read", "Check the version of TWS")],
  [507, failure("TWS closed the link", "See the log of TWS")],
];

const DATA_CODES: readonly (readonly [number, CodeMeaning])[] = [
  [100, failure("More than 50 messages a second", "Lower maxMessagesPerSecond")],
  [101, failure("Too many market data lines", "Subscribe to fewer symbols")],
  [162, failure("Historical data refused", "Read the reason in the text")],
  [165, warning("Historical data service reports", "")],
  [200, failure("No such contract, or its farm is down", "Check the symbol; see 2157 and 2103")],
  [320, failure("TWS could not read a request", "")],
  [
    321,
    failure("TWS refused a request", "If it says Read-Only: untick API → Settings → Read-Only"),
  ],
  [322, failure("TWS could not process a request", "")],
  [354, failure("Market data is not subscribed", SUBSCRIBE)],
  [366, warning("No such historical data query", "")],
  [420, failure("No permission for real-time bars, or pacing violation", SUBSCRIBE)],
  [2137, note("Cross-side warning")],
  [2152, note("Deep-book rows need more subscriptions")],
  [2174, warning("A request time had no zone", "")],
  [2176, note("Fractional sizes are cut for old clients")],
  [10089, warning("The API needs an additional subscription", SUBSCRIBE)],
  [10090, warning("Part of the market data is not subscribed", SUBSCRIBE)],
  [10091, warning("Part of the market data needs an API subscription", SUBSCRIBE)],
  [10167, warning("Not subscribed: delayed market data is shown", SUBSCRIBE)],
  [10168, failure("Not subscribed, and delayed data is not enabled", SUBSCRIBE)],
  [10186, failure("Not subscribed, and delayed data is not enabled", SUBSCRIBE)],
  [10187, failure("No permission for historical ticks", SUBSCRIBE)],
  [10189, failure("No permission for tick-by-tick data", SUBSCRIBE)],
  [10190, failure("Too many tick-by-tick subscriptions", "")],
  [
    10197,
    failure("No data during a competing live session", "Log out the phone or Client Portal"),
  ],
];

// code → meaning
const CODES: ReadonlyMap<number, CodeMeaning> = new Map([
  ...ORDER_CODES,
  ...LINK_CODES,
  ...DATA_CODES,
]);

/** IB reserves these for warnings (system and order warnings). */
const WARNINGS_FROM = 2100;
const WARNINGS_TO = 2199;

/** What `code` means; an unknown one is an error, except in IB's range of warnings. */
export function meaningOf(code: number): CodeMeaning {
  const known = CODES.get(code);
  if (known !== undefined) return known;
  return code >= WARNINGS_FROM && code <= WARNINGS_TO
    ? warning("Warning of TWS", "")
    : failure("Error of TWS", "");
}

/** The client id is in use. */
export const CLIENT_ID_IN_USE = 326;
/** Our own finding, with the code the official clients give it: a message came that cannot be read. */
export const UNREADABLE = 505;
/** No such contract. */
export const NO_CONTRACT = 200;
/** The historical data service's answer to anything it will not serve, an empty window included. */
export const HISTORY_REFUSED = 162;
/** A request was refused by validation; with id -1 it is one of those that carry no id. */
export const VALIDATION = 321;
/** TWS is linked to IB again and has forgotten every market data subscription. */
export const DATA_LOST = 1101;

/**
 * Our own order message, negative so that no code of IB can be taken for it: the order never left this process
 * (its deadline passed, it was cancelled, or the link went down while the rate limit held it). It is certain that
 * TWS never saw it.
 */
export const ORDER_NOT_SENT = -1;
/** Our own order message: a cancel that never left this process. The order lives on. */
export const CANCEL_NOT_SENT = -2;
/** Our own order message: a change that never left this process. The order stands as it stood. */
export const CHANGE_NOT_SENT = -3;
