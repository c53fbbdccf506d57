import { type Micros, parseMicros } from "../money.ts";
import { elements, type XmlElement, XmlError } from "./xml.ts";

/** The broker's statement of a day, from a Flex query: the only word on the day that does not pass through the API. */
export interface Statement {
  readonly account: string;
  /** `2026-11-20` */
  readonly fromDate: string;
  readonly toDate: string;
  /** As the broker writes it: `20261120;201500`. */
  readonly generated: string;
  /** SHA-256 of the file, hex. */
  readonly fileHash: string;
  readonly fills: ReadonlyMap<string, StatementFill>; // execId → fill
  readonly positions: ReadonlyMap<string, Micros>; // symbol → shares, negative when short
  /** Null where the query does not ask for that section. */
  readonly cash: Micros | null;
  readonly nav: Micros | null;
  /** What moved NAV besides trading, by the statement's own names; zeros left out. */
  readonly otherChanges: ReadonlyMap<string, Micros>;
}

export interface StatementFill {
  readonly symbol: string;
  /** Negative for a sale. */
  readonly quantity: Micros;
  readonly price: Micros;
  /** Positive is a cost. */
  readonly commission: Micros;
}

/** The file is no Flex statement, or not one of this account and day. */
export class StatementError extends Error {
  override readonly name = "StatementError";
}

/** Parts of ChangeInNAV that are neither trading nor its commissions. */
const OTHER_CHANGES = [
  "dividends",
  "changeInDividendAccruals",
  "withholdingTax",
  "interest",
  "changeInInterestAccruals",
  "depositsWithdrawals",
  "internalCashTransfers",
  "assetTransfers",
  "advisorFees",
  "clientFees",
  "otherFees",
  "brokerFees",
  "transactionTax",
  "salesTax",
  "forexCommissions",
  "fxTranslation",
  "corporateActionProceeds",
  "other",
] as const;

/**
 * The statement of an account that ends on a date.
 *
 * @throws {StatementError} when the file has none, with what it has
 */
export function parseStatement(
  text: string,
  { account, date, fileHash }: {
    readonly account: string;
    readonly date: string;
    readonly fileHash: string;
  },
): Statement {
  const found: string[] = [];
  let current: Draft | null = null;
  try {
    for (const element of elements(text)) {
      if (element.name === "FlexStatement") {
        if (current !== null) break;
        const owner = attribute(element, "accountId");
        const toDate = isoDate(attribute(element, "toDate"));
        found.push(`${toDate} of an account ending in ${owner.slice(-3)}`);
        if (owner === account && toDate === date) current = draftOf(element, fileHash);
      } else if (current !== null) read(element, current);
    }
  } catch (error) {
    if (!(error instanceof XmlError || error instanceof SyntaxError)) throw error;
    throw new StatementError(`Cannot read the statement: ${error.message}`);
  }
  if (current !== null) return current;
  throw new StatementError(
    found.length === 0
      ? "Cannot use the statement: it is no Flex statement"
      : `Cannot use the statement: it is of ${found.join(", ")}, the report of ${date}`,
  );
}

type Draft =
  & {
    -readonly [K in "cash" | "nav"]: Statement[K];
  }
  & Omit<Statement, "cash" | "nav" | "fills" | "positions" | "otherChanges">
  & {
    readonly fills: Map<string, StatementFill>;
    readonly positions: Map<string, Micros>;
    readonly otherChanges: Map<string, Micros>;
  };

function draftOf(element: XmlElement, fileHash: string): Draft {
  return {
    account: attribute(element, "accountId"),
    fromDate: isoDate(attribute(element, "fromDate")),
    toDate: isoDate(attribute(element, "toDate")),
    generated: attribute(element, "whenGenerated"),
    fileHash,
    fills: new Map(),
    positions: new Map(),
    cash: null,
    nav: null,
    otherChanges: new Map(),
  };
}

function read(element: XmlElement, draft: Draft): void {
  switch (element.name) {
    case "Trade": {
      const execId = attribute(element, "ibExecID");
      // Orders and closed lots stand in the same list; only executions have an id.
      if (execId === "") return;
      draft.fills.set(execId, {
        symbol: attribute(element, "symbol"),
        quantity: amount(element, "quantity") ?? 0n,
        price: amount(element, "tradePrice") ?? 0n,
        commission: -(amount(element, "ibCommission") ?? 0n),
      });
      return;
    }
    case "OpenPosition":
      if (attribute(element, "levelOfDetail") === "LOT") return;
      draft.positions.set(attribute(element, "symbol"), amount(element, "position") ?? 0n);
      return;
    case "CashReportCurrency":
      if (attribute(element, "currency") === "BASE_SUMMARY") {
        draft.cash = amount(element, "endingCash");
      }
      return;
    case "ChangeInNAV":
      draft.nav = amount(element, "endingValue");
      for (const name of OTHER_CHANGES) {
        const value = amount(element, name);
        if (value !== null && value !== 0n) draft.otherChanges.set(name, value);
      }
  }
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.get(name) ?? "";
}

/** Null when the attribute is missing or empty. */
function amount(element: XmlElement, name: string): Micros | null {
  const text = attribute(element, name).replaceAll(",", "");
  return text === "" ? null : parseMicros(text);
}

/** `20261120` → `2026-11-20`; anything else stays as it is. */
function isoDate(text: string): string {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (match === null) return text;
  const [, year, month, day] = match;
  return `${year}-${month}-${day}`;
}
