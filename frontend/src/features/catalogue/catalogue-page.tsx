import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useSearchParams } from "react-router";
import { type Product, productsQuery } from "../../shared/data/products";
import { useMessages } from "../../shared/i18n/language";
import { Button, ButtonLink } from "../../shared/ui/button";
import { PageTitle } from "../../shared/ui/page-title";
import { Empty } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";
import { ProductGrid, ProductGridSkeleton } from "./product-grid";

const PLACES = 12;

/** All products, or those that were searched for: the address says which. */
export function CataloguePage() {
  const { catalogue } = useMessages().shop;
  const query = (useSearchParams()[0].get("q") ?? "").trim();
  const found = useInfiniteQuery(productsQuery(query));
  const products = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page grid gap-8 py-8 sm:py-12">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <PageTitle>{query === "" ? catalogue.title : catalogue.results(query)}</PageTitle>
        <p role="status" className="text-soft">
          {found.isSuccess && products.length > 0 && catalogue.shown(products.length)}
        </p>
      </div>
      {found.isPending && <ProductGridSkeleton count={PLACES} />}
      {found.isSuccess && <Found products={products} query={query} />}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.hasNextPage && <More isLoading={found.isFetchingNextPage} onMore={() => void found.fetchNextPage()} />}
    </div>
  );
}

function Found({ products, query }: { products: Product[]; query: string }) {
  const { catalogue } = useMessages().shop;
  if (products.length > 0) {
    return <ProductGrid products={products} heading="h2" />;
  }
  const title = query === "" ? catalogue.noProducts : catalogue.empty(query);
  return (
    <Empty sign={SearchX} title={title} text={catalogue.emptyHint}>
      <ButtonLink to="/products" look="secondary">
        {catalogue.all}
      </ButtonLink>
    </Empty>
  );
}

function More({ isLoading, onMore }: { isLoading: boolean; onMore: () => void }) {
  const { everywhere } = useMessages();
  return (
    <Button look="secondary" className="justify-self-center px-8" aria-disabled={isLoading} onClick={onMore}>
      {isLoading ? everywhere.shell.loading : everywhere.actions.more}
    </Button>
  );
}
