import { ShoppingBag } from "lucide-react";
import { type PricedCart, usePricedCart } from "../../shared/data/priced-cart";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { ButtonLink } from "../../shared/ui/button";
import { PageTitle } from "../../shared/ui/page-title";
import { Empty } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";
import { CartLine } from "./cart-line";

export function CartPage() {
  const { shop } = useMessages();
  const priced = usePricedCart();
  return (
    <div className="page grid gap-8 py-8 sm:py-12">
      <PageTitle>{shop.cart.title}</PageTitle>
      {priced.error !== null && <Trouble error={priced.error} onRetry={priced.refresh} />}
      {priced.lines.length === 0 ? <EmptyCart /> : <FullCart priced={priced} />}
    </div>
  );
}

function EmptyCart() {
  const { shop, everywhere } = useMessages();
  return (
    <Empty sign={ShoppingBag} title={shop.cart.empty} text={shop.cart.emptyHint}>
      <ButtonLink to="/products">{everywhere.actions.keepShopping}</ButtonLink>
    </Empty>
  );
}

function FullCart({ priced }: { priced: PricedCart }) {
  const { shop } = useMessages();
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[1fr_22rem]">
      <ul aria-label={shop.cart.lines} className="card divide-y divide-line px-4 sm:px-6">
        {priced.lines.map((line) => (
          <li key={line.line.productId}>
            <CartLine priced={line} />
          </li>
        ))}
      </ul>
      <Totals priced={priced} />
    </div>
  );
}

function Totals({ priced }: { priced: PricedCart }) {
  const { shop, everywhere } = useMessages();
  const { money } = useFormat();
  const isHindered = priced.lines.some(({ obstacle }) => obstacle.kind !== "none");
  return (
    <div className="card grid gap-4 p-6 lg:sticky lg:top-24">
      <div className="flex items-baseline justify-between gap-4">
        <p className="font-semibold text-lg">{shop.cart.subtotal}</p>
        <p className="font-display text-3xl tabular-nums">{priced.total === null ? "–" : money(priced.total)}</p>
      </div>
      <p className="text-sm text-soft">{shop.cart.taxNote}</p>
      {isHindered ? (
        <p role="status" className="rounded-xl bg-warn-soft p-3 font-medium text-sm text-warn">
          {shop.cart.mend}
        </p>
      ) : (
        <ButtonLink to="/checkout">{shop.cart.checkout}</ButtonLink>
      )}
      <ButtonLink to="/products" look="quiet">
        {everywhere.actions.keepShopping}
      </ButtonLink>
    </div>
  );
}
