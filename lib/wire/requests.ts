import { FieldError, INT, TEXT } from "./fields.ts";
import { FieldReader, FieldWriter, type Messages } from "./layout.ts";
import { ACCOUNT_REQUESTS, type AccountRequests } from "./requests_accounts.ts";
import { CONTRACT_REQUESTS, type ContractRequests } from "./requests_contracts.ts";
import { HISTORY_REQUESTS, type HistoryRequests } from "./requests_history.ts";
import { MARKET_DATA_REQUESTS, type MarketDataRequests } from "./requests_marketdata.ts";
import { ORDER_REQUESTS, type OrderRequests } from "./requests_orders.ts";
import { SESSION_REQUESTS, type SessionRequests } from "./requests_session.ts";

/** Every message a client sends after the greeting, by IB's method names. */
export interface RequestMap
  extends
    SessionRequests,
    MarketDataRequests,
    HistoryRequests,
    ContractRequests,
    OrderRequests,
    AccountRequests {}

/** A message id this codec has no layout for. TWS answers nothing to those. */
export interface UnknownRequest {
  readonly type: "unknown";
  readonly id: number;
  /** Everything after the id. */
  readonly fields: readonly string[];
}

export type Request = RequestMap[keyof RequestMap] | UnknownRequest;

/** A client's message that cannot be read. It carries what TWS answers to it. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** Of the `error` message to send. */
  readonly code = 320;

  /** `id` is the request or order id if it was read, else -1: the id of the `error` message to send. */
  constructor(readonly id: number, detail: string) {
    super(`Error reading request:${detail}`);
  }
}

const REQUESTS: Messages<RequestMap> = {
  ...SESSION_REQUESTS,
  ...MARKET_DATA_REQUESTS,
  ...HISTORY_REQUESTS,
  ...CONTRACT_REQUESTS,
  ...ORDER_REQUESTS,
  ...ACCOUNT_REQUESTS,
};

/** message id → its layout */
const BY_ID = new Map(Object.values(REQUESTS).map((request) => [request.id, request]));

/**
 * One frame.
 *
 * @throws {RangeError} when a value cannot be a field, or the server is too old for this request
 */
export function encodeRequest(request: Request, serverVersion: number): Uint8Array<ArrayBuffer> {
  if (request.type !== "unknown") return encode(request.type, request, serverVersion);
  const writer = new FieldWriter(request.id, serverVersion);
  for (const field of request.fields) writer.field(TEXT, field);
  return writer.frame();
}

function encode<K extends keyof RequestMap>(
  type: K,
  request: RequestMap[K],
  serverVersion: number,
): Uint8Array<ArrayBuffer> {
  const message = REQUESTS[type];
  if (serverVersion < message.since) {
    throw new RangeError(`Cannot send "${type}": server version ${serverVersion} is too old`);
  }
  const writer = new FieldWriter(message.id, serverVersion);
  message.write(writer, request);
  return writer.frame();
}

/**
 * The request in a payload's fields.
 *
 * @throws {RequestError} when the fields are not what the id's layout demands, all of it and no more
 */
export function decodeRequest(fields: readonly string[], serverVersion: number): Request {
  const reader = new FieldReader(fields, serverVersion);
  try {
    const id = INT.read(fields[0] ?? "", serverVersion);
    const message = BY_ID.get(id);
    if (message === undefined || serverVersion < message.since) {
      return { type: "unknown", id, fields: fields.slice(1) };
    }
    const request = message.read(reader);
    reader.end();
    return request;
  } catch (error) {
    if (error instanceof FieldError) throw new RequestError(reader.messageId, error.message);
    throw error;
  }
}
