import { type Endpoint, plainAddress, type SocketRow } from "./sockets.ts";

/**
 * `lsof -nP -iTCP -FpcfnT`: a letter and a value a line. `p` starts a process, `f` a descriptor, `n` is
 * `127.0.0.1:7497->127.0.0.1:51234` or `*:7497`, `TST=` the state. Sockets that no process has accepted have no
 * descriptor and are missing here; that is the point of asking.
 */
export const LSOF_ARGUMENTS = ["-nP", "-iTCP", "-FpcfnT"] as const;

export interface Descriptor {
  readonly pid: number;
  readonly command: string;
  readonly local: Endpoint;
  readonly peer: Endpoint | null;
}

export function parseLsof(output: string): Descriptor[] {
  const found: Descriptor[] = [];
  let pid = 0;
  let command = "";
  for (const line of output.split("\n")) {
    const value = line.slice(1);
    if (line.startsWith("p")) pid = Number(value);
    else if (line.startsWith("c")) command = value;
    else if (line.startsWith("n")) {
      const [localText = "", peerText] = value.split("->");
      const local = parseEndpoint(localText);
      if (local === null) continue;
      found.push({
        pid,
        command,
        local,
        peer: peerText === undefined ? null : parseEndpoint(peerText),
      });
    }
  }
  return found;
}

/**
 * netstat's rows with what lsof knows: names, and whether a connection was accepted. lsof shows other users'
 * programs only to root, so a missing descriptor means "not accepted" only where lsof does see the listener.
 */
export function withDescriptors(
  rows: readonly SocketRow[],
  descriptors: readonly Descriptor[],
): SocketRow[] {
  const byEnds = new Map(descriptors.map((found) => [ends(found.local, found.peer), found]));
  const visiblePorts = new Set(
    descriptors.filter(({ peer }) => peer === null).map(({ local }) => local.port),
  );
  return rows.map((row) => {
    const found = byEnds.get(ends(row.local, row.peer));
    const mayWait = row.state === "ESTABLISHED" || row.state === "CLOSE_WAIT";
    return {
      ...row,
      owner: found === undefined ? row.owner : { pid: found.pid, command: found.command },
      accepted: !mayWait || !visiblePorts.has(row.local.port) ? null : found !== undefined,
    };
  });
}

/** lsof does not say which family a `*` is of. */
function ends(local: Endpoint, peer: Endpoint | null): string {
  return `${anyAddress(local.address)} ${local.port} ${peer?.address ?? ""} ${peer?.port ?? ""}`;
}

export function anyAddress(address: string): string {
  return address === "0.0.0.0" || address === "::" ? "*" : address;
}

function parseEndpoint(text: string): Endpoint | null {
  const colon = text.lastIndexOf(":");
  const port = Number(text.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port)) return null;
  return { address: plainAddress(text.slice(0, colon)), port };
}
