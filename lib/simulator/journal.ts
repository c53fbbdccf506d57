/** What happened, for an audit: one line of JSON each. Times are the Gateway's own and the wall's. */
export type JournalEntry =
  | { readonly kind: "connected"; readonly port: number }
  | {
    readonly kind: "disconnected";
    readonly port: number;
    readonly clientId: number | null;
    readonly because: string;
  }
  /** A frame, its fields, in from or out to a client. */
  | {
    readonly kind: "in" | "out";
    readonly clientId: number | null;
    readonly fields: readonly string[];
  }
  | {
    readonly kind: "order";
    readonly clientId: number;
    readonly orderId: number;
    readonly permId: number;
    readonly orderRef: string;
    readonly symbol: string;
    readonly status: string;
    readonly filled: string;
    readonly remaining: string;
  }
  | {
    readonly kind: "execution";
    readonly execId: string;
    readonly permId: number;
    readonly orderRef: string;
    readonly account: string;
    readonly symbol: string;
    readonly side: string;
    readonly quantity: string;
    readonly price: string;
    readonly commission: string;
    readonly cash: string;
    readonly position: string;
  };

export type JournalLine = JournalEntry & {
  /** Epoch ms of the Gateway's clock. */
  readonly at: number;
};
