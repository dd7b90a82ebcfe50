import { useQuery } from "@tanstack/react-query";
import { ShoppingBag } from "lucide-react";
import type { Schemas } from "../../shared/api/problem";
import { addressesQuery } from "../../shared/data/customer";
import { usePricedCart } from "../../shared/data/priced-cart";
import { useMessages } from "../../shared/i18n/language";
import { useCustomer } from "../../shared/session/use-session";
import { ButtonLink } from "../../shared/ui/button";
import { PageTitle } from "../../shared/ui/page-title";
import { Empty, Loading, Skeleton } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";
import { CheckoutForm } from "./checkout-form";
import { usePlacing } from "./use-placing";

/** One page: where to, how to pay, and the order. */
export function CheckoutPage() {
  const { shop } = useMessages();
  return (
    <div className="page grid gap-8 py-8 sm:py-12">
      <PageTitle>{shop.checkout.title}</PageTitle>
      <Checkout />
    </div>
  );
}

function Checkout() {
  const customer = useCustomer();
  const addresses = useQuery(addressesQuery(customer.id));
  const priced = usePricedCart();
  const placed = usePlacing(customer.id);
  if (priced.lines.length === 0 && placed.placing.status !== "running") {
    return <NothingToBuy />;
  }
  if (addresses.isError) {
    return <Trouble error={addresses.error} onRetry={() => void addresses.refetch()} />;
  }
  if (addresses.isPending || priced.isLoading) {
    return (
      <Loading>
        <div className="grid gap-8 lg:grid-cols-[1fr_24rem]">
          <Skeleton className="h-96" />
          <Skeleton className="h-64" />
        </div>
      </Loading>
    );
  }
  return <CheckoutForm customer={customer} addresses={byUse(addresses.data.items)} priced={priced} placed={placed} />;
}

/** The one that is used first stands first. */
function byUse(addresses: Schemas["Address"][]): Schemas["Address"][] {
  return addresses.toSorted((one, other) => Number(other.default) - Number(one.default));
}

function NothingToBuy() {
  const { shop, everywhere } = useMessages();
  return (
    <Empty sign={ShoppingBag} title={shop.cart.empty} text={shop.cart.emptyHint}>
      <ButtonLink to="/products">{everywhere.actions.keepShopping}</ButtonLink>
    </Empty>
  );
}
