import { framePayload, payloadFields } from "../wire/frame.ts";
import { NotReadyError, type Ready } from "./broker.ts";
import type { Codec } from "./codec.ts";
import { CLIENT_ID_IN_USE, meaningOf } from "./codes.ts";
import type { Link, LinkClosed } from "./link.ts";
import { type Message, REQUEST_ID_MIN } from "./message.ts";
import { type IbOptions, PORTS } from "./options.ts";

/** The conversation from the greeting to ready, and what is missing when it does not get there. */

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
/** Repeated in an error message; the newest say it. */
const COMPLAINTS_MAX = 3;

/** What a handshake leaves behind. */
export interface Handshaken {
  readonly codec: Codec;
  readonly ready: Ready;
  /** All that came so far, in wire order; the broker reads it first. */
  readonly early: readonly Message[];
}

/** The conversation until TWS is ready. One object, one attempt. */
export class Handshake {
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
    const { host, port } = this.#options;
    return new NotReadyError(
      missing[0] ?? "tcp",
      `TWS at ${host}:${port} is not ready, missing ${missing.join(" and ")}: ${why}. ` +
        `${this.#complaints()}${remedy}`,
    );
  }

  /** What TWS said that is more than a note: often the very reason, such as 1100 or a disclaimer to accept. */
  #complaints(): string {
    const said = this.#early.flatMap((message) => {
      if (message.type !== "error") return [];
      const { severity, remedy } = meaningOf(message.code);
      if (severity === "note") return [];
      return [`TWS said ${message.code}: ${message.text}${remedy === "" ? "" : ` (${remedy})`}. `];
    });
    return said.slice(-COMPLAINTS_MAX).join("");
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
