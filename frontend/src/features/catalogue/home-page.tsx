import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowRight, RotateCcw, ShieldCheck, Truck } from "lucide-react";
import { type Product, productsQuery } from "../../shared/data/products";
import { useMessages } from "../../shared/i18n/language";
import { ButtonLink } from "../../shared/ui/button";
import { PageTitle } from "../../shared/ui/page-title";
import { Trouble } from "../../shared/ui/trouble";
import { ProductGrid, ProductGridSkeleton } from "./product-grid";

const FEATURED = 8;
const SIGNS = [ShieldCheck, Truck, RotateCcw];
const HERO = [
  { url: "/images/products/dsk-lamp.svg", place: "col-span-2 row-span-2" },
  { url: "/images/products/kit-teapot.svg", place: "" },
  { url: "/images/products/hom-stool.svg", place: "" },
];

export function HomePage() {
  return (
    <div className="page grid gap-16 py-8 sm:gap-20 sm:py-12">
      <Hero />
      <Featured />
      <Reasons />
    </div>
  );
}

function Hero() {
  const { home } = useMessages().shop;
  return (
    <section className="grid items-center gap-8 lg:grid-cols-[1fr_1.15fr] lg:gap-14">
      <div className="grid gap-6">
        <PageTitle className="text-5xl! leading-[1.02] sm:text-6xl!">{home.title}</PageTitle>
        <p className="max-w-lg text-lg text-soft">{home.lead}</p>
        <ButtonLink to="/products" className="justify-self-start px-6">
          {home.browse}
          <ArrowRight size={18} aria-hidden />
        </ButtonLink>
      </div>
      <div aria-hidden className="grid grid-cols-3 grid-rows-2 gap-3 sm:gap-4">
        {HERO.map(({ url, place }) => (
          <div key={url} className={`aspect-square overflow-hidden rounded-card bg-sunken ${place}`}>
            <img src={url} alt="" width={480} height={480} fetchPriority="high" className="size-full object-cover" />
          </div>
        ))}
      </div>
    </section>
  );
}

function Featured() {
  const { home } = useMessages().shop;
  const found = useInfiniteQuery(productsQuery(""));
  return (
    <section aria-labelledby="featured" className="grid gap-6">
      <h2 id="featured" className="text-3xl">
        {home.featured}
      </h2>
      {found.isPending && <ProductGridSkeleton count={FEATURED} />}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && <ProductGrid products={featured(found.data.pages[0]?.items ?? [])} heading="h3" />}
    </section>
  );
}

/** Of the newest, those that can be had and seen. */
function featured(products: Product[]): Product[] {
  const worthy = products.filter(({ stock, image_url }) => stock > 0 && typeof image_url === "string");
  return (worthy.length > 0 ? worthy : products).slice(0, FEATURED);
}

function Reasons() {
  const { home } = useMessages().shop;
  return (
    <ul className="card grid gap-8 p-8 sm:grid-cols-3 sm:p-10">
      {home.reasons.map(({ title, text }, index) => {
        const Sign = SIGNS[index] ?? ShieldCheck;
        return (
          <li key={title} className="grid content-start gap-2">
            <Sign size={26} className="text-clay" aria-hidden />
            <h3 className="text-xl">{title}</h3>
            <p className="text-soft">{text}</p>
          </li>
        );
      })}
    </ul>
  );
}
