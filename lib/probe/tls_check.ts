import type { ConnectionEvidence } from "./evidence.ts";
import type { AttemptDeps, AttemptOptions } from "./attempt.ts";
import { recognise } from "./recognise.ts";
import { Tap } from "./tap.ts";

/**
 * Whether a peer that closed on a correct API prefix speaks TLS: OpenSSL and Node close without a word. Never done
 * to a program of IB's.
 */

/** Long enough for any machine to answer a hello, short enough not to delay the verdict. */
const ANSWER_MAX_MS = 400;

export async function checkTls(
  options: AttemptOptions,
  { clock, signal, traffic }: AttemptDeps,
): Promise<ConnectionEvidence | null> {
  const { address, port } = options;
  const deadlineMs = clock.now() + ANSWER_MAX_MS;
  const connected = await Tap.connect({ address, port, clock, signal, traffic, deadlineMs });
  if (connected.outcome !== "connected") return null;
  const { tap } = connected;
  try {
    tap.write(clientHello());
    await tap.until(() => tap.receivedBytes > 1, deadlineMs);
    const { speaks } = recognise(tap.firstBytes);
    return {
      purpose: "tls-check",
      address,
      clientId: null,
      outcome: "connected",
      errorCode: null,
      connectMs: 0,
      localAddress: tap.localAddress,
      localPort: tap.localPort,
      sentBytes: tap.sentBytes,
      receivedBytes: tap.receivedBytes,
      firstBytesHex: "",
      firstByteAfterMs: tap.firstByteAfterMs,
      closedBy: tap.closedBy,
      closedAfterMs: tap.closedAfterMs,
      waitedMs: tap.elapsedMs,
      greeting: null,
      speaks: tap.receivedBytes === 0 ? null : speaks,
      serverSide: null,
      foreignBytes: "tls",
      started: null,
      notReaped: null,
    };
  } finally {
    tap.reset();
  }
}

/** The smallest hello every TLS 1.2 server answers, if only with an alert. RFC 5246, 7.4.1.2. */
function clientHello(): Uint8Array {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const body = [
    ...[0x03, 0x03],
    ...random,
    0x00, // no session to resume
    ...[0x00, 0x08, 0xc0, 0x2f, 0xc0, 0x30, 0xc0, 0x2b, 0x00, 0x2f], // four cipher suites
    ...[0x01, 0x00], // no compression
    ...[0x00, 0x12], // extensions
    ...[0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17], // supported_groups: secp256r1
    ...[0x00, 0x0d, 0x00, 0x06, 0x00, 0x04, 0x04, 0x01, 0x04, 0x03], // signature_algorithms
  ];
  const handshake = [0x01, 0x00, 0x00, body.length, ...body];
  return Uint8Array.from([0x16, 0x03, 0x01, 0x00, handshake.length, ...handshake]);
}
