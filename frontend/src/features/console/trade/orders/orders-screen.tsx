import { useId, useState } from "react";
import { useNavigate } from "react-router";
import type { Order, OrderStatus } from "../../../../shared/data/orders";
import { useFormat, useMessages } from "../../../../shared/i18n/language";
import { OrderBadges, STATUS_LOOKS } from "../../../../shared/orders/order-status";
import { Button } from "../../../../shared/ui/button";
import { isId } from "../../data/pages";
import { allOrdersQuery } from "../../data/trade";
import { CopyId } from "../../kit/copy";
import { Ago } from "../../kit/figures";
import { Filters, useFilters } from "../../kit/filters";
import { Screen } from "../../kit/screen";
import { type Column, DataTable } from "../../kit/table";
import { useWords } from "../../kit/words";
import { Pages } from "../../parts/pages";

const STATUSES = Object.keys(STATUS_LOOKS) as OrderStatus[];

/** Everybody's orders. */
export function OrdersScreen() {
  const { trade } = useWords();
  const { orders } = useMessages();
  const said = useFilters("status", "customer_id");
  const status = STATUSES.find((one) => one === said.status);
  const customer = said.customer_id !== undefined && isId(said.customer_id) ? said.customer_id : undefined;
  const filter = {
    ...(status === undefined ? {} : { status }),
    ...(customer === undefined ? {} : { customer_id: customer }),
  };
  return (
    <Screen title={trade.orders} lead={trade.ordersLead}>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-3">
        <Filters
          filters={[
            { name: "status", label: trade.status, options: STATUSES.map((one) => [one, orders.status[one]]) },
            { name: "customer_id", label: trade.customerId },
          ]}
        />
        <OpenOrder />
      </div>
      {said.customer_id !== undefined && customer === undefined && (
        <p role="status" className="text-warn">
          {trade.noId}
        </p>
      )}
      <Pages
        of={allOrdersQuery(filter)}
        isFiltered={Object.keys(said).length > 0}
        empty={{ title: trade.noOrders, text: trade.noOrdersHint }}
      >
        {(shown) => <OrderTable orders={shown} />}
      </Pages>
    </Screen>
  );
}

/** Straight to one, for who was told its number. */
function OpenOrder() {
  const { trade } = useWords();
  const navigate = useNavigate();
  const id = useId();
  const [isWrong, setWrong] = useState(false);
  const open = (data: FormData) => {
    const number = String(data.get("number")).trim();
    setWrong(!isId(number));
    if (isId(number)) {
      void navigate(`/console/orders/${number}`);
    }
  };
  return (
    <form
      className="grid w-full gap-1 sm:w-auto"
      onSubmit={(event) => {
        event.preventDefault();
        open(new FormData(event.currentTarget));
      }}
    >
      <label htmlFor={id} className="font-medium text-soft text-xs">
        {trade.orderNumber}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          name="number"
          className="control min-h-9! rounded-lg! px-2.5! py-1! text-sm sm:w-72!"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
        />
        <Button type="submit" look="secondary" className="min-h-9! rounded-lg! px-3! py-1! text-sm">
          {trade.openOrder}
        </Button>
      </div>
      {isWrong && (
        <p id={`${id}-wrong`} role="alert" className="text-warn text-xs">
          {trade.noId}
        </p>
      )}
    </form>
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
