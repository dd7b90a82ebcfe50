import type { Product } from "../../shared/data/products";
import { Loading, Skeleton } from "../../shared/ui/states";
import { type Heading, ProductCard } from "./product-card";

const GRID = "grid grid-cols-2 gap-x-4 gap-y-8 sm:gap-x-6 sm:gap-y-10 md:grid-cols-3 lg:grid-cols-4";
/** So many may be seen without scrolling. */
const FIRST_ROW = 4;

export function ProductGrid({ products, heading }: { products: Product[]; heading: Heading }) {
  return (
    <ul className={GRID}>
      {products.map((product, index) => (
        <li key={product.id}>
          <ProductCard product={product} isFirst={index < FIRST_ROW} heading={heading} />
        </li>
      ))}
    </ul>
  );
}

/** As large as the products that will be there. */
export function ProductGridSkeleton({ count }: { count: number }) {
  return (
    <Loading>
      <div className={GRID}>
        {Array.from({ length: count }, (_, place) => place).map((place) => (
          <div key={place} className="grid gap-3">
            <Skeleton className="aspect-square" />
            <Skeleton className="h-5 w-3/4" />
            <Skeleton className="h-4 w-1/3" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
