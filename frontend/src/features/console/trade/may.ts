import type { Order, Payment } from "../../../shared/data/orders";
import type { ConsoleWords } from "../../../shared/i18n/messages";
import type { Permission } from "../parts/permission";

type Words = ConsoleWords["trade"]["because"];

/** What may be done with an order; the system decides, this only says so beforehand. */
export function may(action: "ship" | "deliver" | "cancel", { status }: Order, because: Words): Permission {
  const from = { ship: ["confirmed"], deliver: ["shipped"], cancel: ["pending", "confirmed"] }[action];
  return from.includes(status) ? { allowed: true } : { allowed: false, because: because[status] };
}

/** What is left of a payment to be given back, in the smallest unit. */
export function restOf({ amount, refunded, status }: Payment): number {
  return status === "captured" || status === "partially_refunded" ? amount.amount - refunded.amount : 0;
}

export function mayRefund(payment: Payment, because: Words): Permission {
  return restOf(payment) > 0 ? { allowed: true } : { allowed: false, because: because.nothingLeft };
}
