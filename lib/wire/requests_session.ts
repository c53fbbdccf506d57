import { INT, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

/** Requests about the session itself, client to server. */

/** 71: begins the session; nothing before it is answered. */
export interface StartApi {
  readonly type: "startApi";
  readonly clientId: number;
  readonly optionalCapabilities: string;
}

/** 8: asks for nextValidId. */
export interface ReqIds {
  readonly type: "reqIds";
  /** Ignored by TWS. */
  readonly numIds: number;
}

/** 17 */
export interface ReqManagedAccts {
  readonly type: "reqManagedAccts";
}

/** 49 */
export interface ReqCurrentTime {
  readonly type: "reqCurrentTime";
}

/** 105, since 197. */
export interface ReqCurrentTimeInMillis {
  readonly type: "reqCurrentTimeInMillis";
}

/** 14 */
export interface SetServerLogLevel {
  readonly type: "setServerLogLevel";
  /** 1 system, 2 error, 3 warning, 4 information, 5 detail. */
  readonly level: number;
}

/** 104, since 167. */
export interface ReqUserInfo {
  readonly type: "reqUserInfo";
  readonly reqId: number;
}

/** 80 */
export interface ReqFamilyCodes {
  readonly type: "reqFamilyCodes";
}

/** 85 */
export interface ReqNewsProviders {
  readonly type: "reqNewsProviders";
}

export interface SessionRequests {
  startApi: StartApi;
  reqIds: ReqIds;
  reqManagedAccts: ReqManagedAccts;
  reqCurrentTime: ReqCurrentTime;
  reqCurrentTimeInMillis: ReqCurrentTimeInMillis;
  setServerLogLevel: SetServerLogLevel;
  reqUserInfo: ReqUserInfo;
  reqFamilyCodes: ReqFamilyCodes;
  reqNewsProviders: ReqNewsProviders;
}

export const SESSION_REQUESTS: Messages<SessionRequests> = {
  startApi: message(71, startApi),
  reqIds: message(8, reqIds),
  reqManagedAccts: message(17, (io) => {
    io.constant("1");
    return { type: "reqManagedAccts" };
  }),
  reqCurrentTime: message(49, (io) => {
    io.constant("1");
    return { type: "reqCurrentTime" };
  }),
  reqCurrentTimeInMillis: message(
    105,
    () => ({ type: "reqCurrentTimeInMillis" }),
    SINCE.CURRENT_TIME_IN_MILLIS,
  ),
  setServerLogLevel: message(14, setServerLogLevel),
  reqUserInfo: message(
    104,
    (io, m) => ({ type: "reqUserInfo", reqId: io.id(m.reqId) }),
    SINCE.USER_INFO,
  ),
  reqFamilyCodes: message(80, () => ({ type: "reqFamilyCodes" })),
  reqNewsProviders: message(85, () => ({ type: "reqNewsProviders" })),
};

function startApi(io: Cursor, m: Partial<StartApi>): StartApi {
  io.constant("2");
  return {
    type: "startApi",
    clientId: io.field(INT, m.clientId),
    optionalCapabilities: io.field(TEXT, m.optionalCapabilities),
  };
}

function reqIds(io: Cursor, m: Partial<ReqIds>): ReqIds {
  io.constant("1");
  return { type: "reqIds", numIds: io.field(INT, m.numIds) };
}

function setServerLogLevel(io: Cursor, m: Partial<SetServerLogLevel>): SetServerLogLevel {
  io.constant("1");
  return { type: "setServerLogLevel", level: io.field(INT, m.level) };
}
