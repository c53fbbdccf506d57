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
