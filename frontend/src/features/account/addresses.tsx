import { useQuery } from "@tanstack/react-query";
import { MapPin, Plus } from "lucide-react";
import { useState } from "react";
import { type Address, addressesQuery } from "../../shared/data/customer";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { Badge } from "../../shared/ui/badge";
import { Button } from "../../shared/ui/button";
import { Loading, Skeleton } from "../../shared/ui/states";
import { Trouble } from "../../shared/ui/trouble";
import { AddressDialog } from "./address-dialog";
import { RemoveAddress } from "./remove-address";

type Open = { kind: "none" } | { kind: "new" } | { kind: "edit" | "remove"; address: Address };

export function Addresses({ customerId }: { customerId: string }) {
  const { account } = useMessages();
  const found = useQuery(addressesQuery(customerId));
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const close = () => setOpen({ kind: "none" });
  return (
    <section aria-labelledby="addresses" className="card grid gap-5 p-5 sm:p-7">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="addresses" className="text-2xl">
          {account.page.addresses}
        </h2>
        <Button look="secondary" onClick={() => setOpen({ kind: "new" })}>
          <Plus size={18} aria-hidden />
          {account.page.add}
        </Button>
      </div>
      {found.isPending && (
        <Loading>
          <Skeleton className="h-28" />
        </Loading>
      )}
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.items.length === 0 && <p className="text-soft">{account.page.noAddresses}</p>}
      <ul className="grid gap-4 sm:grid-cols-2">
        {found.data?.items.map((address) => (
          <li key={address.id}>
            <AddressCard address={address} onOpen={(kind) => setOpen({ kind, address })} />
          </li>
        ))}
      </ul>
      {open.kind === "new" && <AddressDialog customerId={customerId} onClose={close} />}
      {open.kind === "edit" && <AddressDialog customerId={customerId} addressId={open.address.id} onClose={close} />}
      {open.kind === "remove" && <RemoveAddress customerId={customerId} address={open.address} onClose={close} />}
    </section>
  );
}

interface CardProps {
  address: Address;
  onOpen: (kind: "edit" | "remove") => void;
}

function AddressCard({ address, onOpen }: CardProps) {
  const { account, everywhere } = useMessages();
  const { country } = useFormat();
  return (
    <div className="grid h-full content-between gap-3 rounded-xl border border-line p-4">
      <div className="grid gap-0.5">
        <p className="flex flex-wrap items-center justify-between gap-2 font-semibold">
          {address.name}
          {address.default && (
            <Badge tone="good" sign={MapPin}>
              {account.page.isDefault}
            </Badge>
          )}
        </p>
        <p>{[address.line1, address.line2].filter(Boolean).join(", ")}</p>
        <p>
          {address.postal_code} {address.city}, {country(address.country)}
        </p>
      </div>
      <div className="-ml-3 flex gap-1">
        {(["edit", "remove"] as const).map((kind) => (
          <Button key={kind} look="quiet" className="px-3" onClick={() => onOpen(kind)}>
            <span>
              {everywhere.actions[kind]}
              <span className="sr-only">, {address.line1}</span>
            </span>
          </Button>
        ))}
      </div>
    </div>
  );
}
