import { CircleCheck, CircleSlash, Hourglass } from "lucide-react";
import { useMessages } from "../../shared/i18n/language";

/** From so few on it is worth saying how many are left. */
const LOW = 15;

/** Whether it can be had. */
export function StockNote({ stock }: { stock: number }) {
  const { product } = useMessages().shop;
  if (stock <= 0) {
    return (
      <p className="flex items-center gap-1.5 text-sm text-soft">
        <CircleSlash size={15} aria-hidden />
        {product.out}
      </p>
    );
  }
  if (stock <= LOW) {
    return (
      <p className="flex items-center gap-1.5 text-sm text-warn">
        <Hourglass size={15} aria-hidden />
        {product.low(stock)}
      </p>
    );
  }
  return (
    <p className="flex items-center gap-1.5 text-accent text-sm">
      <CircleCheck size={15} aria-hidden />
      {product.inStock}
    </p>
  );
}
