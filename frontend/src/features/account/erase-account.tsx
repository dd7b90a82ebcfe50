import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { signOut } from "../../shared/data/auth";
import { cart } from "../../shared/data/cart";
import { type Customer, eraseCustomer } from "../../shared/data/customer";
import { useMessages } from "../../shared/i18n/language";
import { Button } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";
import { TextField } from "../../shared/ui/form/field";
import { useForm } from "../../shared/ui/form/use-form";
import { useToast } from "../../shared/ui/toast";
import { Trouble } from "../../shared/ui/trouble";

export function EraseAccount({ customer }: { customer: Customer }) {
  const { page } = useMessages().account;
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-labelledby="erase" className="grid gap-3 rounded-card border border-danger p-5 sm:p-7">
      <h2 id="erase" className="text-2xl">
        {page.danger}
      </h2>
      <p className="max-w-2xl text-soft">{page.dangerText}</p>
      <Button look="secondary" className="justify-self-start text-danger" onClick={() => setOpen(true)}>
        {page.erase}
      </Button>
      {isOpen && <EraseDialog customer={customer} onClose={() => setOpen(false)} />}
    </section>
  );
}

function EraseDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { account, everywhere } = useMessages();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const say = useToast();
  const form = useForm({
    fields: ["email"],
    check: ({ email }) =>
      email.toLowerCase() === customer.email.toLowerCase() ? {} : { email: account.page.eraseWrong },
    send: async () => {
      await eraseCustomer(customer.id);
      cart.clear();
      await navigate("/");
      await signOut(queries);
      say({ text: account.page.erased });
    },
  });
  return (
    <Dialog title={account.page.eraseTitle} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-5">
        <p className="text-soft">{account.page.eraseText}</p>
        <TextField label={account.form.email} name="email" type="email" autoComplete="off" error={form.errors.email} />
        {form.trouble !== null && <Trouble error={form.trouble} />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button look="quiet" onClick={onClose}>
            {everywhere.actions.cancel}
          </Button>
          <Button type="submit" look="danger" disabled={form.isSending}>
            {account.page.erase}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
