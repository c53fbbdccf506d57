import type { CauseCode } from "./report.ts";

/** What is known about each cause, whatever the run at hand. The pages of `--explain` and of the docs. */
export interface Cause {
  /** A verdict in a few words: `Not ready: <title>`. */
  readonly title: string;
  readonly meaning: string;
  /** How it shows. */
  readonly shows: string;
  readonly remedy: readonly string[];
  readonly wouldSeparate: string;
  /** Rows of the table of causes. */
  readonly reference: string;
}

export const CAUSES: Readonly<Record<CauseCode, Cause>> = {
  "not-running": {
    title: "neither TWS nor IB Gateway is running here",
    meaning: "No program of IB's runs on this machine and nothing listens on the port.",
    shows:
      "The socket table has no listener on the port, the process list no TWS, Gateway or relay.",
    remedy: [
      "Start TWS or IB Gateway and log in.",
      "Or start the simulated one: deno task gateway",
    ],
    wouldSeparate: "If it runs in a container or on another machine, look there: docker ps",
    reference: "P1",
  },
  "at-login": {
    title: "TWS or IB Gateway waits for its login",
    meaning: "The program runs, but opens its API port only when somebody has logged in.",
    shows: "A program of IB's without a listener and without a connection to IBKR.",
    remedy: [
      "Look at its window: finish the login, approve the second factor, close any message.",
      "Then run this again with --wait 180.",
    ],
    wouldSeparate: "A process younger than three minutes may just be starting.",
    reference: "P3, P8",
  },
  "api-disabled": {
    title: "TWS is logged in, but its API is switched off",
    meaning:
      "TWS opens the API port only when a box is ticked; updates have been seen to untick it.",
    shows: "TWS without a listener, but connected to IBKR.",
    remedy: [
      "In TWS: File > Global Configuration > API > Settings: tick Enable ActiveX and Socket Clients, Apply.",
    ],
    wouldSeparate: "tws.xml in its settings folder says socketClient=false.",
    reference: "P4, P5, V6",
  },
  "starting-or-restarting": {
    title: "TWS or IB Gateway is starting or restarting",
    meaning:
      "For one to five minutes after a start, or its daily restart, the API is not there yet.",
    shows: "A young process without a listener, or one that closes connections at once.",
    remedy: [
      "Wait: deno task probe --wait 180",
      "Move the daily restart to a quiet hour: Lock and Exit > Auto restart.",
    ],
    wouldSeparate: "Run it again in a minute.",
    reference: "P6, T14",
  },
  "wrong-port": {
    title: "it listens on another port",
    meaning: "TWS or IB Gateway runs and listens, but not on the port that was asked for.",
    shows: "The socket table shows the listener of an IB program on another port.",
    remedy: ["Use that port, or change it: API > Settings > Socket port."],
    wouldSeparate: "Nothing more is needed: the socket table shows it.",
    reference: "N1, N2",
  },
  "other-mode-port": {
    title: "the other trading mode is running",
    meaning:
      "The same program listens on its port for the other mode: live instead of paper, or the reverse.",
    shows: "A listener on the sibling port: 4001 for 4002, 7496 for 7497.",
    remedy: ["Log in to the mode you mean, or ask for the other port if you mean that one."],
    wouldSeparate: "The account ids on that port: DU and DF are paper.",
    reference: "T6b",
  },
  "wrong-program": {
    title: "another program of IBKR's is running, one without this API",
    meaning:
      "IBKR Desktop has no socket API; the Client Portal Gateway on port 5000 has another one.",
    shows: "A process of IBKR Desktop or the Client Portal Gateway, and no TWS or IB Gateway.",
    remedy: ["Start TWS or IB Gateway instead."],
    wouldSeparate: "Nothing more is needed: the process list shows it.",
    reference: "P2",
  },
  "other-namespace": {
    title: "this is a container (or WSL), and its 127.0.0.1 is not the Gateway's",
    meaning: "127.0.0.1 inside a container or WSL is that container alone.",
    shows: "Refused inside a container or WSL, no IB program in here.",
    remedy: [
      "Ask the machine that runs it: --host host.docker.internal, or the service's name in Compose.",
      "From there it is a remote client: add its address to Trusted IPs.",
    ],
    wouldSeparate: "deno task probe --host host.docker.internal",
    reference: "T10, T11",
  },
  "cannot-look": {
    title: "this machine's sockets could not be looked at",
    meaning: "The programs that show sockets and processes are missing or may not be run.",
    shows:
      "ss, netstat, lsof or PowerShell cannot be started. That is not the same as a closed port.",
    remedy: [
      "Install what is missing (iproute2 has ss, procps has ps), or allow it under run in deno.json.",
    ],
    wouldSeparate: "ss -ltnp on Linux, lsof -nP -iTCP -sTCP:LISTEN on macOS.",
    reference: "O1, O2",
  },
  "listener-stuck": {
    title: "TWS does not pick up connections any more",
    meaning:
      "Its API listener hangs: connections stay in the kernel's queue, or are taken and never read. No setting repairs that.",
    shows: "Our connection sits unaccepted or unread at the server's end; the queue is not empty.",
    remedy: [
      "Stop clients that hold a half-open connection; if the probe still fails, restart TWS or IB Gateway.",
      "Remove whatever connects and closes at once to see whether the port is open: it causes this.",
    ],
    wouldSeparate: "Stop the other clients: does the queue fall?",
    reference: "T3, T5a, T5b",
  },
  "firewall": {
    title: "something between us and the port drops connections",
    meaning: "A firewall, antivirus program or VPN swallows the connection.",
    shows: "No answer to the connect, or a refusal although the other side says it listens.",
    remedy: [
      "On the Gateway's machine: run the probe there; if that works, allow the program's port in its firewall.",
      "Check the VPN and the address.",
    ],
    wouldSeparate: "Run the probe on the Gateway's own machine.",
    reference: "T2",
  },
  "local-network-privacy": {
    title: "macOS keeps this terminal from the local network",
    meaning: "From macOS 15 on every program needs permission for the local network.",
    shows: "No route to host at once, for machines of the same network only.",
    remedy: ["System Settings > Privacy & Security > Local Network: enable your terminal."],
    wouldSeparate: "/usr/bin/nc -vz HOST PORT works although this does not.",
    reference: "T2b",
  },
  "no-route": {
    title: "there is no way to that address",
    meaning: "The network does not know the address, or the VPN is down.",
    shows: "Host or network unreachable.",
    remedy: ["Check the address, the VPN and the route to it."],
    wouldSeparate: "ping HOST",
    reference: "T13",
  },
  "not-the-api": {
    title: "another service answers on that port",
    meaning: "Something listens there, but it does not speak the TWS API.",
    shows: "It speaks first, or answers our greeting with bytes of another protocol.",
    remedy: ["Ask for the port of TWS or IB Gateway, or free this one for it."],
    wouldSeparate: "Nothing more is needed: its first bytes or its owner show it.",
    reference: "A1, A2, A3",
  },
  "relay-backend-dead": {
    title: "a relay holds the port, and nothing answers behind it",
    meaning:
      "socat, docker-proxy, ssh and their like accept every connection, also when their target is gone.",
    shows: "The port's owner is a relay, and it closes within milliseconds.",
    remedy: [
      "Start what the relay forwards to, or mend its target.",
      "In a container of the usual image: host 4001 goes to 4003, host 4002 to 4004, never to 4001 and 4002.",
    ],
    wouldSeparate: "The relay's log, or the sockets inside the container.",
    reference: "T6, T6b",
  },
  "closed-at-once": {
    title: "it closes the connection without a word",
    meaning:
      "TWS accepts everybody and drops whom it does not trust; it also does so while it starts.",
    shows: "End of connection within milliseconds of our greeting, no byte received.",
    remedy: [
      "From another machine: untick API > Settings > Allow connections from localhost only, and add this address to Trusted IPs.",
      "On the same machine: use 127.0.0.1, and try again in half a minute.",
    ],
    wouldSeparate: "Run the probe on the Gateway's own machine, to 127.0.0.1.",
    reference: "T4, T12b, T14",
  },
  "closed-later": {
    title: "it closed the connection after a silence",
    meaning: "Somebody rejected the connection in a dialog, a relay gave up, or a restart began.",
    shows: "No byte received, and the end of the connection after a second or more.",
    remedy: [
      "Look at TWS for the question whether to accept the connection, and add the address to Trusted IPs.",
      "Behind a relay: look at the relay's log.",
    ],
    wouldSeparate: "How long it lasted: a relay's connect gives up after about two minutes.",
    reference: "T8, S2",
  },
  "accept-dialog": {
    title: "TWS is asking on its screen whether to let us in",
    meaning:
      "For a client that is not trusted TWS shows a question and says nothing until it is answered.",
    shows: "Our greeting was read, from an address other than 127.0.0.1, and is not answered.",
    remedy: [
      "Click Yes on its screen, then add the address to API > Settings > Trusted IPs.",
      "With IBC: AcceptIncomingConnectionAction=accept",
    ],
    wouldSeparate: "deno task probe --wait 120, and click: the answer comes at that moment.",
    reference: "T4b, C5",
  },
  "modal-dialog": {
    title: "TWS has read our greeting and withholds its answer",
    meaning:
      "A message on its screen, a login that is not finished or a hung conversation keeps it from answering.",
    shows: "Our greeting was read on the same machine and is not answered.",
    remedy: [
      "Look at its window and close every message: paper warning, write access, re-login, news.",
      "If there is none: restart TWS or IB Gateway.",
    ],
    wouldSeparate:
      "deno task probe --wait 120, and close the message: the answer comes at that moment.",
    reference: "I1, C4",
  },
  "silent": {
    title: "something listens but does not speak",
    meaning:
      "The connection is open and our greeting unanswered; the other end cannot be looked at from here.",
    shows: "Silence until the time limit, and no view of the server's sockets.",
    remedy: [
      "Run the probe on the Gateway's own machine: there it can tell a dialog from a hang.",
      "Meanwhile look at its screen for a question, then restart it.",
    ],
    wouldSeparate: "deno task probe --wait 120, and look at its screen.",
    reference: "T4b, T5a, I1",
  },
  "slow-answer": {
    title: "it answers, but late",
    meaning:
      "The first connection after a start can take long; many clients give up after 4 seconds.",
    shows: "The right answer, later than 4 seconds.",
    remedy: ["Give your client a longer timeout, for instance timeout=30."],
    wouldSeparate: "Run it again: the second connection is usually fast.",
    reference: "I5",
  },
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
};
