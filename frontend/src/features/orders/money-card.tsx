import { useQuery } from "@tanstack/react-query";
import {
  type Order,
  type Payment,
  paymentsOfOrderQuery,
  type Transaction,
  transactionsQuery,
} from "../../shared/data/orders";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { PaymentBadge } from "../../shared/orders/order-status";
import { Loading, Skeleton } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";

const POLL_MS = 1_500;

/** What was paid for an order, and what came back. */
export function MoneyCard({ order }: { order: Order }) {
  const { orders } = useMessages();
  const found = useQuery({
    ...paymentsOfOrderQuery(order.id),
    refetchInterval: ({ state }) => (isBehind(order, state.data?.items) ? POLL_MS : false),
  });
  return (
    <section aria-labelledby="payment" className="card grid gap-4 p-5 sm:p-7">
      <h2 id="payment" className="text-2xl">
        {orders.page.payment}
      </h2>
      {found.isPending && (
        <Loading>
          <Skeleton className="h-24" />
        </Loading>
      )}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && found.data.items.length === 0 && <p className="text-soft">{orders.payments.none}</p>}
      {found.data?.items.map((payment) => (
        <PaymentLog key={payment.id} payment={payment} />
      ))}
    </section>
  );
}

/** Whether the payments have yet to say what the order says already. */
export function isBehind(order: Order, payments: Payment[] | undefined): boolean {
  const payment = payments?.find(({ id }) => id === order.payment_id);
  switch (order.refund) {
    case "none":
      return order.status === "pending" || (order.status === "confirmed" && payment?.status === "pending");
    case "requested":
      return true;
    case "partial":
      return payment?.status === "captured";
    case "full":
      return payment?.status !== "refunded";
    default:
      return order.refund satisfies never;
  }
}

/** What was begun is left out once its end is known. */
export function settledLog(log: Transaction[]): Transaction[] {
  return log.filter(({ kind, outcome }, index) => {
    const later = log.slice(index + 1);
    return outcome !== "pending" || !later.some((one) => one.kind === kind && one.outcome !== "pending");
  });
}

function PaymentLog({ payment }: { payment: Payment }) {
  const { orders } = useMessages();
  const { money, dateTime } = useFormat();
  // Each version of the payment has its own log.
  const query = transactionsQuery(payment.id);
  const log = useQuery({ ...query, queryKey: [...query.queryKey, payment.status, payment.updated_at] });
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <PaymentBadge payment={payment} />
        <p className="font-semibold tabular-nums">{money(payment.amount)}</p>
      </div>
      {log.isError && <Trouble error={log.error} onRetry={() => void log.refetch()} />}
      <ul aria-label={orders.payments.log} className="grid gap-2 border-line border-t pt-3 text-sm">
        {settledLog(log.data?.items ?? []).map(({ id, kind, outcome, amount, at }) => (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">
              {orders.payments.kind[kind]}
              <span className="font-normal text-soft">, {orders.payments.outcome[outcome]}</span>
            </span>
            <span className="tabular-nums">
              {kind === "charge" ? money(amount) : money({ ...amount, amount: -amount.amount })}
            </span>
            <time dateTime={at} className="w-full text-soft text-xs">
              {dateTime(at)}
            </time>
          </li>
        ))}
      </ul>
    </div>
  );
}
