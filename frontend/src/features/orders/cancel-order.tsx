import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { cancelOrder, type Order, orderQuery } from "../../shared/data/orders";
import { useMessages } from "../../shared/i18n/language";
import { Button } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";
import { TextField } from "../../shared/ui/form/field";
import { useForm } from "../../shared/ui/form/use-form";
import { useToast } from "../../shared/ui/toast";
import { Trouble } from "../../shared/ui/trouble";
import { mayCancel } from "./order-actions";

/** The button, disabled with its reason where it is too late. */
export function CancelOrder({ order }: { order: Order }) {
  const messages = useMessages();
  const [isOpen, setOpen] = useState(false);
  const permission = mayCancel(order, messages);
  const { cancel } = messages.orders;
  return (
    <div className="grid justify-items-start gap-2">
      <Button
        look="secondary"
        disabled={!permission.allowed}
        aria-describedby={permission.allowed ? undefined : "why-not"}
        onClick={() => setOpen(true)}
      >
        {cancel.action}
      </Button>
      {!permission.allowed && (
        <p id="why-not" className="text-sm text-soft">
          {permission.because}
        </p>
      )}
      {isOpen && <CancelDialog order={order} onClose={() => setOpen(false)} />}
    </div>
  );
}

function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { orders } = useMessages();
  const queries = useQueryClient();
  const say = useToast();
  const key = useRef(crypto.randomUUID());
  const form = useForm({
    fields: ["reason"],
    check: () => ({}),
    send: async ({ reason }) => {
      const cancelled = await cancelOrder(order.id, reason, key.current);
      queries.setQueryData(orderQuery(order.id).queryKey, cancelled);
      void queries.invalidateQueries({ queryKey: ["payments"] });
      say({ text: orders.cancel.done });
      onClose();
    },
  });
  return (
    <Dialog title={orders.cancel.title} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-5">
        <p className="text-soft">{order.status === "pending" ? orders.cancel.textPending : orders.cancel.text}</p>
        <TextField label={orders.cancel.reason} name="reason" maxLength={200} error={form.errors.reason} isOptional />
        {form.trouble !== null && <Trouble error={form.trouble} />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button look="quiet" onClick={onClose}>
            {orders.cancel.keep}
          </Button>
          <Button type="submit" look="danger" disabled={form.isSending}>
            {orders.cancel.confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
