import { useQueryClient } from "@tanstack/react-query";
import { type Address, addressesQuery, removeAddress } from "../../shared/data/customer";
import { useMessages } from "../../shared/i18n/language";
import { Button } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";
import { useForm } from "../../shared/ui/form/use-form";
import { useToast } from "../../shared/ui/toast";
import { Trouble } from "../../shared/ui/trouble";

interface Props {
  customerId: string;
  address: Address;
  onClose: () => void;
}

export function RemoveAddress({ customerId, address, onClose }: Props) {
  const { account, everywhere } = useMessages();
  const queries = useQueryClient();
  const say = useToast();
  const form = useForm({
    fields: [],
    check: () => ({}),
    send: async () => {
      await removeAddress(customerId, address.id);
      await queries.invalidateQueries({ queryKey: addressesQuery(customerId).queryKey });
      say({ text: account.page.removed });
      onClose();
    },
  });
  return (
    <Dialog title={account.page.removeTitle} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit} className="grid gap-5">
        <p className="font-medium">
          {address.line1}, {address.postal_code} {address.city}
        </p>
        <p className="text-soft">{account.page.removeText}</p>
        {form.trouble !== null && <Trouble error={form.trouble} />}
        <div className="flex justify-end gap-3">
          <Button look="quiet" onClick={onClose}>
            {everywhere.actions.cancel}
          </Button>
          <Button type="submit" look="danger" disabled={form.isSending}>
            {everywhere.actions.remove}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
