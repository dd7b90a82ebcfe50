import { ShoppingBag } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { cart, QUANTITY_MAX, useCart } from "../../shared/data/cart";
import type { Product } from "../../shared/data/products";
import { useMessages } from "../../shared/i18n/language";
import { Button } from "../../shared/ui/button";
import { Quantity } from "../../shared/ui/quantity";
import { useToast } from "../../shared/ui/toast";

/** How many, and into the cart with them; never more than there are. */
export function AddToCart({ product }: { product: Product }) {
  const { shop } = useMessages();
  const say = useToast();
  const navigate = useNavigate();
  const [quantity, setQuantity] = useState(1);
  const inCart = useCart().find((line) => line.productId === product.id)?.quantity ?? 0;
  const left = Math.min(product.active ? product.stock : 0, QUANTITY_MAX) - inCart;
  const add = () => {
    cart.add({ productId: product.id, quantity, seen: product.price });
    setQuantity(1);
    say({
      text: shop.product.added(product.name),
      action: { label: shop.product.viewCart, run: () => void navigate("/cart") },
    });
  };
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Quantity value={quantity} max={Math.max(left, 1)} of={product.name} onChange={setQuantity} />
        <Button disabled={left < 1} className="grow sm:grow-0 sm:px-8" onClick={add}>
          <ShoppingBag size={18} aria-hidden />
          {shop.product.add}
        </Button>
      </div>
      <p className="min-h-6 text-sm text-soft">{note(shop.product, product, { inCart, left })}</p>
    </div>
  );
}

interface Counts {
  inCart: number;
  left: number;
}

function note(words: ReturnType<typeof useMessages>["shop"]["product"], product: Product, { inCart, left }: Counts) {
  if (!product.active) {
    return words.inactive;
  }
  if (inCart > 0) {
    return left < 1 ? words.allInCart : words.inCart(inCart);
  }
  return "";
}
