import { Trash2 } from "lucide-react";
import { Link } from "react-router";
import { cart, QUANTITY_MAX } from "../../shared/data/cart";
import type { PricedLine } from "../../shared/data/priced-cart";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { Picture } from "../../shared/ui/picture";
import { Quantity } from "../../shared/ui/quantity";
import { Skeleton } from "../../shared/ui/states";
import { useToast } from "../../shared/ui/toast";

export function CartLine({ priced }: { priced: PricedLine }) {
  const { money } = useFormat();
  const { line, product, total, obstacle } = priced;
  const max = Math.min(Math.max(product?.stock ?? line.quantity, 1), QUANTITY_MAX);
  return (
    <div className="grid grid-cols-[5rem_1fr] gap-4 py-5 sm:grid-cols-[7rem_1fr] sm:gap-6">
      <Picture url={product?.image_url} className="rounded-xl" />
      <div className="grid content-between gap-3">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <Name priced={priced} />
          <p className="font-semibold tabular-nums">{money(total)}</p>
        </div>
        <Notices priced={priced} />
        <div className="flex flex-wrap items-center justify-between gap-2">
          {obstacle.kind === "gone" ? (
            <span />
          ) : (
            <Quantity
              value={line.quantity}
              max={max}
              of={product?.name ?? ""}
              onChange={(quantity) => cart.change(line.productId, { quantity: Math.min(quantity, max) })}
            />
          )}
          <Remove priced={priced} />
        </div>
      </div>
    </div>
  );
}

function Name({ priced: { line, product, obstacle } }: { priced: PricedLine }) {
  const { shop } = useMessages();
  if (product === undefined) {
    return obstacle.kind === "gone" ? (
      <p className="font-semibold">{shop.cart.gone}</p>
    ) : (
      <Skeleton className="h-6 w-40" />
    );
  }
  return (
    <Link to={`/products/${line.productId}`} className="font-semibold hover:underline">
      {product.name}
    </Link>
  );
}

/** What has changed since the line was put in. */
function Notices({ priced: { line, product, obstacle } }: { priced: PricedLine }) {
  const { shop } = useMessages();
  const { money } = useFormat();
  const isPriceNew = product !== undefined && product.price.amount !== line.seen.amount;
  return (
    <div className="grid gap-1 text-sm">
      {product !== undefined && (
        <p className="text-soft">
          {money(product.price)} {shop.cart.each}
        </p>
      )}
      {isPriceNew && <p className="text-warn">{shop.cart.priceWas(money(line.seen))}</p>}
      {obstacle.kind === "too-many" && <p className="font-medium text-danger">{shop.cart.tooMany(obstacle.left)}</p>}
      {obstacle.kind === "gone" && product !== undefined && <p className="font-medium text-danger">{shop.cart.gone}</p>}
    </div>
  );
}

function Remove({ priced: { line, product } }: { priced: PricedLine }) {
  const { shop, everywhere } = useMessages();
  const say = useToast();
  const remove = () => {
    cart.remove(line.productId);
    say({ text: shop.cart.removed(product?.name ?? ""), action: { label: shop.cart.undo, run: () => cart.add(line) } });
  };
  return (
    <button
      type="button"
      className="flex min-h-11 items-center gap-2 rounded-full px-3 text-soft hover:bg-sunken hover:text-ink"
      onClick={remove}
    >
      <Trash2 size={18} aria-hidden />
      <span>
        {everywhere.actions.remove}
        <span className="sr-only"> {product?.name}</span>
      </span>
    </button>
  );
}
