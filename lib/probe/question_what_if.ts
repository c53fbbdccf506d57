import { MICROS_PER_UNIT } from "../money.ts";
import { EMPTY_ORDER_CONTRACT } from "../wire/contract.ts";
import { UNSET_ORDER } from "../wire/order_defaults.ts";
import type { Reply } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import type { Question } from "./conversation.ts";
import type { WhatIfEvidence } from "./evidence.ts";
import { stock } from "./question_market_data.ts";

/** Warnings that come beside an accepted preview. */
const WARNINGS: ReadonlySet<number> = new Set([399, 2109, 10167, 10349]);

/**
 * The margin preview of one share at a dollar: what it would take to place an order, without placing one. Asked on
 * paper accounts alone, and only when wanted: a bug that loses the what-if flag would make it an order.
 */
export class WhatIfQuestion implements Question {
  readonly asks: readonly Request[];
  readonly #orderId: number;
  #evidence: WhatIfEvidence = { outcome: "unanswered", code: null, text: null };
  #tookItSeriously = false;

  /** @throws {RangeError} for an account that is not a paper one */
  constructor(
    symbol: string,
    { orderId, account }: { readonly orderId: number; readonly account: string },
  ) {
    if (!account.startsWith("D")) {
      throw new RangeError("Cannot preview an order: the account is not a paper one");
    }
    this.#orderId = orderId;
    this.asks = [{
      type: "placeOrder",
      orderId,
      contract: { ...EMPTY_ORDER_CONTRACT, ...stock(symbol) },
      order: {
        ...UNSET_ORDER,
        action: "BUY",
        totalQuantity: MICROS_PER_UNIT,
        orderType: "LMT",
        lmtPrice: MICROS_PER_UNIT,
        tif: "DAY",
        account,
        orderRef: "probe",
        whatIf: true,
      },
    }];
  }

  get answered(): boolean {
    return this.#evidence.outcome !== "unanswered";
  }

  /** Nothing is left to withdraw of a preview; of an order there is. */
  get withdraws(): readonly Request[] {
    return !this.#tookItSeriously ? [] : [{
      type: "cancelOrder",
      orderId: this.#orderId,
      manualOrderCancelTime: "",
      extOperator: "",
      externalUserId: "",
      manualOrderIndicator: null,
    }];
  }

  get evidence(): WhatIfEvidence {
    return this.#evidence;
  }

  hear(reply: Reply): void {
    if (reply.type === "openOrder" && reply.orderId === this.#orderId) {
      this.#tookItSeriously = !reply.order.whatIf;
      const { warningText, preview } = reply.state;
      const text = [warningText, preview.rejectReason].find((said) => said !== "") ?? null;
      this.#evidence = { outcome: "accepted", code: null, text };
    } else if (
      reply.type === "error" && reply.id === this.#orderId && !WARNINGS.has(reply.code)
    ) {
      this.#evidence = { outcome: "refused", code: reply.code, text: reply.text };
    }
  }
}
