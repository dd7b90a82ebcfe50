import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { cancelOrder, type Order, orderQuery } from "../../../../shared/data/orders";
import { useMessages } from "../../../../shared/i18n/language";
import { Button } from "../../../../shared/ui/button";
import { Dialog } from "../../../../shared/ui/dialog";
import { TextField } from "../../../../shared/ui/form/field";
import { useForm } from "../../../../shared/ui/form/use-form";
import { useToast } from "../../../../shared/ui/toast";
import { deliverOrder, shipOrder } from "../../data/trade";
import { Confirm } from "../../kit/confirm";
import { Mishap } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { Guarded } from "../../parts/guarded";
import { useOnce } from "../../parts/once";
import { may } from "../may";

/** On its way, delivered, or cancelled. */
export function OrderActions({ order }: { order: Order }) {
  const { trade } = useWords();
  const [asked, ask] = useState<"ship" | "deliver" | "cancel" | null>(null);
  const once = useOnce();
  const shipping = useOnce();
  const take = useTaking();
  const close = () => ask(null);
  return (
    <div className="mt-5 flex flex-wrap items-start gap-3 border-line border-t pt-4">
      <Guarded permission={may("ship", order, trade.because)} onClick={() => ask("ship")}>
        {trade.ship}
      </Guarded>
      <Guarded permission={may("deliver", order, trade.because)} onClick={() => ask("deliver")}>
        {trade.deliver}
      </Guarded>
      <Guarded permission={may("cancel", order, trade.because)} look="secondary" onClick={() => ask("cancel")}>
        {trade.cancel}
      </Guarded>
      {asked === "ship" && <Ship order={order} once={shipping} onClose={close} />}
      {asked === "deliver" && (
        <Confirm
          title={trade.deliverTitle}
          effect={trade.deliverEffect}
          action={trade.deliver}
          onConfirm={async () => take(await deliverOrder(order.id), trade.delivered)}
          onClose={close}
        />
      )}
      {asked === "cancel" && (
        <Confirm
          title={trade.cancelTitle}
          effect={trade.cancelEffect}
          action={trade.cancel}
          look="danger"
          reason="required"
          onConfirm={async (why) => take(await once((key) => cancelOrder(order.id, why, key)), trade.cancelled)}
          onClose={close}
        />
      )}
    </div>
  );
}

function useTaking() {
  const queries = useQueryClient();
  const say = useToast();
  return (order: Order, text: string) => {
    queries.setQueryData(orderQuery(order.id).queryKey, order);
    void queries.invalidateQueries({ queryKey: ["console", "orders"] });
    void queries.invalidateQueries({ queryKey: ["payments"] });
    say({ text });
  };
}

interface ShipProps {
  order: Order;
  once: ReturnType<typeof useOnce>;
  onClose: () => void;
}

function Ship({ order, once, onClose }: ShipProps) {
  const { trade } = useWords();
  const { everywhere } = useMessages();
  const take = useTaking();
  const form = useForm({
    fields: ["carrier", "tracking_number"],
    check: () => ({}),
    send: async ({ carrier, tracking_number }) => {
      const said = { ...(carrier === "" ? {} : { carrier }), ...(tracking_number === "" ? {} : { tracking_number }) };
      take(await once((key) => shipOrder(order.id, said, key)), trade.shipped);
      onClose();
    },
  });
  return (
    <Dialog title={trade.shipTitle} isBusy={form.isSending} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-4">
        <p>{trade.shipEffect}</p>
        <TextField label={trade.carrier} name="carrier" isOptional maxLength={100} error={form.errors.carrier} />
        <TextField
          label={trade.tracking}
          name="tracking_number"
          isOptional
          maxLength={100}
          error={form.errors.tracking_number}
        />
        {form.trouble !== null && <Mishap error={form.trouble} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="secondary" disabled={form.isSending} onClick={onClose}>
            {everywhere.actions.cancel}
          </Button>
          <Button type="submit" disabled={form.isSending}>
            {trade.ship}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
