import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight, PackageOpen } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import { type Order, type OrderStatus, ordersQuery } from "../../shared/data/orders";
import { shortId } from "../../shared/i18n/format";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { OrderBadges, STATUS_LOOKS } from "../../shared/orders/order-status";
import { useCustomer } from "../../shared/session/use-session";
import { Button, ButtonLink } from "../../shared/ui/button";
import { SelectField } from "../../shared/ui/form/field";
import { PageTitle } from "../../shared/ui/page-title";
import { Empty, Loading, Skeleton } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";

const STATUSES = Object.keys(STATUS_LOOKS) as OrderStatus[];

export function OrdersPage() {
  const { orders, everywhere } = useMessages();
  const customer = useCustomer();
  const [params] = useSearchParams();
  const status = STATUSES.find((known) => known === params.get("status")) ?? null;
  const found = useInfiniteQuery(ordersQuery(customer.id, status));
  return (
    <div className="page grid gap-8 py-8 sm:py-12">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <PageTitle>{orders.list.title}</PageTitle>
        <StatusFilter status={status} />
      </div>
      {found.isPending && (
        <Loading>
          <Skeleton className="h-64" />
        </Loading>
      )}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && (
        <Found orders={found.data.pages.flatMap((page) => page.items)} isFiltered={status !== null} />
      )}
      {found.hasNextPage && (
        <Button look="secondary" className="justify-self-center" onClick={() => void found.fetchNextPage()}>
          {found.isFetchingNextPage ? everywhere.shell.loading : everywhere.actions.more}
        </Button>
      )}
    </div>
  );
}

function StatusFilter({ status }: { status: OrderStatus | null }) {
  const { orders } = useMessages();
  const [, setParams] = useSearchParams();
  return (
    <SelectField
      label={orders.list.filter}
      value={status ?? ""}
      onChange={({ target }) => setParams(target.value === "" ? {} : { status: target.value }, { replace: true })}
    >
      <option value="">{orders.list.all}</option>
      {STATUSES.map((one) => (
        <option key={one} value={one}>
          {orders.status[one]}
        </option>
      ))}
    </SelectField>
  );
}

function Found({ orders: found, isFiltered }: { orders: Order[]; isFiltered: boolean }) {
  const { orders, everywhere } = useMessages();
  if (found.length === 0) {
    return (
      <Empty
        sign={PackageOpen}
        title={isFiltered ? orders.list.nothing : orders.list.empty}
        text={orders.list.emptyHint}
      >
        <ButtonLink to="/products">{everywhere.actions.keepShopping}</ButtonLink>
      </Empty>
    );
  }
  return (
    <ul className="card divide-y divide-line overflow-hidden">
      {found.map((order) => (
        <li key={order.id}>
          <OrderRow order={order} />
        </li>
      ))}
    </ul>
  );
}

function OrderRow({ order }: { order: Order }) {
  const { orders } = useMessages();
  const { money, dateTime } = useFormat();
  const count = order.items.reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    <div className="relative grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-2 p-5 hover:bg-sunken sm:grid-cols-[1fr_auto_7rem_auto] sm:px-7">
      <div className="grid gap-0.5">
        <Link to={`/orders/${order.id}`} className="font-semibold after:absolute after:inset-0">
          {orders.list.open(shortId(order.id))}
        </Link>
        <p className="text-sm text-soft">
          {dateTime(order.created_at)} · {orders.list.items(count)}
        </p>
        <p className="line-clamp-1 text-sm text-soft">{order.items.map(({ name }) => name).join(", ")}</p>
      </div>
      <p className="text-right font-semibold tabular-nums sm:order-3">{money(order.total)}</p>
      <div className="col-span-2 sm:order-2 sm:col-span-1">
        <OrderBadges order={order} />
      </div>
      <ChevronRight size={20} className="hidden text-soft sm:order-4 sm:block" aria-hidden />
    </div>
  );
}
