import type { Payment } from "../../../shared/data/orders";
import { useFormat } from "../../../shared/i18n/language";
import { PaymentBadge } from "../../../shared/orders/order-status";
import { isId } from "../data/pages";
import { allPaymentsQuery } from "../data/trade";
import { CopyId } from "../kit/copy";
import { Ago } from "../kit/figures";
import { Filters, useFilters } from "../kit/filters";
import { Screen } from "../kit/screen";
import { type Column, DataTable } from "../kit/table";
import { useWords } from "../kit/words";
import { Pages } from "../parts/pages";

/** Everybody's payments; money is given back at the order. */
export function PaymentsScreen() {
  const { trade } = useWords();
  const said = useFilters("order_id", "customer_id");
  const ids = Object.entries(said);
  const filter = Object.fromEntries(ids.filter(([, id]) => isId(id)));
  return (
    <Screen title={trade.payments} lead={trade.paymentsLead}>
      <Filters
        filters={[
          { name: "order_id", label: trade.orderNumber },
          { name: "customer_id", label: trade.customerId },
        ]}
      />
      {ids.some(([, id]) => !isId(id)) && (
        <p role="status" className="text-warn">
          {trade.noId}
        </p>
      )}
      <Pages
        of={allPaymentsQuery(filter)}
        isFiltered={ids.length > 0}
        empty={{ title: trade.noPayments, text: trade.noPaymentsHint }}
      >
        {(shown) => <PaymentTable caption={trade.payments} payments={shown} />}
      </Pages>
    </Screen>
  );
}

/** Payments, each of which leads to its order. */
export function PaymentTable({ caption, payments }: { caption: string; payments: Payment[] }) {
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
    { key: "id", title: trade.id, cell: ({ id }) => <CopyId id={id} of={trade.payment} isShort />, isExtra: true },
    { key: "at", title: trade.placed, cell: ({ created_at }) => <Ago time={created_at} />, isExtra: true },
  ];
  return (
    <DataTable
      caption={caption}
      rows={payments}
      columns={columns}
      rowKey={({ id }) => id}
      rowLink={({ order_id: id }) => `/console/orders/${id}`}
      sortName="payments"
    />
  );
}
