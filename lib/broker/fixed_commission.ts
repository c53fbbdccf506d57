import { fromNumber, greatest, least, type Micros, multiply } from "../money.ts";

/** IB's fixed plan for US stocks: so much a share, at least a dollar, at most 1 % of what the shares cost. */
export function fixedCommission(
  perShareUsd: number,
): (fill: { readonly quantity: Micros; readonly price: Micros }) => Micros {
  const perShare = fromNumber(perShareUsd);
  if (perShare === 0n) return () => 0n;
  return ({ quantity, price }) => {
    const most = multiply(quantity, price) / 100n;
    return least(greatest(multiply(quantity, perShare), MINIMUM), most);
  };
}

const MINIMUM: Micros = 1_000_000n;
