import { LoaderCircle, Lock } from "lucide-react";
import { Link } from "react-router";
import type { PricedCart } from "../../shared/data/priced-cart";
import { useFormat, useMessages } from "../../shared/i18n/language";
import { Button } from "../../shared/ui/button";
import { Picture } from "../../shared/ui/picture";
import { Trouble } from "../../shared/ui/trouble";
import { Mending } from "./mending";
import { type Placing, problemOfPlacing } from "./use-placing";

interface Props {
  priced: PricedCart;
  placing: Placing;
  /** What was wrong before the order went out. */
  trouble: unknown;
  isSending: boolean;
}

/** What is bought, for how much, and how it goes. */
export function Summary({ priced, placing, trouble, isSending }: Props) {
  const { shop } = useMessages();
  const { money } = useFormat();
  const isRunning = placing.status === "running" || isSending;
  const refusal = isRunning ? null : (trouble ?? problemOfPlacing(placing));
  const isHindered = priced.total === null || priced.lines.some(({ obstacle }) => obstacle.kind !== "none");
  const total = priced.total === null ? "–" : money(priced.total);
  return (
    <section aria-labelledby="what" className="card grid gap-5 p-5 sm:p-7 lg:sticky lg:top-24">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id="what" className="text-2xl">
          {shop.checkout.summary}
        </h2>
        {!isRunning && (
          <Link to="/cart" className="link text-sm">
            {shop.checkout.changeCart}
          </Link>
        )}
      </div>
      <Lines priced={priced} />
      <div className="flex items-baseline justify-between border-line border-t pt-4">
        <p className="font-semibold">{shop.checkout.total}</p>
        <p className="font-display text-3xl tabular-nums">{total}</p>
      </div>
      {refusal !== null && (
        <Trouble error={refusal}>
          <Mending priced={priced} refusal={refusal} />
        </Trouble>
      )}
      {refusal === null && isHindered && !isRunning && <Mending priced={priced} refusal={null} />}
      <Button type="submit" disabled={isRunning || isHindered} className="min-h-13 text-lg">
        {isRunning && <LoaderCircle size={20} className="animate-spin" aria-hidden />}
        {isRunning ? shop.checkout.placing : shop.checkout.place(total)}
      </Button>
      <Progressing placing={placing} />
    </section>
  );
}

function Lines({ priced }: { priced: PricedCart }) {
  const { money } = useFormat();
  return (
    <ul className="grid gap-3">
      {priced.lines.map(({ line, product, total }) => (
        <li key={line.productId} className="grid grid-cols-[3rem_1fr_auto] items-center gap-3">
          <Picture url={product?.image_url} className="rounded-lg" />
          <p>
            {product?.name ?? "–"} <span className="whitespace-nowrap text-soft">× {line.quantity}</span>
          </p>
          <p className="tabular-nums">{money(total)}</p>
        </li>
      ))}
    </ul>
  );
}

function Progressing({ placing }: { placing: Placing }) {
  const { checkout } = useMessages().shop;
  return (
    <div role="status" className="grid gap-2 text-sm text-soft">
      {placing.status === "running" && placing.isResumed && <p>{checkout.resumed}</p>}
      {placing.status === "running" && placing.progress === "asking" && <p>{checkout.asking}</p>}
      {placing.status === "running" && placing.progress === "reconnecting" && (
        <p className="font-medium text-warn">{checkout.reconnecting}</p>
      )}
      {placing.status !== "running" && (
        <p className="flex items-center gap-2">
          <Lock size={15} className="shrink-0" aria-hidden />
          {checkout.promise}
        </p>
      )}
    </div>
  );
}
