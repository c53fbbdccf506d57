import type { Micros } from "../money.ts";

/** What openOrder says of the order's state, and of what it would do to the account (what-if). */
export interface OrderState {
  readonly status: string;
  readonly margins: Margins;
  readonly commission: Micros | null;
  readonly minCommission: Micros | null;
  readonly maxCommission: Micros | null;
  readonly commissionCurrency: string;
  /** Since 195. */
  readonly preview: OrderPreview;
  readonly warningText: string;
}

/** Null where nothing was computed: TWS fills these for a what-if order only. */
export interface Margins {
  readonly initMarginBefore: Micros | null;
  readonly maintMarginBefore: Micros | null;
  readonly equityWithLoanBefore: Micros | null;
  readonly initMarginChange: Micros | null;
  readonly maintMarginChange: Micros | null;
  readonly equityWithLoanChange: Micros | null;
  readonly initMarginAfter: Micros | null;
  readonly maintMarginAfter: Micros | null;
  readonly equityWithLoanAfter: Micros | null;
}

export interface OrderPreview {
  readonly marginCurrency: string;
  readonly outsideRth: Margins;
  readonly suggestedSize: Micros | null;
  readonly rejectReason: string;
  readonly allocations: readonly OrderAllocation[];
}

export interface OrderAllocation {
  readonly account: string;
  readonly position: Micros | null;
  readonly positionDesired: Micros | null;
  readonly positionAfter: Micros | null;
  readonly desiredAllocQty: Micros | null;
  readonly allowedAllocQty: Micros | null;
  readonly isMonetary: boolean;
}

export const NO_MARGINS: Margins = {
  initMarginBefore: null,
  maintMarginBefore: null,
  equityWithLoanBefore: null,
  initMarginChange: null,
  maintMarginChange: null,
  equityWithLoanChange: null,
  initMarginAfter: null,
  maintMarginAfter: null,
  equityWithLoanAfter: null,
};

export const NO_PREVIEW: OrderPreview = {
  marginCurrency: "",
  outsideRth: NO_MARGINS,
  suggestedSize: null,
  rejectReason: "",
  allocations: [],
};

/** Spread this and set the status. */
export const UNSET_ORDER_STATE: OrderState = {
  status: "",
  margins: NO_MARGINS,
  commission: null,
  minCommission: null,
  maxCommission: null,
  commissionCurrency: "",
  preview: NO_PREVIEW,
  warningText: "",
};
