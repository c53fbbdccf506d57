import { type Clock, TimeoutError } from "../clock.ts";
import type { Traffic } from "../traffic.ts";
import { framePayload, payloadFields } from "../wire/frame.ts";
import { type Broker, type BrokerEvent, NotReadyError, type Ready } from "./broker.ts";
import type { Codec, MarketDataType } from "./codec.ts";
import { CLIENT_ID_IN_USE } from "./codes.ts";
import { dial, type Link, type LinkClosed } from "./link.ts";
import { type Message, REQUEST_ID_MIN } from "./message.ts";
import { IbBroker } from "./ib_broker.ts";

/** From a TCP connect to a broker that is ready, or an error that names the stage and the remedy. */

export interface IbOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  readonly clock: Clock;
  /** Only where both ends of the link live in this process. */
  readonly traffic?: Traffic;
  readonly connectTimeoutMs: number;
  /** From the greeting to nextValidId and managedAccounts. */
  readonly handshakeTimeoutMs: number;
  /** Limit of every question. */
  readonly answerTimeoutMs: number;
  /** Default 45; IB's limit is 50. */
  readonly maxMessagesPerSecond?: number;
  /** Ends a connect under way at once. */
  readonly signal?: AbortSignal;
  /** The listener, from the first event on; else `listen()` gets what it missed. */
  readonly onEvent?: (event: BrokerEvent) => void;
  /** Account of the orders. Needed only when the user manages several. */
  readonly account?: string;
  /** Highest order id ever used, from the ledger: TWS may hand old ones out again after a restart. */
  readonly orderIdFloor?: number;
  /** Default 3: live where subscribed, else delayed and marked so. */
  readonly marketDataType?: MarketDataType;
  /** Default 15 s. */
  readonly heartbeatMs?: number;
}

export interface Greeting {
  readonly serverVersion: number;
  readonly connectionTime: string;
}

/** Versions whose messages the package reads. A newer TWS answers with 193. */
const VERSION_MIN = 100;
const VERSION_MAX = 193;
const PREFIX = new TextEncoder().encode("API\0");
const VERSIONS = new TextEncoder().encode(`v${VERSION_MIN}..${VERSION_MAX}`);
/** TWS says a handful of things before it is ready. */
const EARLY_MESSAGES_MAX = 1_000;

/** Beyond it a single second's messages could not be told from a peer that has stopped reading. */
const MESSAGES_PER_SECOND_MAX = 500;

const PORTS = "ports: Gateway live 4001, paper 4002; TWS live 7496, paper 7497";

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

/** @throws {RangeError} for an option that would make a limit endless or an id unusable */
function checkOptions(options: IbOptions): void {
  const { port, clientId, orderIdFloor = 0, maxMessagesPerSecond = 1 } = options;
  const whole: Record<string, readonly [value: number, from: number, to: number]> = {
    port: [port, 1, 65_535],
    clientId: [clientId, 0, 2_147_483_647],
    orderIdFloor: [orderIdFloor, 0, Number.MAX_SAFE_INTEGER],
    maxMessagesPerSecond: [maxMessagesPerSecond, 1, MESSAGES_PER_SECOND_MAX],
  };
  for (const [name, [value, from, to]] of Object.entries(whole)) {
    if (Number.isSafeInteger(value) && value >= from && value <= to) continue;
    throw new RangeError(
      `Cannot connect with ${name} ${value}: use a whole number ${from} to ${to}`,
    );
  }
  const { connectTimeoutMs, handshakeTimeoutMs, answerTimeoutMs, heartbeatMs = 1 } = options;
  const limits = { connectTimeoutMs, handshakeTimeoutMs, answerTimeoutMs, heartbeatMs };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(`Cannot connect with ${name} ${value}: use a positive number of ms`);
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

/** What a handshake leaves behind. */
export interface Handshaken {
  readonly codec: Codec;
  readonly ready: Ready;
  /** All that came so far, in wire order; the broker reads it first. */
  readonly early: readonly Message[];
}

/** The conversation until TWS is ready. One object, one attempt. */
class Handshake {
  readonly done: Promise<Handshaken>;
  readonly #link: Link;
  readonly #options: IbOptions;
  readonly #codecFor: (greeting: Greeting) => Codec;
  #greeting: Greeting | null = null;
  #codec: Codec | null = null;
  #accounts: readonly string[] | null = null;
  #nextOrderId: number | null = null;
  readonly #early: Message[] = [];
  #settle: { resolve(shake: Handshaken): void; reject(reason: unknown): void } | null = null;

  constructor(link: Link, options: IbOptions, codecFor: (greeting: Greeting) => Codec) {
    this.#link = link;
    this.#options = options;
    this.#codecFor = codecFor;
    const { clock, handshakeTimeoutMs, signal } = options;
    const cancel = clock.at(clock.now() + handshakeTimeoutMs, () => this.#timeOut());
    const onAbort = (): void => this.#fail(signal?.reason);
    this.done = new Promise<Handshaken>((resolve, reject) => {
      this.#settle = { resolve, reject };
    }).finally(() => {
      cancel();
      signal?.removeEventListener("abort", onAbort);
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    link.receive({
      frame: (payload) => this.#onFrame(payload),
      closed: (closed) => this.#onClosed(closed),
    });
    link.write(PREFIX);
    link.write(framePayload(VERSIONS));
    if (signal?.aborted === true) onAbort();
  }

  #onFrame(payload: Uint8Array): void {
    if (this.#codec === null) {
      this.#onGreeting(payloadFields(payload));
      return;
    }
    for (const message of this.#codec.decode(payload)) {
      this.#early.push(message);
      if (message.type === "managed-accounts") this.#accounts = message.accounts;
      if (message.type === "next-valid-id") this.#nextOrderId = message.orderId;
      if (message.type === "error" && message.code === CLIENT_ID_IN_USE) {
        this.#fail(inUse(this.#options));
      }
    }
    if (this.#early.length > EARLY_MESSAGES_MAX) {
      this.#fail(this.#notReady(`more than ${EARLY_MESSAGES_MAX} other messages came`));
    }
    this.#checkReady();
  }

  #onGreeting(fields: readonly string[]): void {
    const [version = "", connectionTime = ""] = fields;
    const serverVersion = /^\d+$/.test(version) ? Number(version) : NaN;
    if (!(serverVersion >= VERSION_MIN && serverVersion <= VERSION_MAX)) {
      this.#fail(
        new NotReadyError(
          "server-version",
          `Cannot talk to server version "${version}": ${VERSION_MIN} to ${VERSION_MAX} are understood. ` +
            "Check that the port is the API port of TWS or IB Gateway, and update it if it is older",
        ),
      );
      return;
    }
    this.#greeting = { serverVersion, connectionTime };
    this.#codec = this.#codecFor(this.#greeting);
    this.#link.write(this.#codec.encode.startApi(this.#options.clientId));
  }

  #checkReady(): void {
    const [greeting, codec, accounts] = [this.#greeting, this.#codec, this.#accounts];
    const nextOrderId = this.#nextOrderId;
    if (greeting === null || codec === null || accounts === null || nextOrderId === null) return;
    if (accounts.length === 0) return;
    const refusal = refuse({ accounts, nextOrderId }, this.#options);
    if (refusal !== null) {
      this.#fail(refusal);
      return;
    }
    const ready: Ready = { ...greeting, accounts, nextOrderId };
    this.#settle?.resolve({ codec, ready, early: this.#early });
    this.#settle = null;
  }

  #missing(): readonly string[] {
    if (this.#greeting === null) return ["server-version"];
    const missing = [];
    if (this.#nextOrderId === null) missing.push("nextValidId");
    if (this.#accounts === null || this.#accounts.length === 0) missing.push("managedAccounts");
    return missing;
  }

  #timeOut(): void {
    const { handshakeTimeoutMs } = this.#options;
    this.#fail(this.#notReady(`nothing came within ${handshakeTimeoutMs} ms`));
  }

  #onClosed(closed: LinkClosed): void {
    this.#fail(this.#notReady(closed.detail));
  }

  #notReady(why: string): NotReadyError {
    const missing = this.#missing();
    const remedy = missing[0] === "server-version"
      ? "TWS accepts but does not greet: look for an open dialog or a login on its screen, check " +
        `Trusted IPs and "Allow connections from localhost only", and that this is its API port (${PORTS})`
      : "TWS greeted but is not ready: let its login and start finish, look for a dialog that asks to " +
        "accept the connection, and check that the client id is free";
    return new NotReadyError(
      missing[0] ?? "tcp",
      `TWS at ${this.#options.host}:${this.#options.port} is not ready, missing ${
        missing.join(" and ")
      }: ${why}. ${remedy}`,
    );
  }

  /** A Gateway that was silent gets RST, so that no half-closed socket stays behind there. */
  #fail(reason: unknown): void {
    const settle = this.#settle;
    if (settle === null) return;
    this.#settle = null;
    settle.reject(reason);
    this.#link.reset({ cause: "ours", detail: "Connecting failed" });
  }
}

function inUse({ clientId }: IbOptions): NotReadyError {
  return new NotReadyError(
    "client-id",
    `Client id ${clientId} is in use (326). Close the other program, or wait until TWS has noticed that an ` +
      "earlier connection is gone, and connect with the same id again",
  );
}

/** Ready by the protocol, yet nothing a session could trade with. */
function refuse(
  { accounts, nextOrderId }: { accounts: readonly string[]; nextOrderId: number },
  { account, orderIdFloor = 0 }: IbOptions,
): NotReadyError | null {
  const first = Math.max(nextOrderId, orderIdFloor + 1);
  if (first >= REQUEST_ID_MIN) {
    return new NotReadyError(
      "nextValidId",
      `Cannot place orders: their ids would start at ${first}, and from ${REQUEST_ID_MIN} on ids belong to ` +
        'requests. Use "Reset API order ID sequence" under API → Settings of TWS',
    );
  }
  if (account !== undefined && !accounts.includes(account)) {
    return new NotReadyError(
      "account",
      `This login manages no account "${account}". Check the configured account and which user is logged in`,
    );
  }
  return null;
}
