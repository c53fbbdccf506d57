import { TimeoutError } from "../clock.ts";
import { type Broker, NotReadyError } from "./broker.ts";
import type { Codec } from "./codec.ts";
import { type Greeting, Handshake } from "./handshake.ts";
import { dial, type Link } from "./link.ts";
import { IbBroker } from "./ib_broker.ts";
import { checkOptions, type IbOptions, PORTS } from "./options.ts";

/** From a TCP connect to a broker that is ready, or an error that names the stage and the remedy. */

/** @throws {NotReadyError}, {RangeError} for an unusable option, the signal's reason */
export async function connect(
  options: IbOptions,
  codecFor: (greeting: Greeting) => Codec,
): Promise<Broker> {
  checkOptions(options);
  const { host, port, clientId } = options;
  const onEvent = options.onEvent ?? ((): void => {});
  onEvent({
    type: "connection",
    state: "connecting",
    detail: `${host}:${port}, client id ${clientId}`,
  });
  try {
    const link = await dialTws(options);
    const shake = await new Handshake(link, options, codecFor).done;
    return new IbBroker(link, shake, options);
  } catch (error) {
    const detail = error instanceof Error ? error.message : "Connecting was ended";
    onEvent({ type: "connection", state: "closed", detail });
    throw error;
  }
}

/** @throws {NotReadyError}, the signal's reason, or Deno's own error when this process may not connect there */
async function dialTws(options: IbOptions): Promise<Link> {
  const { host, port, signal } = options;
  try {
    return await dial(options);
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof Error)) throw error;
    // No waiting will ever help against a missing permission.
    if (error instanceof Deno.errors.NotCapable) throw error;
    const why = error instanceof TimeoutError
      ? `no answer within ${error.timeoutMs} ms. Check host, firewall and tunnel`
      : `${error.message}. ${dialRemedy(error)}`;
    throw new NotReadyError("tcp", `Cannot reach ${host}:${port}: ${why}`);
  }
}

function dialRemedy(error: Error & { readonly code?: string }): string {
  switch (error.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "Check the configured host name";
    case "EPERM":
      return "Allow the host in the permission set of deno.json";
    default:
      return 'Start TWS or IB Gateway and tick "Enable ActiveX and Socket Clients" under API → ' +
        `Settings; ${PORTS}`;
  }
}
