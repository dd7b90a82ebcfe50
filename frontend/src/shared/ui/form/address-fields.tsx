import type { Address } from "../../data/customer";
import { useFormat, useMessages } from "../../i18n/language";
import type { Messages } from "../../i18n/messages";
import { COUNTRIES } from "./countries";
import { SelectField, TextField } from "./field";
import { type Errors, missing } from "./use-form";

export const ADDRESS_FIELDS = ["name", "line1", "line2", "postal_code", "city", "country"] as const;
type Field = (typeof ADDRESS_FIELDS)[number];
type Values = Record<Field, string>;

export function checkAddress(values: Values, messages: Messages): Errors<Field> {
  return missing(values, ["name", "line1", "postal_code", "city", "country"], messages);
}

/** The address as the system takes it: what is empty is absent. */
export function addressOf({ name, line1, line2, postal_code, city, country }: Values) {
  return { name, line1, postal_code, city, country, ...(line2 === "" ? {} : { line2 }) };
}

export type KnownAddress = Partial<Omit<Address, "id" | "default">>;

interface Props {
  errors: Errors<Field>;
  known?: KnownAddress;
}

export function AddressFields({ errors, known = {} }: Props) {
  const { account } = useMessages();
  const { form } = account;
  return (
    <div className="grid gap-4 sm:grid-cols-6">
      <TextField
        className="sm:col-span-6"
        label={form.fullName}
        name="name"
        autoComplete="name"
        defaultValue={known.name}
        error={errors.name}
      />
      <TextField
        className="sm:col-span-4"
        label={form.line1}
        name="line1"
        autoComplete="address-line1"
        defaultValue={known.line1}
        error={errors.line1}
      />
      <TextField
        className="sm:col-span-2"
        label={form.line2}
        name="line2"
        autoComplete="address-line2"
        defaultValue={known.line2 ?? ""}
        error={errors.line2}
        isOptional
      />
      <Town errors={errors} known={known} />
    </div>
  );
}

function Town({ errors, known = {} }: Props) {
  const { account } = useMessages();
  const { country } = useFormat();
  const countries = COUNTRIES.map((code) => ({ code, name: country(code) }));
  return (
    <>
      <TextField
        className="sm:col-span-2"
        label={account.form.postalCode}
        name="postal_code"
        autoComplete="postal-code"
        defaultValue={known.postal_code}
        error={errors.postal_code}
      />
      <TextField
        className="sm:col-span-4"
        label={account.form.city}
        name="city"
        autoComplete="address-level2"
        defaultValue={known.city}
        error={errors.city}
      />
      <SelectField
        className="sm:col-span-6"
        label={account.form.country}
        name="country"
        autoComplete="country"
        defaultValue={known.country ?? "DE"}
        error={errors.country}
      >
        {countries
          .sort((one, other) => one.name.localeCompare(other.name))
          .map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
      </SelectField>
    </>
  );
}
