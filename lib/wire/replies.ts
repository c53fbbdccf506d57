import { FieldError, INT, TEXT } from "./fields.ts";
import { FieldReader, FieldWriter, type Messages } from "./layout.ts";
import { ACCOUNT_REPLIES, type AccountReplies } from "./replies_accounts.ts";
import { CONTRACT_REPLIES, type ContractReplies } from "./replies_contracts.ts";
import { DEPTH_REPLIES, type DepthReplies } from "./replies_depth.ts";
import { EXECUTION_REPLIES, type ExecutionReplies } from "./replies_executions.ts";
import { HISTORY_REPLIES, type HistoryReplies } from "./replies_history.ts";
import { MARKET_DATA_REPLIES, type MarketDataReplies } from "./replies_marketdata.ts";
import { ORDER_REPLIES, type OrderReplies } from "./replies_orders.ts";
import { SCANNER_REPLIES, type ScannerReplies } from "./replies_scanner.ts";
import { SESSION_REPLIES, type SessionReplies } from "./replies_session.ts";

/** Every message a server sends after the greeting, by IB's callback names. */
export interface ReplyMap
  extends
    SessionReplies,
    MarketDataReplies,
    DepthReplies,
    ScannerReplies,
    HistoryReplies,
    ContractReplies,
    OrderReplies,
    ExecutionReplies,
    AccountReplies {}

/** A message id this codec has no layout for. */
export interface UnknownReply {
  readonly type: "unknown";
  readonly id: number;
  /** Everything after the id. */
  readonly fields: readonly string[];
}

export type Reply = ReplyMap[keyof ReplyMap] | UnknownReply;

/** A server's message that cannot be read. */
export class ReplyError extends Error {
  override readonly name = "ReplyError";
}

const REPLIES: Messages<ReplyMap> = {
  ...SESSION_REPLIES,
  ...MARKET_DATA_REPLIES,
  ...DEPTH_REPLIES,
  ...SCANNER_REPLIES,
  ...HISTORY_REPLIES,
  ...CONTRACT_REPLIES,
  ...ORDER_REPLIES,
  ...EXECUTION_REPLIES,
  ...ACCOUNT_REPLIES,
};

/** message id → its layout */
const BY_ID = new Map(Object.values(REPLIES).map((reply) => [reply.id, reply]));

/**
 * One frame.
 *
 * @throws {RangeError} when a value cannot be a field, or the negotiated version is too old for this reply: some
 * clients stop reading at an id they do not know
 */
export function encodeReply(reply: Reply, serverVersion: number): Uint8Array<ArrayBuffer> {
  if (reply.type !== "unknown") return encode(reply.type, reply, serverVersion);
  const writer = new FieldWriter(reply.id, serverVersion);
  for (const field of reply.fields) writer.field(TEXT, field);
  return writer.frame();
}

function encode<K extends keyof ReplyMap>(
  type: K,
  reply: ReplyMap[K],
  serverVersion: number,
): Uint8Array<ArrayBuffer> {
  const message = REPLIES[type];
  if (serverVersion < message.since) {
    throw new RangeError(`Cannot send "${type}": server version ${serverVersion} is too old`);
  }
  const writer = new FieldWriter(message.id, serverVersion);
  message.write(writer, reply);
  return writer.frame();
}

/**
 * The reply in a payload's fields.
 *
 * @throws {ReplyError} when the fields are not what the id's layout demands, all of it and no more
 */
export function decodeReply(fields: readonly string[], serverVersion: number): Reply {
  const reader = new FieldReader(fields, serverVersion);
  try {
    const id = INT.read(fields[0] ?? "", serverVersion);
    const message = BY_ID.get(id);
    if (message === undefined || serverVersion < message.since) {
      return { type: "unknown", id, fields: fields.slice(1) };
    }
    const reply = message.read(reader);
    reader.end();
    return reply;
  } catch (error) {
    if (error instanceof FieldError) {
      throw new ReplyError(`Cannot read message ${fields[0] ?? ""}: ${error.message}`);
    }
    throw error;
  }
}
