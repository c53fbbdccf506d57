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
