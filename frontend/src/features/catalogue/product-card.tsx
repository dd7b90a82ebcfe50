import { Link } from "react-router";
import type { Product } from "../../shared/data/products";
import { useFormat } from "../../shared/i18n/language";
import { Picture } from "../../shared/ui/picture";
import { StockNote } from "./stock-note";

/** One below the heading that the product stands under. */
export type Heading = "h2" | "h3";

interface Props {
  product: Product;
  isFirst: boolean;
  heading: Heading;
}

/** A product among others; all of it leads to its page. */
export function ProductCard({ product, isFirst, heading: Name }: Props) {
  const { money } = useFormat();
  return (
    <article className="group relative flex flex-col gap-3">
      <Picture
        url={product.image_url}
        isFirst={isFirst}
        className="rounded-card transition-shadow duration-300 group-hover:shadow-card"
      />
      <div className="grid gap-1 px-1">
        <div className="flex flex-col justify-between gap-x-3 sm:flex-row sm:items-baseline">
          <Name className="font-sans font-semibold text-base leading-snug tracking-normal">
            <Link to={`/products/${product.id}`} className="after:absolute after:inset-0 group-hover:underline">
              {product.name}
            </Link>
          </Name>
          <p className="font-semibold tabular-nums">{money(product.price)}</p>
        </div>
        <StockNote stock={product.stock} />
      </div>
    </article>
  );
}
