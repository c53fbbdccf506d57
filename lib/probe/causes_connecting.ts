import type { Cause } from "./cause.ts";

/** Causes that show before the server has greeted us. */
export const CONNECTING_CAUSES = {
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
} as const satisfies Readonly<Record<string, Cause>>;
