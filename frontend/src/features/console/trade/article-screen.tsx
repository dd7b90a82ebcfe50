import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useParams } from "react-router";
import type { Product } from "../../../shared/data/products";
import { useMessages } from "../../../shared/i18n/language";
import { Button } from "../../../shared/ui/button";
import { TextField } from "../../../shared/ui/form/field";
import { type Errors, missing, useForm } from "../../../shared/ui/form/use-form";
import { Picture } from "../../../shared/ui/picture";
import { useToast } from "../../../shared/ui/toast";
import { articleQuery, changeProduct, changeStock } from "../data/trade";
import { Confirm } from "../kit/confirm";
import { CopyId } from "../kit/copy";
import { At, useFigures } from "../kit/figures";
import { Facts, Panel } from "../kit/panel";
import { useLive } from "../kit/refresh";
import { Found, Mishap, Screen } from "../kit/screen";
import { useWords } from "../kit/words";
import { Back } from "../parts/back";
import { useOnce } from "../parts/once";
import { ActiveBadge } from "./active-badge";
import { ProductForm } from "./product-form";

interface Props {
  product: Product;
  version: string | null;
}

/** One product: what it is, whether it is shown, and how many there are. */
export function ArticleScreen() {
  const { trade } = useWords();
  const { id = "" } = useParams();
  const found = useLive(articleQuery(id));
  return (
    <Screen title={found.data?.product.name ?? trade.product}>
      <Back to="/console/catalogue">{trade.catalogue}</Back>
      <Found of={found}>{(told) => <Content {...told} />}</Found>
    </Screen>
  );
}

function Content({ product, version }: Props) {
  const { trade } = useWords();
  const { everywhere } = useMessages();
  const refresh = useRefresh(product.id);
  const say = useToast();
  // What is being typed is not typed over: the form keeps the version that it began with.
  const begun = useRef({ product, version });
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title={trade.edit}>
        <ProductForm
          key={begun.current.version}
          known={begun.current.product}
          action={everywhere.actions.save}
          onSend={async (change) => {
            begun.current = await changeProduct(product.id, begun.current.version, change);
            refresh();
            say({ text: trade.saved });
          }}
        />
      </Panel>
      <div className="grid gap-4">
        <Summary product={product} version={version} />
        <Stock product={product} />
      </div>
    </div>
  );
}

function useRefresh(id: string): () => void {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ["console", "product", id] });
    void queries.invalidateQueries({ queryKey: ["console", "products"] });
  };
}

function Summary({ product, version }: Props) {
  const { trade } = useWords();
  const [isAsking, ask] = useState(false);
  const refresh = useRefresh(product.id);
  const { active } = product;
  return (
    <Panel title={trade.inShop} actions={<ActiveBadge isActive={active} />}>
      <div className="grid gap-4 sm:grid-cols-[7rem_1fr]">
        <Picture url={product.image_url} className="w-28 rounded-xl" />
        <Facts
          facts={[
            [trade.id, <CopyId key="i" id={product.id} of={trade.id} />],
            [trade.created, <At key="c" time={product.created_at} />],
            [trade.changed, <At key="u" time={product.updated_at} />],
          ]}
        />
      </div>
      <Button look="secondary" className="mt-4 min-h-9! rounded-lg! px-4! py-1!" onClick={() => ask(true)}>
        {active ? trade.deactivate : trade.activate}
      </Button>
      {isAsking && (
        <Confirm
          title={active ? trade.deactivateTitle : trade.activateTitle}
          effect={active ? trade.deactivateEffect : trade.activateEffect}
          action={active ? trade.deactivate : trade.activate}
          onConfirm={async () => {
            await changeProduct(product.id, version, { active: !active });
            refresh();
          }}
          onClose={() => ask(false)}
        />
      )}
    </Panel>
  );
}

/** How many there are; every change says why. */
function Stock({ product }: { product: Product }) {
  const messages = useMessages();
  const { trade } = useWords();
  const figures = useFigures();
  const say = useToast();
  const refresh = useRefresh(product.id);
  const once = useOnce();
  const [round, setRound] = useState(0);
  const form = useForm({
    fields: ["delta", "reason"],
    check: ({ delta, reason }): Errors<"delta" | "reason"> => ({
      ...(/^[+-]?\d{1,9}$/.test(delta) && Number(delta) !== 0 ? {} : { delta: trade.noDelta }),
      ...missing({ reason }, ["reason"], messages),
    }),
    send: async ({ delta, reason }) => {
      const { stock } = await once((key) => changeStock(product.id, { delta: Number(delta), reason }, key));
      setRound(round + 1);
      refresh();
      say({ text: trade.stockIs(figures.count(stock)) });
    },
  });
  return (
    <Panel title={trade.stock}>
      <p className="mb-4 font-semibold text-2xl tabular-nums">{figures.count(product.stock)}</p>
      <form key={round} noValidate onSubmit={form.onSubmit} className="grid gap-4">
        <TextField
          label={trade.delta}
          hint={trade.deltaHint}
          name="delta"
          inputMode="numeric"
          error={form.errors.delta}
        />
        <TextField label={trade.why} name="reason" maxLength={200} error={form.errors.reason} />
        {form.trouble !== null && <Mishap error={form.trouble} />}
        <Button type="submit" className="justify-self-start" disabled={form.isSending}>
          {trade.adjust}
        </Button>
      </form>
    </Panel>
  );
}
