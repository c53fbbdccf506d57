import type { Cause } from "./cause.ts";

/** Causes that show from the greeting on. */
export const SESSION_CAUSES = {
  "server-too-old": {
    title: "TWS or IB Gateway is too old",
    meaning: "Its version of the API is older than what clients of today understand.",
    shows: "The version it names, or an answer without frames.",
    remedy: ["Update TWS or IB Gateway (the offline version, latest or stable)."],
    wouldSeparate: "Nothing more is needed: it names its version.",
    reference: "A4, V1",
  },
  "client-id-in-use": {
    title: "that client id is in use",
    meaning:
      "Every connection needs its own client id; one that was not closed can stay taken until a restart.",
    shows:
      "Error 326, or the end of the connection behind our start that another id does not meet.",
    remedy: [
      "Use another --client-id, or stop the client that has it.",
      "If none has it: restart TWS or IB Gateway.",
    ],
    wouldSeparate: "deno task probe without --client-id.",
    reference: "C1",
  },
  "paper-disclaimer": {
    title: "the paper trading disclaimer has not been accepted",
    meaning: "Until somebody accepts it once on screen, a paper login takes no API connections.",
    shows: "Error 10141 or 2139.",
    remedy: [
      "Log in to the paper account by hand and accept the disclaimer.",
      "With IBC: AcceptNonBrokerageAccountWarning=yes",
    ],
    wouldSeparate: "Nothing more is needed: it says so.",
    reference: "C4",
  },
  "start-api-unanswered": {
    title: "it greets us and then falls silent",
    meaning:
      "The version came, the session does not start: a dialog, or data that is still loading.",
    shows: "A greeting, and neither accounts nor an order id behind it.",
    remedy: ["Look at its screen for a question or a message.", "Wait: deno task probe --wait 60"],
    wouldSeparate: "deno task probe --wait 60, and click what is on its screen.",
    reference: "C5, I1, I3",
  },
  "no-accounts": {
    title: "it names no account",
    meaning: "The login is still loading, or has no account that can trade.",
    shows: "An order id, and no or an empty list of accounts.",
    remedy: ["Wait half a minute and try again.", "Check the account's status in Client Portal."],
    wouldSeparate: "deno task probe --wait 60",
    reference: "I3",
  },
  "no-valid-id": {
    title: "it names no order id",
    meaning: "A message on its screen, or a read-only API, keeps the start from completing.",
    shows: "Accounts, and no next order id.",
    remedy: [
      "Close the message about write access on its screen.",
      "Untick API > Settings > Read-Only API.",
    ],
    wouldSeparate: "Asked for an order id it answers 321: then it is read-only.",
    reference: "I2",
  },
  "upstream-lost": {
    title: "TWS has lost its connection to IBKR",
    meaning: "The nightly reset, the internet, or a second login cut it off.",
    shows: "Error 1100 or 2110, and no 1101 or 1102 behind it.",
    remedy: [
      "At night in New York: wait, it comes back within minutes.",
      "Otherwise check the internet connection and whether the same user is logged in elsewhere.",
    ],
    wouldSeparate: "IBKR's system status page; the clock.",
    reference: "S1, S4",
  },
  "too-many-clients": {
    title: "too many clients are connected",
    meaning: "TWS takes 32 clients at a time.",
    shows: "32 connections to its port.",
    remedy: ["Close clients, or let several programs share one connection."],
    wouldSeparate: "Close a few and try again.",
    reference: "C2",
  },
  "mode-mismatch": {
    title: "that is not the kind of account you expect",
    meaning: "The account is paper where live is expected, or live where paper is expected.",
    shows: "The account ids: DU and DF are paper, all others live.",
    remedy: ["Log in to the mode you mean, or change the configuration if you mean this one."],
    wouldSeparate: "Nothing more is needed: the account decides.",
    reference: "DE2",
  },
  "read-only": {
    title: "the API is read-only",
    meaning: "It shows everything and refuses every order.",
    shows: "Error 321 that says Read-Only, already when asked for an order id.",
    remedy: [
      "Untick API > Settings > Read-Only API.",
      "With IBC: ReadOnlyApi=no; in a container: READ_ONLY_API=no",
    ],
    wouldSeparate: "Nothing more is needed: it says so.",
    reference: "R1",
  },
  "sync-incomplete": {
    title: "a list that a session starts from does not end",
    meaning:
      "Positions, orders or executions did not come completely; a session must not guess the rest.",
    shows: "The End marker of that list is missing.",
    remedy: ["Try again; then restart TWS or IB Gateway, or update it."],
    wouldSeparate: "Another user on the same Gateway, or another build of it.",
    reference: "B1, B2, B3, B4",
  },
  "farm-down": {
    title: "a data farm of IBKR's is down",
    meaning: "Quotes or bars of that farm do not come until it is back.",
    shows: "2103, 2105 or 2157, and no all-clear behind it.",
    remedy: [
      "Wait: at night it is the reset.",
      "For longer than five minutes: check IBKR's system status and the firewall.",
    ],
    wouldSeparate: "IBKR's system status page.",
    reference: "S1",
  },
  "market-data-not-subscribed": {
    title: "these quotes are not paid for",
    meaning:
      "The account has no subscription for this market, and delayed quotes do not come either.",
    shows: "354, 10089, 10090, 10091, 10168 or 10186.",
    remedy: [
      "Subscribe: Client Portal > Settings > Market Data Subscriptions; share it with the paper account.",
    ],
    wouldSeparate: "A currency pair needs no subscription.",
    reference: "DE6",
  },
  "market-data-delayed": {
    title: "quotes come with a delay",
    meaning: "There is no live subscription; what comes is some 15 minutes old.",
    shows: "10167, or quotes marked as delayed.",
    remedy: [
      "For live quotes subscribe in Client Portal and share them with the paper account.",
    ],
    wouldSeparate: "Nothing more is needed: it says so.",
    reference: "DE7",
  },
  "competing-session": {
    title: "another login of the same user takes the data",
    meaning: "Market data goes to one session of a user at a time.",
    shows: "10197, or 162 and 10189 that name a different IP address.",
    remedy: [
      "Log the phone, Client Portal or the other TWS out.",
      "Give the trading system its own user: Client Portal > Settings > Users & Access Rights.",
    ],
    wouldSeparate: "Log the others out and try again.",
    reference: "S4",
  },
  "pacing": {
    title: "too many requests",
    meaning: "The Gateway refuses because a limit on messages or history requests was passed.",
    shows: "Error 100, or 162 and 420 that say pacing violation.",
    remedy: [
      "Slow the other clients down: 45 messages a second, 60 history requests in ten minutes.",
    ],
    wouldSeparate: "Stop the other clients and try again in ten minutes.",
    reference: "R7",
  },
  "not-reaped": {
    title: "the Gateway does not clear closed connections away",
    meaning: "It did not notice that we left. Such connections pile up until it stops answering.",
    shows: "Our closed connection stays in CLOSE_WAIT at the server's end.",
    remedy: ["Plan a restart of TWS or IB Gateway before it locks up."],
    wouldSeparate: "Run it once more: a second one stays as well.",
    reference: "T5a",
  },
  "clock-skew": {
    title: "the clocks disagree",
    meaning:
      "This machine's clock and the Gateway's differ; times of orders and bars would be wrong.",
    shows: "The time it tells against ours, half the round trip considered.",
    remedy: ["Set this machine's clock by NTP, and the Gateway's too."],
    wouldSeparate: "Compare both with a third clock.",
    reference: "clock",
  },
  "client-side": {
    title: "the Gateway is fine; the fault is on the client's side",
    meaning: "What the client was asked for, or how it waits, differs from what works.",
    shows: "The probe gets through and the client does not.",
    remedy: [
      "Compare host, port and client id with the ones above.",
      "Give the client a timeout longer than the time the probe needed, and let its event loop run.",
    ],
    wouldSeparate: "Run the probe with exactly the client's host, port and client id.",
    reference: "DE1, I7",
  },
} as const satisfies Readonly<Record<string, Cause>>;
