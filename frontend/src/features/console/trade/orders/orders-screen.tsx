import { useInfiniteQuery } from "@tanstack/react-query";
import type { Order, OrderStatus } from "../../../../shared/data/orders";
import { useFormat, useMessages } from "../../../../shared/i18n/language";
import { OrderBadges, STATUS_LOOKS } from "../../../../shared/orders/order-status";
import { all } from "../../data/pages";
import { allOrdersQuery } from "../../data/trade";
import { CopyId } from "../../kit/copy";
import { Ago } from "../../kit/figures";
import { Filters, useFilters } from "../../kit/filters";
import { usePace } from "../../kit/refresh";
import { Found, Screen } from "../../kit/screen";
import { type Column, DataTable, More } from "../../kit/table";
import { useWords } from "../../kit/words";
import { Nothing } from "../../parts/nothing";

const STATUSES = Object.keys(STATUS_LOOKS) as OrderStatus[];
const UUID = /^[0-9a-f-]{36}$/i;

/** Everybody's orders. */
export function OrdersScreen() {
  const { trade } = useWords();
  const { orders } = useMessages();
  const said = useFilters("status", "customer_id");
  const status = STATUSES.find((one) => one === said.status);
  const customer = said.customer_id !== undefined && UUID.test(said.customer_id) ? said.customer_id : undefined;
  const found = useInfiniteQuery({
    ...allOrdersQuery({
      ...(status === undefined ? {} : { status }),
      ...(customer === undefined ? {} : { customer_id: customer }),
    }),
    refetchInterval: usePace(),
  });
  return (
    <Screen title={trade.orders} lead={trade.ordersLead}>
      <Filters
        filters={[
          { name: "status", label: trade.status, options: STATUSES.map((one) => [one, orders.status[one]]) },
          { name: "customer_id", label: trade.customerId, minLength: 36 },
        ]}
      />
      <Found of={found}>
        {(told) =>
          all(told).length === 0 ? (
            <Nothing isFiltered={Object.keys(said).length > 0} title={trade.noOrders} text={trade.noOrdersHint} />
          ) : (
            <>
              <OrderTable orders={all(told)} />
              <More
                isThere={found.hasNextPage}
                isComing={found.isFetchingNextPage}
                onMore={() => void found.fetchNextPage()}
              />
            </>
          )
        }
      </Found>
    </Screen>
  );
}

export function OrderTable({ orders }: { orders: Order[] }) {
  const { trade } = useWords();
  const { money } = useFormat();
  const columns: Column<Order>[] = [
    { key: "order", title: trade.order, cell: ({ id }) => <span className="font-mono">…{id.slice(-8)}</span> },
    {
      key: "status",
      title: trade.status,
      cell: (order) => <OrderBadges order={order} />,
      sort: ({ status }) => status,
    },
    {
      key: "total",
      title: trade.total,
      cell: ({ total }) => money(total),
      sort: ({ total }) => total.amount,
      isNumber: true,
    },
    {
      key: "items",
      title: trade.items,
      cell: ({ items }) => (
        <span className="line-clamp-2">{items.map(({ quantity, name }) => `${quantity} × ${name}`).join(", ")}</span>
      ),
      isExtra: true,
    },
    {
      key: "customer",
      title: trade.customer,
      cell: ({ customer_id: id }) => <CopyId id={id} of={trade.customer} to={`/console/customers/${id}`} isShort />,
      isExtra: true,
    },
    { key: "placed", title: trade.placed, cell: ({ created_at }) => <Ago time={created_at} />, isExtra: true },
  ];
  return (
    <DataTable
      caption={trade.orders}
      rows={orders}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ id }) => `/console/orders/${id}`}
    />
  );
}
