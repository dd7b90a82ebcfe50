import { useMutation } from "@tanstack/react-query";
import { hasName } from "../../../shared/api/problem";
import type { Product } from "../../../shared/data/products";
import { useMessages } from "../../../shared/i18n/language";
import { Button } from "../../../shared/ui/button";
import { TextField } from "../../../shared/ui/form/field";
import { type Errors, missing, useForm } from "../../../shared/ui/form/use-form";
import type { NewProduct } from "../data/trade";
import { Mishap } from "../kit/screen";
import { useWords } from "../kit/words";
import { amountOf, typedOf } from "./money";

const FIELDS = ["name", "sku", "description", "price", "currency", "image_url"] as const;
type Field = (typeof FIELDS)[number];

interface Props {
  known: Product | null;
  action: string;
  onSend: (product: NewProduct) => Promise<unknown>;
  /** Shows what others have made of it meanwhile, in place of what was typed. */
  onTakeOver?: () => Promise<void>;
}

/** What a product is; its stock is counted elsewhere. */
export function ProductForm({ known, action, onSend, onTakeOver }: Props) {
  const messages = useMessages();
  const { trade } = useWords();
  const form = useForm({
    fields: FIELDS,
    check: (values): Errors<Field> => ({
      ...(amountOf(values.price, values.currency) === null ? { price: trade.noAmount } : {}),
      ...missing(values, ["name", "sku", "description", "price", "currency"], messages),
    }),
    send: ({ price, currency, image_url, ...rest }) =>
      onSend({
        ...rest,
        price: { amount: amountOf(price, currency) ?? 0, currency },
        // An empty one takes the picture away; a new product has none to take away.
        ...(image_url === "" && known === null ? {} : { image_url }),
      }),
  });
  const price = known?.price ?? { amount: 0, currency: "EUR" };
  return (
    <form noValidate onSubmit={form.onSubmit} className="grid gap-4">
      <TextField label={trade.name} name="name" defaultValue={known?.name} error={form.errors.name} maxLength={200} />
      <TextField label={trade.sku} name="sku" defaultValue={known?.sku} error={form.errors.sku} maxLength={64} />
      <TextField
        label={trade.description}
        name="description"
        defaultValue={known?.description}
        error={form.errors.description}
        maxLength={4_000}
      />
      <div className="grid grid-cols-[1fr_7rem] gap-3">
        <TextField
          label={trade.price}
          name="price"
          inputMode="decimal"
          defaultValue={known === null ? "" : typedOf(price.amount, price.currency)}
          error={form.errors.price}
        />
        <TextField
          label={trade.currency}
          name="currency"
          defaultValue={price.currency}
          error={form.errors.currency}
          maxLength={3}
        />
      </div>
      <TextField
        label={trade.picture}
        name="image_url"
        defaultValue={known?.image_url ?? ""}
        error={form.errors.image_url}
        isOptional
        maxLength={500}
      />
      {form.trouble !== null && <Mishap error={form.trouble} />}
      {hasName(form.trouble, "stale") && onTakeOver !== undefined && <TakeOver onTakeOver={onTakeOver} />}
      <Button type="submit" className="justify-self-start" aria-disabled={form.isSending}>
        {action}
      </Button>
    </form>
  );
}

function TakeOver({ onTakeOver }: { onTakeOver: () => Promise<void> }) {
  const { trade } = useWords();
  const taking = useMutation({ mutationFn: onTakeOver });
  return (
    <div className="grid justify-items-start gap-2">
      <p>{trade.takeOverHint}</p>
      <Button
        look="secondary"
        className="min-h-9! rounded-lg! px-4! py-1!"
        aria-disabled={taking.isPending}
        onClick={() => !taking.isPending && taking.mutate()}
      >
        {trade.takeOver}
      </Button>
      {taking.isError && <Mishap error={taking.error} />}
    </div>
  );
}
