import type { Mode } from "./report.ts";

/** The standard API ports. Only defaults: a user may change them, so the account decides, not the port. */
export interface StandardPort {
  readonly port: number;
  readonly program: "TWS" | "IB Gateway";
  readonly mode: Mode;
}

export const STANDARD_PORTS: readonly StandardPort[] = [
  { port: 7496, program: "TWS", mode: "live" },
  { port: 7497, program: "TWS", mode: "paper" },
  { port: 4001, program: "IB Gateway", mode: "live" },
  { port: 4002, program: "IB Gateway", mode: "paper" },
  // The relay ports of the widespread Docker image, as published to the host or seen in its network.
  { port: 4003, program: "IB Gateway", mode: "live" },
  { port: 4004, program: "IB Gateway", mode: "paper" },
  { port: 7498, program: "TWS", mode: "live" },
  { port: 7499, program: "TWS", mode: "paper" },
];

export function standardPort(port: number): StandardPort | null {
  return STANDARD_PORTS.find((standard) => standard.port === port) ?? null;
}

/** The mode a standard port stands for; null of any other port. */
export function modeOfPort(port: number): Mode | null {
  return standardPort(port)?.mode ?? null;
}

/** `4001 (IB Gateway, live)`, or the bare number of a port that is not standard. */
export function portLabel(port: number): string {
  const standard = standardPort(port);
  return standard === null ? String(port) : `${port} (${standard.program}, ${standard.mode})`;
}

/** Paper account ids start with D (`DU…`, `DF…`); an empty list has no mode. */
export function modeOfAccounts(accounts: readonly string[]): Mode | "mixed" | null {
  const modes = new Set(accounts.map((id): Mode => id.startsWith("D") ? "paper" : "live"));
  if (modes.size > 1) return "mixed";
  const [mode] = modes;
  return mode ?? null;
}

/** Where TWS and IB Gateway connect to at IBKR: 4000 plain, 4001 with SSL. */
export const UPSTREAM_PORTS: ReadonlySet<number> = new Set([4000, 4001]);

/** The Client Portal Gateway, another program with another API. */
export const CLIENT_PORTAL_PORT = 5000;
