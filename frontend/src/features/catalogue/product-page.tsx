import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { Link, useParams } from "react-router";
import { hasName } from "../../shared/api/problem";
import { type Product, productQuery } from "../../shared/data/products";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { NotFound } from "../../shared/ui/not-found";
import { PageTitle } from "../../shared/ui/page-title";
import { Picture } from "../../shared/ui/picture";
import { Loading, Skeleton } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";
import { AddToCart } from "./add-to-cart";
import { StockNote } from "./stock-note";

export function ProductPage() {
  const { id = "" } = useParams();
  const found = useQuery(productQuery(id));
  if (hasName(found.error, "not-found", "product-not-found", "invalid-request", "invalid-query")) {
    return <NotFound />;
  }
  return (
    <div className="page grid gap-6 py-6 sm:py-10">
      <Back />
      {found.isPending && <ProductSkeleton />}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && <ProductView key={found.data.id} product={found.data} />}
    </div>
  );
}

function Back() {
  const { shell } = useMessages().everywhere;
  return (
    <Link to="/products" className="flex min-h-11 items-center gap-2 justify-self-start text-soft hover:text-ink">
      <ArrowLeft size={18} aria-hidden />
      {shell.shop}
    </Link>
  );
}

function ProductView({ product }: { product: Product }) {
  const { shop } = useMessages();
  const { money } = useFormat();
  return (
    <div className="grid gap-8 md:grid-cols-[1.1fr_1fr] md:gap-12 lg:gap-16">
      <Picture url={product.image_url} isFirst className="rounded-card" />
      <div className="grid content-start gap-5 md:py-6">
        <PageTitle className="sm:text-5xl!">{product.name}</PageTitle>
        <p className="font-display text-2xl tabular-nums">{money(product.price)}</p>
        <StockNote stock={product.active ? product.stock : 0} />
        <p className="max-w-prose text-lg text-soft leading-relaxed">{product.description}</p>
        <AddToCart product={product} />
        <dl className="mt-2 flex gap-2 border-line border-t pt-4 text-sm text-soft">
          <dt>{shop.product.sku}</dt>
          <dd className="font-medium text-ink">{product.sku}</dd>
        </dl>
      </div>
    </div>
  );
}

function ProductSkeleton() {
  return (
    <Loading>
      <div className="grid gap-8 md:grid-cols-[1.1fr_1fr] md:gap-12 lg:gap-16">
        <Skeleton className="aspect-square" />
        <div className="grid content-start gap-5 md:py-6">
          <Skeleton className="h-12 w-3/4" />
          <Skeleton className="h-8 w-28" />
          <Skeleton className="h-28" />
          <Skeleton className="h-12 w-56" />
        </div>
      </div>
    </Loading>
  );
}
