import { clsx } from "clsx";
import type { Address } from "../../shared/data/customer";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { AddressFields, type KnownAddress } from "../../shared/ui/form/address-fields";
import { Checkbox } from "../../shared/ui/form/field";
import type { Errors } from "../../shared/ui/form/use-form";

export const NEW_ADDRESS = "new";

interface Props {
  addresses: Address[];
  chosen: string;
  choose: (id: string) => void;
  errors: Errors<"name" | "line1" | "line2" | "postal_code" | "city" | "country">;
  /** What is known of another address already. */
  known: KnownAddress;
}

/** One of the saved addresses, or another. */
export function AddressChoice({ addresses, chosen, choose, errors, known }: Props) {
  const { shop } = useMessages();
  const options = [...addresses.map(({ id }) => id), NEW_ADDRESS];
  return (
    <section aria-labelledby="where" className="card grid gap-5 p-5 sm:p-7">
      <h2 id="where" className="text-2xl">
        {shop.checkout.address}
      </h2>
      {addresses.length === 0 ? (
        <input type="hidden" name="address" value={NEW_ADDRESS} />
      ) : (
        <div role="radiogroup" aria-labelledby="where" className="grid gap-3 sm:grid-cols-2">
          {options.map((id) => (
            <Option
              key={id}
              id={id}
              address={addresses.find((one) => one.id === id)}
              isChosen={id === chosen}
              {...{ choose }}
            />
          ))}
        </div>
      )}
      {chosen === NEW_ADDRESS && (
        <div className="grid gap-3">
          <AddressFields errors={errors} known={known} />
          <Checkbox label={shop.checkout.saveAddress} name="keep" defaultChecked />
        </div>
      )}
    </section>
  );
}

interface OptionProps {
  id: string;
  address: Address | undefined;
  isChosen: boolean;
  choose: (id: string) => void;
}

function Option({ id, address, isChosen, choose }: OptionProps) {
  const { shop } = useMessages();
  const { country } = useFormat();
  return (
    <label
      className={clsx(
        "flex cursor-pointer gap-3 rounded-xl border p-4 has-focus-visible:outline-2 has-focus-visible:outline-accent",
        isChosen ? "border-accent bg-accent-soft" : "border-line hover:bg-sunken",
      )}
    >
      <input
        type="radio"
        name="address"
        value={id}
        checked={isChosen}
        onChange={() => choose(id)}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      {address === undefined ? (
        <span className="font-medium">{shop.checkout.addAddress}</span>
      ) : (
        <span className="grid min-w-0 content-start text-sm">
          <span className="font-semibold text-base">{address.name}</span>
          <span>{[address.line1, address.line2].filter(Boolean).join(", ")}</span>
          <span>
            {address.postal_code} {address.city}, {country(address.country)}
          </span>
        </span>
      )}
    </label>
  );
}
