import { useState } from "react";
import { type Address, addAddress, type Customer } from "../../shared/data/customer";
import type { PricedCart } from "../../shared/data/priced-cart";
import { useMessages } from "../../shared/i18n/language";
import { ADDRESS_FIELDS, addressOf, checkAddress } from "../../shared/ui/form/address-fields";
import { type Errors, useForm } from "../../shared/ui/form/use-form";
import { AddressChoice, NEW_ADDRESS } from "./address-choice";
import { openAttempt, type PlaceOrder } from "./attempt";
import { PaymentChoice } from "./payment-choice";
import { Summary } from "./summary";
import type { usePlacing } from "./use-placing";

interface Props {
  customer: Customer;
  addresses: Address[];
  priced: PricedCart;
  placed: ReturnType<typeof usePlacing>;
}

const FIELDS = [...ADDRESS_FIELDS, "address", "keep", "token"] as const;
type Field = (typeof FIELDS)[number];
type Values = Record<Field, string>;

/** Keeps all that was typed and chosen, whatever the answer is. */
export function CheckoutForm({ customer, addresses, priced, placed }: Props) {
  const messages = useMessages();
  // A reload that cut an order off must not lose what was typed for it.
  const [before] = useState(() => openAttempt(customer.id)?.body);
  const [chosen, choose] = useState(() => firstChoice(addresses, before));
  const check = (values: Values): Errors<Field> =>
    values.address === NEW_ADDRESS ? checkAddress(values, messages) : {};
  const send = async (values: Values) => {
    const address = addresses.find(({ id }) => id === values.address);
    const goesTo = address === undefined ? addressOf(values) : withoutDefault(address);
    if (address === undefined && values.keep === "on") {
      choose((await addAddress(customer.id, { ...addressOf(values), default: false }, crypto.randomUUID())).id);
    }
    placed.place(command(customer.id, priced, { goesTo, token: values.token }));
  };
  const form = useForm({ fields: FIELDS, check, send });
  const known = before?.shipping_address ?? { name: customer.name };
  const isRunning = placed.placing.status === "running";
  return (
    <form noValidate onSubmit={form.onSubmit} className="grid items-start gap-8 lg:grid-cols-[1fr_24rem]">
      <fieldset disabled={isRunning} className="grid min-w-0 gap-8">
        <AddressChoice addresses={addresses} {...{ chosen, choose }} errors={form.errors} known={known} />
        <PaymentChoice token={before?.payment.token} />
      </fieldset>
      <Summary priced={priced} placing={placed.placing} trouble={form.trouble} isSending={form.isSending} />
    </form>
  );
}

function firstChoice(addresses: Address[], before: PlaceOrder | undefined): string {
  if (before === undefined) {
    return addresses[0]?.id ?? NEW_ADDRESS;
  }
  return addresses.find(({ id }) => id === before.shipping_address?.id)?.id ?? NEW_ADDRESS;
}

function withoutDefault({ default: _, ...address }: Address): NonNullable<PlaceOrder["shipping_address"]> {
  return address;
}

interface Wanted {
  goesTo: NonNullable<PlaceOrder["shipping_address"]>;
  token: string;
}

function command(customerId: string, priced: PricedCart, { goesTo, token }: Wanted): PlaceOrder {
  return {
    customer_id: customerId,
    items: priced.lines.map(({ line }) => ({ product_id: line.productId, quantity: line.quantity })),
    shipping_address: goesTo,
    payment: { method: "card", token },
    ...(priced.total === null ? {} : { expected_total: priced.total }),
  };
}
