import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { type Address, addAddress, addressesQuery, addressQuery, changeAddress } from "../../shared/data/customer";
import { useMessages } from "../../shared/i18n/language";
import { Button } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";
import { ADDRESS_FIELDS, AddressFields, addressOf, checkAddress } from "../../shared/ui/form/address-fields";
import { Checkbox } from "../../shared/ui/form/field";
import { useForm } from "../../shared/ui/form/use-form";
import { Loading, Skeleton } from "../../shared/ui/states";
import { useToast } from "../../shared/ui/toast";
import { Trouble } from "../../shared/ui/trouble";

interface Props {
  customerId: string;
  addressId?: string;
  onClose: () => void;
}

/** Adds an address, or edits the one that is named. */
export function AddressDialog({ customerId, addressId, onClose }: Props) {
  const { account } = useMessages();
  const isNew = addressId === undefined;
  const found = useQuery({ ...addressQuery(customerId, addressId ?? ""), enabled: !isNew, gcTime: 0 });
  return (
    <Dialog title={isNew ? account.page.add : account.page.editAddress} onClose={onClose}>
      {found.isLoading && (
        <Loading>
          <Skeleton className="h-72" />
        </Loading>
      )}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {(isNew || found.data !== undefined) && (
        <AddressForm key={found.data?.version} {...{ customerId, onClose }} known={found.data ?? null} />
      )}
    </Dialog>
  );
}

interface FormProps {
  customerId: string;
  known: { value: Address; version: string | null } | null;
  onClose: () => void;
}

const FIELDS = [...ADDRESS_FIELDS, "default"] as const;

function AddressForm({ customerId, known, onClose }: FormProps) {
  const messages = useMessages();
  const { account, everywhere } = messages;
  const queries = useQueryClient();
  const say = useToast();
  const key = useRef(crypto.randomUUID());
  const form = useForm({
    fields: FIELDS,
    check: (values) => checkAddress(values, messages),
    send: async (values) => {
      const address = { ...addressOf(values), default: values.default === "on" };
      if (known === null) {
        await addAddress(customerId, address, key.current);
      } else {
        const { value, version } = known;
        // An absent field would stay as it is, so one that was emptied is sent empty.
        const change = { ...address, line2: values.line2 };
        await changeAddress({ customerId, addressId: value.id, version, change });
      }
      await queries.invalidateQueries({ queryKey: addressesQuery(customerId).queryKey });
      say({ text: account.page.saved });
      onClose();
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit} className="grid gap-5">
      <AddressFields errors={form.errors} {...(known === null ? {} : { known: known.value })} />
      <Checkbox label={account.form.makeDefault} name="default" defaultChecked={known?.value.default ?? false} />
      {form.trouble !== null && <Trouble error={form.trouble} />}
      <div className="flex justify-end gap-3">
        <Button look="quiet" onClick={onClose}>
          {everywhere.actions.cancel}
        </Button>
        <Button type="submit" disabled={form.isSending}>
          {everywhere.actions.save}
        </Button>
      </div>
    </form>
  );
}
