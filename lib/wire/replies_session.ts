import { INT, LONG, PROSE, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

/** Replies about the session itself, server to client. */

/** 15. Right after startApi. */
export interface ManagedAccounts {
  readonly type: "managedAccounts";
  /** Comma separated; several end with a comma: `DU1,DU2,`. */
  readonly accounts: string;
}

/** 9. Right after managedAccounts: the connection is ready. */
export interface NextValidId {
  readonly type: "nextValidId";
  readonly orderId: number;
}

/** 4. A refusal, a warning or a notice. */
export interface ErrorReply {
  readonly type: "error";
  /** Request or order id; -1 for the connection. */
  readonly id: number;
  readonly code: number;
  readonly text: string;
  /** Since 166; empty but for some 201s. */
  readonly advancedOrderRejectJson: string;
  /** Epoch ms, since 194; 0 before. */
  readonly timeMs: number;
}

/** 49 */
export interface CurrentTime {
  readonly type: "currentTime";
  /** Epoch seconds. */
  readonly time: number;
}

/** 109, since 197. */
export interface CurrentTimeInMillis {
  readonly type: "currentTimeInMillis";
  readonly timeMs: number;
}

/** 107 */
export interface UserInfo {
  readonly type: "userInfo";
  readonly reqId: number;
  readonly whiteBrandingId: string;
}

/** 78 */
export interface FamilyCodes {
  readonly type: "familyCodes";
  readonly codes: readonly FamilyCode[];
}

export interface FamilyCode {
  readonly accountId: string;
  readonly familyCode: string;
}

/** 85 */
export interface NewsProviders {
  readonly type: "newsProviders";
  readonly providers: readonly NewsProvider[];
}

export interface NewsProvider {
  readonly code: string;
  readonly name: string;
}

export interface SessionReplies {
  managedAccounts: ManagedAccounts;
  nextValidId: NextValidId;
  error: ErrorReply;
  currentTime: CurrentTime;
  currentTimeInMillis: CurrentTimeInMillis;
  userInfo: UserInfo;
  familyCodes: FamilyCodes;
  newsProviders: NewsProviders;
}

export const SESSION_REPLIES: Messages<SessionReplies> = {
  managedAccounts: message(15, (io, m) => {
    io.constant("1");
    return { type: "managedAccounts", accounts: io.field(TEXT, m.accounts) };
  }),
  nextValidId: message(9, (io, m) => {
    io.constant("1");
    return { type: "nextValidId", orderId: io.field(INT, m.orderId) };
  }),
  error: message(4, errorReply),
  currentTime: message(49, (io, m) => {
    io.constant("1");
    return { type: "currentTime", time: io.field(LONG, m.time) };
  }),
  currentTimeInMillis: message(
    109,
    (io, m) => ({ type: "currentTimeInMillis", timeMs: io.field(LONG, m.timeMs) }),
    SINCE.CURRENT_TIME_IN_MILLIS,
  ),
  userInfo: message(
    107,
    (io, m) => ({
      type: "userInfo",
      reqId: io.id(m.reqId),
      whiteBrandingId: io.field(TEXT, m.whiteBrandingId),
    }),
    SINCE.USER_INFO,
  ),
  familyCodes: message(78, (io, m) => ({
    type: "familyCodes",
    codes: io.list(familyCode, m.codes),
  })),
  newsProviders: message(85, (io, m) => ({
    type: "newsProviders",
    providers: io.list(newsProvider, m.providers),
  })),
};

function errorReply(io: Cursor, m: Partial<ErrorReply>): ErrorReply {
  if (io.serverVersion < SINCE.ERROR_TIME) io.constant("2");
  return {
    type: "error",
    id: io.id(m.id),
    code: io.field(INT, m.code),
    text: io.field(PROSE, m.text),
    advancedOrderRejectJson: io.since(
      SINCE.ADVANCED_ORDER_REJECT,
      PROSE,
      m.advancedOrderRejectJson,
    ),
    timeMs: io.since(SINCE.ERROR_TIME, LONG, m.timeMs),
  };
}

function familyCode(io: Cursor, m: Partial<FamilyCode>): FamilyCode {
  return { accountId: io.field(TEXT, m.accountId), familyCode: io.field(TEXT, m.familyCode) };
}

function newsProvider(io: Cursor, m: Partial<NewsProvider>): NewsProvider {
  return { code: io.field(TEXT, m.code), name: io.field(TEXT, m.name) };
}
