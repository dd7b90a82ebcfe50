import { useQueryClient } from "@tanstack/react-query";
import { orderQuery, type Payment } from "../../../../shared/data/orders";
import { useFormat, useMessages } from "../../../../shared/i18n/language";
import { Button } from "../../../../shared/ui/button";
import { Dialog } from "../../../../shared/ui/dialog";
import { TextField } from "../../../../shared/ui/form/field";
import { type Errors, missing, useForm } from "../../../../shared/ui/form/use-form";
import { useToast } from "../../../../shared/ui/toast";
import { refund } from "../../data/trade";
import { Mishap } from "../../kit/screen";
import { useWords } from "../../kit/words";
import type { useOnce } from "../../parts/once";
import { restOf } from "../may";
import { amountOf, typedOf } from "../money";

interface Props {
  payment: Payment;
  /** Of who opened this: a key outlives the dialog, so that opening it again gives nothing back twice. */
  once: ReturnType<typeof useOnce>;
  onClose: () => void;
}

/** Gives back all that is left, or a part of it; every refund says why. */
export function RefundDialog({ payment, once, onClose }: Props) {
  const messages = useMessages();
  const { trade } = useWords();
  const { money } = useFormat();
  const queries = useQueryClient();
  const say = useToast();
  const { currency } = payment.amount;
  const rest = restOf(payment);
  const left = money({ amount: rest, currency });
  const form = useForm({
    fields: ["amount", "reason"],
    check: ({ amount, reason }): Errors<"amount" | "reason"> => {
      const wanted = amountOf(amount, currency);
      const isRight = wanted !== null && wanted > 0 && wanted <= rest;
      return { ...(isRight ? {} : { amount: trade.refundUpTo(left) }), ...missing({ reason }, ["reason"], messages) };
    },
    send: async ({ amount, reason }) => {
      const wanted = { amount: amountOf(amount, currency) ?? 0, currency };
      await once((key) => refund(payment.id, { amount: wanted, reason }, key));
      void queries.invalidateQueries({ queryKey: ["payments"] });
      void queries.invalidateQueries({ queryKey: ["transactions", payment.id] });
      void queries.invalidateQueries({ queryKey: orderQuery(payment.order_id).queryKey });
      say({ text: trade.refundDone(money(wanted)) });
      onClose();
    },
  });
  return (
    <Dialog title={trade.refundTitle} role="alertdialog" isBusy={form.isSending} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-4">
        <p>{trade.refundEffect(left)}</p>
        <TextField
          label={`${trade.amount}, ${currency}`}
          name="amount"
          inputMode="decimal"
          defaultValue={typedOf(rest, currency)}
          error={form.errors.amount}
        />
        <TextField label={trade.why} name="reason" maxLength={200} error={form.errors.reason} />
        {form.trouble !== null && <Mishap error={form.trouble} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="secondary" disabled={form.isSending} onClick={onClose}>
            {messages.everywhere.actions.cancel}
          </Button>
          <Button type="submit" look="danger" disabled={form.isSending}>
            {trade.refund}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
