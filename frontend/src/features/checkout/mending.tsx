import { hasName } from "../../shared/api/problem";
import { cart } from "../../shared/data/cart";
import type { PricedCart, PricedLine } from "../../shared/data/priced-cart";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { Button } from "../../shared/ui/button";

interface Props {
  priced: PricedCart;
  /** What the system said, if it was asked. */
  refusal: unknown;
}

/** What stands in the way, with what clears it at the press of a button. */
export function Mending({ priced, refusal }: Props) {
  const { shop } = useMessages();
  const { money } = useFormat();
  const hindered = priced.lines.filter(({ obstacle }) => obstacle.kind !== "none");
  return (
    <div className="grid gap-3">
      {hasName(refusal, "price-changed") && priced.total !== null && (
        <p className="font-semibold">{shop.checkout.newTotal(money(priced.total))}</p>
      )}
      {hindered.map((line) => (
        <Hindered key={line.line.productId} priced={line} />
      ))}
    </div>
  );
}

function Hindered({ priced: { line, product, obstacle } }: { priced: PricedLine }) {
  const { shop } = useMessages();
  const name = product?.name ?? shop.cart.gone;
  const left = obstacle.kind === "too-many" ? obstacle.left : 0;
  return (
    <div className="grid gap-2 rounded-xl bg-warn-soft p-3 text-sm">
      <p>
        <span className="font-semibold">{name}</span>:{" "}
        {obstacle.kind === "gone" ? shop.cart.gone : shop.cart.tooMany(left)}
      </p>
      <Button
        look="secondary"
        className="justify-self-start"
        onClick={() => (left > 0 ? cart.change(line.productId, { quantity: left }) : cart.remove(line.productId))}
      >
        {left > 0 ? shop.checkout.fixCart : shop.checkout.takeOut}
        <span className="sr-only">, {name}</span>
      </Button>
    </div>
  );
}
