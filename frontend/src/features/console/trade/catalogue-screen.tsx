import { Plus } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Product } from "../../../shared/data/products";
import { useFormat } from "../../../shared/i18n/language";
import { Button } from "../../../shared/ui/button";
import { Dialog } from "../../../shared/ui/dialog";
import { Picture } from "../../../shared/ui/picture";
import { addProduct, catalogueQuery } from "../data/trade";
import { Ago, useFigures } from "../kit/figures";
import { Filters, useFilters } from "../kit/filters";
import { Screen } from "../kit/screen";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";
import { Pages } from "../parts/pages";
import { ActiveBadge } from "./active-badge";
import { ProductForm } from "./product-form";

/** All products, those too that the shop does not show. */
export function CatalogueScreen() {
  const { trade } = useWords();
  const [isAdding, setAdding] = useState(false);
  const { query = "" } = useFilters("query");
  return (
    <Screen
      title={trade.catalogue}
      lead={trade.catalogueLead}
      actions={
        <Button className="min-h-9! rounded-lg! px-4! py-1!" onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {trade.newProduct}
        </Button>
      }
    >
      <Filters filters={[{ name: "query", label: trade.search }]} />
      <Pages
        of={catalogueQuery(query)}
        isFiltered={query !== ""}
        empty={{ title: trade.noProducts, text: trade.noProductsHint }}
      >
        {(shown) => <Products products={shown} />}
      </Pages>
      {isAdding && <NewProduct onClose={() => setAdding(false)} />}
    </Screen>
  );
}

function Products({ products }: { products: Product[] }) {
  const { trade } = useWords();
  const { money } = useFormat();
  const figures = useFigures();
  const columns: Column<Product>[] = [
    { key: "name", title: trade.name, cell: (product) => <Name of={product} />, sort: ({ name }) => name },
    {
      key: "sku",
      title: trade.sku,
      cell: ({ sku }) => <code className="[overflow-wrap:anywhere]">{sku}</code>,
      isExtra: true,
    },
    {
      key: "price",
      title: trade.price,
      cell: ({ price }) => money(price),
      sort: ({ price }) => price.amount,
      isNumber: true,
    },
    {
      key: "stock",
      title: trade.stock,
      cell: ({ stock }) => (
        <span className={stock === 0 ? "font-semibold text-danger" : ""}>{figures.count(stock)}</span>
      ),
      sort: ({ stock }) => stock,
      isNumber: true,
    },
    { key: "active", title: trade.inShop, cell: ({ active }) => <ActiveBadge isActive={active} />, isExtra: true },
    { key: "changed", title: trade.changed, cell: ({ updated_at }) => <Ago time={updated_at} />, isExtra: true },
  ];
  return (
    <DataTable
      caption={trade.catalogue}
      rows={products}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ id }) => `/console/catalogue/${id}`}
    />
  );
}

function Name({ of: { name, image_url: url } }: { of: Product }) {
  return (
    <span className="flex items-center gap-3">
      <Picture url={url} className="size-9 shrink-0 rounded-lg" />
      {name}
    </span>
  );
}

function NewProduct({ onClose }: { onClose: () => void }) {
  const { trade } = useWords();
  const navigate = useNavigate();
  return (
    <Dialog title={trade.newProduct} onClose={onClose}>
      <ProductForm
        known={null}
        action={trade.create}
        onSend={async (product) => {
          const { id } = await addProduct(product);
          void navigate(`/console/catalogue/${id}`);
        }}
      />
    </Dialog>
  );
}
