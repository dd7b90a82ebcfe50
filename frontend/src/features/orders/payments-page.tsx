import { useInfiniteQuery } from "@tanstack/react-query";
import { CreditCard } from "lucide-react";
import { Link } from "react-router";
import { type Payment, paymentsQuery } from "../../shared/data/orders";
import { shortId } from "../../shared/i18n/format";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { PaymentBadge } from "../../shared/orders/order-status";
import { useCustomer } from "../../shared/session/use-session";
import { Button, ButtonLink } from "../../shared/ui/button";
import { PageTitle } from "../../shared/ui/page-title";
import { Empty, Loading, Skeleton } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";

export function PaymentsPage() {
  const { orders, everywhere } = useMessages();
  const found = useInfiniteQuery(paymentsQuery(useCustomer().id));
  const payments = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page grid gap-8 py-8 sm:py-12">
      <PageTitle>{orders.payments.title}</PageTitle>
      {found.isPending && (
        <Loading>
          <Skeleton className="h-64" />
        </Loading>
      )}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && (payments.length === 0 ? <NoPayments /> : <Payments payments={payments} />)}
      {found.hasNextPage && (
        <Button look="secondary" className="justify-self-center" onClick={() => void found.fetchNextPage()}>
          {found.isFetchingNextPage ? everywhere.shell.loading : everywhere.actions.more}
        </Button>
      )}
    </div>
  );
}

function NoPayments() {
  const { orders, everywhere } = useMessages();
  return (
    <Empty sign={CreditCard} title={orders.payments.empty} text={orders.payments.emptyHint}>
      <ButtonLink to="/products">{everywhere.actions.keepShopping}</ButtonLink>
    </Empty>
  );
}

/** A narrow screen shows fewer columns. */
function Payments({ payments }: { payments: Payment[] }) {
  const { payments: words } = useMessages().orders;
  const head = "px-4 py-3 text-left font-medium text-sm text-soft sm:px-6";
  return (
    <div className="card overflow-hidden">
      <table className="w-full">
        <caption className="sr-only">{words.caption}</caption>
        <thead className="border-line border-b">
          <tr>
            <th scope="col" className={head}>
              {words.order}
            </th>
            <th scope="col" className={`${head} hidden sm:table-cell`}>
              {words.date}
            </th>
            <th scope="col" className={`${head} hidden sm:table-cell`}>
              {words.state}
            </th>
            <th scope="col" className={`${head} text-right!`}>
              {words.amount}
            </th>
            <th scope="col" className={`${head} hidden text-right! sm:table-cell`}>
              {words.refunded}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {payments.map((payment) => (
            <Row key={payment.id} payment={payment} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ payment }: { payment: Payment }) {
  const { money, dateTime } = useFormat();
  const cell = "px-4 py-4 sm:px-6";
  return (
    <tr>
      <th scope="row" className={`${cell} text-left`}>
        <Link to={`/orders/${payment.order_id}`} className="link font-semibold">
          {shortId(payment.order_id)}
        </Link>
        {/* A narrow screen has no column for it. */}
        <div className="mt-1.5 sm:hidden">
          <PaymentBadge payment={payment} />
        </div>
      </th>
      <td className={`${cell} hidden text-soft sm:table-cell`}>{dateTime(payment.created_at)}</td>
      <td className={`${cell} hidden sm:table-cell`}>
        <PaymentBadge payment={payment} />
      </td>
      <td className={`${cell} text-right font-semibold tabular-nums`}>{money(payment.amount)}</td>
      <td className={`${cell} hidden text-right text-soft tabular-nums sm:table-cell`}>
        {payment.refunded.amount === 0 ? "–" : money(payment.refunded)}
      </td>
    </tr>
  );
}
