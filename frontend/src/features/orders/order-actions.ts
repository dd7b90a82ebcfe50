import type { Order } from "../../shared/data/orders";
import type { Messages } from "../../shared/i18n/messages";

type Permission = { allowed: true } | { allowed: false; because: string };

/** Until it ships; the system decides, this only says so beforehand. */
export function mayCancel(order: Order, { orders }: Messages): Permission {
  switch (order.status) {
    case "pending":
    case "confirmed":
      return { allowed: true };
    case "shipped":
    case "delivered":
    case "cancelled":
      return { allowed: false, because: orders.cancel.because[order.status] };
    default:
      return order.status satisfies never;
  }
}

/** Whether anything will still happen to it by itself. */
export function isMoving(order: Order): boolean {
  const isOver = order.status === "delivered" || order.status === "cancelled";
  return !isOver || order.refund === "requested";
}
