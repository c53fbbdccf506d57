/**
 * What can go wrong, by name. An argument that is not given has the default of this table. Waits before a connection is
 * answered or closed are ms on the wall, what happens within a session counts on the Gateway's clock.
 */
interface FaultEntry {
  readonly summary: string;
  /** Argument → default; its type is the argument's. */
  readonly args: Readonly<Record<string, number | string>>;
}

export const FAULTS = {
  // Connecting.
  "never-accept": {
    summary: "Listens, but never accepts: the kernel answers, the program does not",
    args: {},
  },
  "never-read": {
    summary: "Accepts and never reads: what clients send stays in the kernel",
    args: {},
  },
  silent: { summary: "Accepts and reads, and never answers", args: {} },
  "close-at-once": { summary: "Closes each connection as soon as it is accepted", args: {} },
  "close-later": {
    summary: "Answers the greeting with nothing and closes after that many ms",
    args: { ms: 500 },
  },
  "close-after-start": {
    summary: "Closes that many ms after startApi, without a word",
    args: { ms: 500 },
  },
  "old-server": { summary: "Speaks this old server version", args: { version: 100 } },
  "late-answer": { summary: "Answers the greeting that many ms late", args: { ms: 6000 } },
  "client-id-in-use": {
    summary: "Says that every client id is in use; with message:0 it closes without saying so",
    args: { message: 1 },
  },
  "paper-disclaimer": {
    summary: "Wants the paper trading disclaimer accepted (10141), then is silent",
    args: {},
  },
  "start-unanswered": { summary: "Never answers startApi", args: {} },
  "no-accounts": {
    summary: "Sends no account list; with empty:1 it sends an empty one",
    args: { empty: 0 },
  },
  "no-valid-id": { summary: "Never sends the next valid order id", args: {} },
  "upstream-lost": {
    summary:
      "Is not connected to IB (1100) and withholds the start data; after ms, if > 0, restored",
    args: { ms: 0, restored: 1102 },
  },
  "read-only": { summary: "Has Read-Only API switched on: orders and ids are refused", args: {} },
  // Data.
  "competing-session": {
    summary: "A live session elsewhere takes the market data (10197)",
    args: {},
  },
  "not-subscribed": {
    summary: "Has no market data subscription (354); delayed:1 shows delayed data (10167)",
    args: { delayed: 0 },
  },
  pacing: { summary: "Refuses history for pacing (162)", args: {} },
  "history-silent": { summary: "Never answers history", args: {} },
  "feed-silence": { summary: "Sends no quotes, bars or ticks, and does not say so", args: {} },
  "stale-quotes": { summary: "Sends no bids and asks; trades and bars go on", args: {} },
  "price-spike": { summary: "Multiplies the prices of the feed", args: { factor: 10 } },
  "zero-prices": { summary: "Sends quotes of 0", args: {} },
  "crossed-quotes": { summary: "Sends bids above the asks", args: {} },
  "farm-down": {
    summary:
      "A data farm is broken (2103; ushmds 2105; secdefil 2157 and a false 200), without data from it, and " +
      "comes back (2104, 2106, 2158)",
    args: { farm: "usfarm" },
  },
  halt: { summary: "Trading in one stock is halted", args: { symbol: "AAPL" } },
  // The link within a session.
  "connection-lost": {
    summary:
      "IB cannot be reached (1100, or lost:2110): no data, no fills; then 1101 (data lost) or 1102",
    args: { lost: 1100, restored: 1102 },
  },
  restart: {
    summary: "Goes down with every connection and comes back; ids:rollback forgets order ids",
    args: { ids: "keep" },
  },
  "port-reset": {
    summary:
      "The API port is changed in the settings (1300): every connection ends, another port listens",
    args: { port: 0 },
  },
  "cut-at-byte": {
    summary: "Closes a connection after that many bytes, counted in (from the client) or out",
    args: { bytes: 100, direction: "out" },
  },
  "half-frame": {
    summary: "Sends half of the n-th message of a type, and closes",
    args: { of: "orderStatus", n: 1 },
  },
  // Answers.
  "missing-end": {
    summary: "Leaves out an end marker: positions, open-orders, completed-orders, executions, " +
      "account, summary, contracts or history",
    args: { of: "positions" },
  },
  "empty-answer": {
    summary: "Answers a list as if it were empty, that many times: positions, open-orders, " +
      "completed-orders or executions",
    args: { of: "executions", times: 1 },
  },
  "slow-answers": { summary: "Carries out every request that much later", args: { ms: 5000 } },
  // Orders.
  "lost-order": {
    summary: "Never sees the n-th order, and closes the connection",
    args: { order: 1 },
  },
  "lost-ack": {
    summary: "Takes the n-th order, and closes the connection before a word about it",
    args: { order: 1 },
  },
  "reject-order": {
    summary: "Rejects the n-th order (201), or every one with order:0",
    args: { order: 1, reason: "The exchange is closed." },
  },
  "tif-preset": {
    summary: "Sets a missing time in force to DAY by the account's preset, and says so (10349)",
    args: {},
  },
  "no-status": { summary: "Never sends an orderStatus", args: {} },
  "duplicate-messages": { summary: "Says everything about orders and fills twice", args: {} },
  "reordered-messages": {
    summary: "Says what belongs together about an order in reverse",
    args: {},
  },
  "delayed-messages": {
    summary:
      "Delays one kind of message: openOrder, orderStatus, execDetails (those not asked for) …",
    args: { of: "openOrder", ms: 2000 },
  },
  "late-commission": { summary: "Delays commissions", args: { ms: 600_000 } },
  "odd-commission": { summary: "Reports commissions as this text", args: { text: "-1" } },
  "slow-cancel": {
    summary: "Takes that long to cancel an order, so that fills overtake it",
    args: { ms: 10_000 },
  },
  correction: {
    summary: "Corrects the newest execution by that many dollars a share (execId .02)",
    args: { dollars: 0.01 },
  },
  bust: { summary: "Takes the newest execution back: a correction to no shares", args: {} },
  "manual-trade": {
    summary: "Somebody trades by hand at TWS",
    args: { symbol: "AAPL", side: "BUY", quantity: 10 },
  },
} as const satisfies Record<string, FaultEntry>;
