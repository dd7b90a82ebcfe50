import { Link, useParams } from "react-router";
import type { Customer } from "../../../shared/data/customer";
import type { Payment } from "../../../shared/data/orders";
import { useFormat } from "../../../shared/i18n/language";
import { PaymentBadge } from "../../../shared/orders/order-status";
import { overviewQuery } from "../data/trade";
import { CopyId } from "../kit/copy";
import { Ago, At } from "../kit/figures";
import { Facts, Panel } from "../kit/panel";
import { useLive } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";
import { Back } from "../parts/back";
import { Headed } from "../parts/headed";
import { CustomerBadge } from "./customer-badge";
import { OrderTable } from "./orders/orders-screen";

/** One customer at a glance: who it is, what was ordered, what was paid. */
export function CustomerScreen() {
  const { trade } = useWords();
  const { id = "" } = useParams();
  const found = useLive(overviewQuery(id));
  return (
    <Screen title={found.data?.customer?.name ?? trade.customer}>
      <Back to="/console/customers">{trade.customers}</Back>
      <Found of={found}>
        {({ customer, orders, payments, missing }) => (
          <>
            {missing.length > 0 && (
              <p role="status" className="rounded-xl bg-warn-soft p-3 text-warn">
                {trade.missing(missing.join(", "))}
              </p>
            )}
            {customer !== undefined && customer !== null && <Profile customer={customer} />}
            <Headed
              title={trade.latestOrders}
              actions={
                <Link to={`/console/orders?customer_id=${id}`} className="link">
                  {trade.allOrders}
                </Link>
              }
            >
              {(orders ?? []).length === 0 ? (
                <p className="text-soft">{trade.noOrders}</p>
              ) : (
                <OrderTable orders={orders ?? []} />
              )}
            </Headed>
            <Headed title={trade.latestPayments}>
              {(payments ?? []).length === 0 ? (
                <p className="text-soft">{trade.noPayment}</p>
              ) : (
                <Payments payments={payments ?? []} />
              )}
            </Headed>
          </>
        )}
      </Found>
    </Screen>
  );
}

function Profile({ customer }: { customer: Customer }) {
  const { trade } = useWords();
  return (
    <Panel title={trade.profile} actions={<CustomerBadge customer={customer} />}>
      <Facts
        facts={[
          [trade.name, customer.name],
          [trade.email, customer.email],
          [trade.id, <CopyId key="i" id={customer.id} of={trade.id} />],
          [trade.since, <At key="s" time={customer.created_at} />],
          [trade.changed, <At key="c" time={customer.updated_at} />],
        ]}
      />
    </Panel>
  );
}

function Payments({ payments }: { payments: Payment[] }) {
  const { trade } = useWords();
  const { money } = useFormat();
  const columns: Column<Payment>[] = [
    {
      key: "order",
      title: trade.order,
      cell: ({ order_id: id }) => <span className="font-mono">…{id.slice(-8)}</span>,
    },
    { key: "status", title: trade.status, cell: (payment) => <PaymentBadge payment={payment} /> },
    { key: "amount", title: trade.amount, cell: ({ amount }) => money(amount), isNumber: true },
    {
      key: "refunded",
      title: trade.refunded,
      cell: ({ refunded }) => (refunded.amount === 0 ? "–" : money(refunded)),
      isNumber: true,
      isExtra: true,
    },
    { key: "at", title: trade.placed, cell: ({ created_at }) => <Ago time={created_at} />, isExtra: true },
  ];
  return (
    <DataTable
      caption={trade.latestPayments}
      rows={payments}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ order_id: id }) => `/console/orders/${id}`}
      sortName="payments"
    />
  );
}
