import { clsx } from "clsx";
import type { Order } from "../../shared/data/orders";
import { useFormat, useMessages } from "../../shared/i18n/language";
import type { Messages } from "../../shared/i18n/messages";
import { STATUS_LOOKS } from "../../shared/orders/order-status";

type Entry = Order["history"][number];

/** What has happened, the newest first. */
export function OrderTimeline({ order }: { order: Order }) {
  const { orders } = useMessages();
  return (
    <section aria-labelledby="history" className="card grid gap-5 p-5 sm:p-7">
      <h2 id="history" className="text-2xl">
        {orders.page.history}
      </h2>
      <ol className="grid">
        {order.history.toReversed().map((entry, index) => (
          <Happened
            key={`${entry.status}-${entry.at}`}
            entry={entry}
            isNewest={index === 0}
            isFirst={index === order.history.length - 1}
          />
        ))}
      </ol>
    </section>
  );
}

interface Props {
  entry: Entry;
  isNewest: boolean;
  isFirst: boolean;
}

function Happened({ entry, isNewest, isFirst }: Props) {
  const { orders } = useMessages();
  const { dateTime } = useFormat();
  const Sign = STATUS_LOOKS[entry.status].sign;
  const reason = reasonOf(entry, orders);
  return (
    <li className={clsx("relative grid grid-cols-[2.25rem_1fr] gap-4", !isFirst && "pb-6", isNewest && "animate-rise")}>
      {!isFirst && <span aria-hidden className="absolute top-9 bottom-0 left-[1.0625rem] w-0.5 bg-line" />}
      <span
        className={clsx(
          "grid size-9 place-items-center rounded-full",
          isNewest ? "bg-accent text-on-accent" : "bg-sunken text-soft",
        )}
      >
        <Sign size={17} aria-hidden />
      </span>
      <div className="grid gap-0.5">
        <p className="font-semibold">{orders.events[entry.status]}</p>
        <p className="text-sm text-soft">
          <time dateTime={entry.at}>{dateTime(entry.at)}</time>, {who(entry, orders)}
        </p>
        {reason !== null && <p className="text-sm">{reason}</p>}
      </div>
    </li>
  );
}

function who({ by }: Entry, { by: words }: Messages["orders"]): string {
  if (by.startsWith("customer:")) {
    return words.you;
  }
  return by.startsWith("operator:") ? words.shop : words.system;
}

/** The system's own reasons in the reader's language; a person's in theirs. */
export function reasonOf({ status, reason, by }: Entry, { reasons }: Messages["orders"]): string | null {
  if (reason === undefined || reason === null || status !== "cancelled") {
    return null;
  }
  if (by.startsWith("customer:") || by.startsWith("operator:")) {
    return reason;
  }
  if (/declined/.test(reason)) {
    return reasons.declined;
  }
  return /stock/.test(reason) ? reasons.outOfStock : null;
}
