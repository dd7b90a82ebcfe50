import { Ban, CircleCheck, Clock, type LucideIcon, PackageCheck, RotateCcw, Truck } from "lucide-react";
import type { Order, OrderStatus, Payment } from "../data/orders";
import { useMessages } from "../i18n/language";
import { Badge, type Tone } from "../ui/badge";

interface Look {
  tone: Tone;
  sign: LucideIcon;
}

export const STATUS_LOOKS: Record<OrderStatus, Look> = {
  pending: { tone: "warn", sign: Clock },
  confirmed: { tone: "good", sign: CircleCheck },
  shipped: { tone: "good", sign: Truck },
  delivered: { tone: "good", sign: PackageCheck },
  cancelled: { tone: "bad", sign: Ban },
};

const PAYMENT_LOOKS: Record<Payment["status"], Look> = {
  pending: { tone: "warn", sign: Clock },
  captured: { tone: "good", sign: CircleCheck },
  declined: { tone: "bad", sign: Ban },
  voided: { tone: "calm", sign: Ban },
  partially_refunded: { tone: "calm", sign: RotateCcw },
  refunded: { tone: "calm", sign: RotateCcw },
};

/** Where an order is, and where its money is if that moves. */
export function OrderBadges({ order }: { order: Order }) {
  const { orders } = useMessages();
  return (
    <span className="flex flex-wrap gap-2">
      <Badge {...STATUS_LOOKS[order.status]}>{orders.status[order.status]}</Badge>
      {order.refund !== "none" && (
        <Badge tone={order.refund === "requested" ? "warn" : "calm"} sign={RotateCcw}>
          {orders.refund[order.refund]}
        </Badge>
      )}
    </span>
  );
}

export function PaymentBadge({ payment }: { payment: Payment }) {
  const { orders } = useMessages();
  return <Badge {...PAYMENT_LOOKS[payment.status]}>{orders.payments.status[payment.status]}</Badge>;
}
