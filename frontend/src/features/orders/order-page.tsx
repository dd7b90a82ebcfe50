import { ArrowLeft } from "lucide-react";
import { Link, useParams } from "react-router";
import { hasName } from "../../shared/api/problem";
import type { Order } from "../../shared/data/orders";
import { shortId } from "../../shared/i18n/format";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { OrderBadges } from "../../shared/orders/order-status";
import { NotFound } from "../../shared/ui/not-found";
import { PageTitle } from "../../shared/ui/page-title";
import { Loading, Skeleton } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";
import { CancelOrder } from "./cancel-order";
import { MoneyCard } from "./money-card";
import { OrderContent } from "./order-content";
import { OrderProgress } from "./order-progress";
import { OrderTimeline } from "./order-timeline";
import { useLiveOrder } from "./watch-order";

/** One order, which moves before the reader's eyes. */
export function OrderPage() {
  const { id = "" } = useParams();
  const { orders } = useMessages();
  const live = useLiveOrder(id);
  if (hasName(live.error, "not-found", "invalid-request") && live.data === undefined) {
    return <NotFound />;
  }
  return (
    <div className="page grid gap-6 py-6 sm:py-10">
      <Link to="/orders" className="flex min-h-11 items-center gap-2 justify-self-start text-soft hover:text-ink">
        <ArrowLeft size={18} aria-hidden />
        {orders.list.title}
      </Link>
      {live.data === undefined && live.isError && <Trouble error={live.error} onRetry={() => void live.refetch()} />}
      {live.isPending && (
        <Loading>
          <Skeleton className="h-72" />
        </Loading>
      )}
      {live.data !== undefined && <OrderView order={live.data} isWatched={live.isWatched} />}
    </div>
  );
}

function OrderView({ order, isWatched }: { order: Order; isWatched: boolean }) {
  return (
    <>
      <Headline order={order} isWatched={isWatched} />
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_24rem]">
        <div className="grid gap-6">
          <OrderTimeline order={order} />
          <OrderContent order={order} />
        </div>
        <div className="grid gap-6">
          <MoneyCard order={order} />
          <CancelOrder order={order} />
        </div>
      </div>
    </>
  );
}

function Headline({ order, isWatched }: { order: Order; isWatched: boolean }) {
  const { orders } = useMessages();
  const { dateTime } = useFormat();
  const lead = order.refund === "none" ? orders.lead[order.status] : orders.refundLead[order.refund];
  return (
    <section aria-label={orders.page.number(shortId(order.id))} className="card grid gap-7 p-5 sm:p-8">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm text-soft">
        <p>
          {orders.page.number(shortId(order.id))} · {orders.page.placed(dateTime(order.created_at))}
        </p>
        <span className="flex items-center gap-3">
          {isWatched && (
            <span className="flex items-center gap-2 font-medium text-accent">
              <span aria-hidden className="size-2 animate-breathe rounded-full bg-accent" />
              {orders.page.live}
            </span>
          )}
          <OrderBadges order={order} />
        </span>
      </div>
      <div className="grid gap-2">
        <PageTitle>{orders.headline[order.status]}</PageTitle>
        <p role="status" className="text-lg text-soft">
          {lead}
        </p>
      </div>
      {order.status !== "cancelled" && <OrderProgress status={order.status} />}
    </section>
  );
}
