import { clsx } from "clsx";
import { Check } from "lucide-react";
import type { OrderStatus } from "../../shared/data/orders";
import { useMessages } from "../../shared/i18n/language";
import { STATUS_LOOKS } from "../../shared/orders/order-status";

const WAY = ["pending", "confirmed", "shipped", "delivered"] as const;

/** How far along its way an order is; one that was cancelled has no way. */
export function OrderProgress({ status }: { status: Exclude<OrderStatus, "cancelled"> }) {
  const { orders } = useMessages();
  const reached = WAY.indexOf(status);
  return (
    <ol aria-label={orders.page.progress} className="grid grid-cols-4">
      {WAY.map((step, index) => (
        <li
          key={step}
          aria-current={index === reached ? "step" : undefined}
          className="relative grid justify-items-center gap-2"
        >
          {index > 0 && (
            <span
              aria-hidden
              className={clsx("absolute top-5 right-1/2 h-0.5 w-full", index <= reached ? "bg-accent" : "bg-line")}
            />
          )}
          <Stop step={step} place={index - reached} />
          <span className={clsx("text-center text-sm", index <= reached ? "font-semibold" : "text-soft")}>
            {orders.status[step]}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Behind us, here, or to come. */
function Stop({ step, place }: { step: (typeof WAY)[number]; place: number }) {
  const Sign = place < 0 ? Check : STATUS_LOOKS[step].sign;
  return (
    <span
      className={clsx(
        "relative grid size-10 place-items-center rounded-full border-2 transition-colors duration-500",
        place < 0 && "border-accent bg-accent text-on-accent",
        place === 0 && "border-accent bg-accent-soft text-accent-strong",
        place > 0 && "border-line bg-surface text-soft",
      )}
    >
      {place === 0 && step !== "delivered" && (
        <span aria-hidden className="absolute -inset-1.5 animate-breathe rounded-full border-2 border-accent" />
      )}
      <Sign size={18} aria-hidden />
    </span>
  );
}
