import type { Finding } from "./checks.ts";
import type { Evidence, Holder, ListenerRow } from "./evidence.ts";
import { modeOfPort } from "./ports.ts";
import { isGateway, isOfInterest } from "./programs.ts";
import type { Json } from "./report.ts";

/** Checks of this machine: what can be seen, what runs, who listens. */

export function observer(evidence: Evidence): Finding {
  const { platform, namespace } = evidence.observer;
  const { listener, programs } = evidence;
  const record = {
    platform,
    namespace: namespace.seen ? namespace.value : null,
    sockets: listener === null ? null : listener.seen,
    programs: programs === null ? null : programs.seen,
  };
  const blind = [namespace, listener, programs].find((look) => look !== null && !look.seen);
  return blind !== undefined && blind !== null && !blind.seen
    ? { status: "unknown", evidence: record, because: blind.because }
    : { status: "pass", evidence: record };
}

export function process(evidence: Evidence): Finding | null {
  const { programs, target } = evidence;
  if (programs === null) return null;
  if (!programs.seen) return { status: "unknown", evidence: {}, because: programs.because };
  const found = programs.value.filter(({ kind }) => isOfInterest(kind));
  const record = {
    programs: found.map(({ pid, kind, label, state, ageMs }): Json => ({
      pid,
      kind,
      label,
      state,
      ageMs,
    })),
  };
  const gateway = found.find(({ kind }) => isGateway(kind));
  if (gateway !== undefined) return { status: "pass", evidence: record };
  if (!target.loopback) {
    return { status: "unknown", evidence: record, because: `it runs on ${target.host}` };
  }
  const held = evidence.listener?.seen === true ? evidence.listener.value.onPort[0] : undefined;
  if (held !== undefined) {
    const holder = held.holder?.label ?? "a program that is hidden from us";
    return { status: "unknown", evidence: record, because: `${holder} holds the port` };
  }
  return { status: "unknown", evidence: record, because: "no program of IB's runs here" };
}

export function listener(evidence: Evidence): Finding | null {
  const { listener, target } = evidence;
  if (listener === null) return null;
  if (!listener.seen) return { status: "unknown", evidence: {}, because: listener.because };
  const { onPort, elsewhere, closeWaitCount, establishedCount, authoritative } = listener.value;
  const record = {
    listening: onPort.length > 0,
    onPort: onPort.map(rowJson),
    elsewhere: elsewhere.map(rowJson),
    closeWaitCount,
    establishedCount,
  };
  if (!authoritative) {
    const because = target.loopback
      ? "the socket table of this machine does not show Windows' listeners"
      : `${target.host} is another machine`;
    return onPort.length > 0
      ? { status: "pass", evidence: record }
      : { status: "unknown", evidence: record, because };
  }
  if (onPort.length === 0) return { status: "fail", evidence: record };
  return { status: "pass", evidence: record };
}

function rowJson({ address, port, holder, queue }: ListenerRow): Json {
  return {
    address,
    port,
    mode: modeOfPort(port),
    owner: holderJson(holder),
    queue: queue === null ? null : { ...queue },
  };
}

export function holderJson(holder: Holder | null): Json {
  return holder === null ? null : {
    pid: holder.pid,
    command: holder.label,
    kind: holder.kind,
    state: holder.state,
  };
}
