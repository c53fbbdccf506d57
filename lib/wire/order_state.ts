import type { Micros } from "../money.ts";
import { BOOL, MONEY_BLANK, MONEY_MAX, QUANTITY_BLANK, TEXT } from "./fields.ts";
import type { Cursor } from "./layout.ts";
import { SINCE } from "./versions.ts";

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

export function orderState(io: Cursor, state: Partial<OrderState> = {}): OrderState {
  return {
    status: io.field(TEXT, state.status),
    margins: margins(io, state.margins),
    commission: io.field(MONEY_BLANK, state.commission),
    minCommission: io.field(MONEY_BLANK, state.minCommission),
    maxCommission: io.field(MONEY_BLANK, state.maxCommission),
    commissionCurrency: io.field(TEXT, state.commissionCurrency),
    preview: io.serverVersion < SINCE.FULL_ORDER_PREVIEW_FIELDS
      ? NO_PREVIEW
      : preview(io, state.preview),
    warningText: io.field(TEXT, state.warningText),
  };
}

/** Before 142 only the last three. */
function margins(io: Cursor, m: Partial<Margins> = {}): Margins {
  const since = SINCE.WHAT_IF_EXT_FIELDS;
  return {
    initMarginBefore: io.since(since, MONEY_MAX, m.initMarginBefore),
    maintMarginBefore: io.since(since, MONEY_MAX, m.maintMarginBefore),
    equityWithLoanBefore: io.since(since, MONEY_MAX, m.equityWithLoanBefore),
    initMarginChange: io.since(since, MONEY_MAX, m.initMarginChange),
    maintMarginChange: io.since(since, MONEY_MAX, m.maintMarginChange),
    equityWithLoanChange: io.since(since, MONEY_MAX, m.equityWithLoanChange),
    initMarginAfter: io.field(MONEY_MAX, m.initMarginAfter),
    maintMarginAfter: io.field(MONEY_MAX, m.maintMarginAfter),
    equityWithLoanAfter: io.field(MONEY_MAX, m.equityWithLoanAfter),
  };
}

function preview(io: Cursor, p: Partial<OrderPreview> = {}): OrderPreview {
  return {
    marginCurrency: io.field(TEXT, p.marginCurrency),
    outsideRth: margins(io, p.outsideRth),
    suggestedSize: io.field(QUANTITY_BLANK, p.suggestedSize),
    rejectReason: io.field(TEXT, p.rejectReason),
    allocations: io.list(allocation, p.allocations),
  };
}

function allocation(io: Cursor, a: Partial<OrderAllocation>): OrderAllocation {
  return {
    account: io.field(TEXT, a.account),
    position: io.field(QUANTITY_BLANK, a.position),
    positionDesired: io.field(QUANTITY_BLANK, a.positionDesired),
    positionAfter: io.field(QUANTITY_BLANK, a.positionAfter),
    desiredAllocQty: io.field(QUANTITY_BLANK, a.desiredAllocQty),
    allowedAllocQty: io.field(QUANTITY_BLANK, a.allowedAllocQty),
    isMonetary: io.field(BOOL, a.isMonetary),
  };
}
