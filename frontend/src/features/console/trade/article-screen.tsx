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
  const { take, reload } = useArticle(product.id);
  const say = useToast();
  const { everywhere } = useMessages();
  // What is being typed is not typed over: the form keeps the version that it began with.
  const [begun, begin] = useState({ product, version, round: 0 });
  const frame = useRef<HTMLDivElement>(null);
  const takeOver = async () => {
    const current = await reload();
    begin({ ...current, round: begun.round + 1 });
    frame.current?.focus();
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title={trade.edit}>
        <div ref={frame} tabIndex={-1}>
          <ProductForm
            key={begun.round}
            known={begun.product}
            action={everywhere.actions.save}
            onTakeOver={takeOver}
            onSend={async (change) => {
              const changed = await changeProduct(product.id, begun.version, change);
              begin({ ...begun, ...changed });
              take(changed);
              say({ text: trade.saved });
            }}
          />
        </div>
      </Panel>
      <div className="grid gap-4">
        <Summary
          product={product}
          version={version}
          onChanged={(changed) => {
            take(changed);
            // A form of that same version is one of the next: only what it does not show has changed.
            begin((now) => (now.version === version ? { ...now, version: changed.version } : now));
          }}
        />
        <Stock product={product} />
      </div>
    </div>
  );
}

/** Takes over what a change told, and asks what there is now. */
function useArticle(id: string) {
  const queries = useQueryClient();
  const article = articleQuery(id);
  return {
    take: (changed: Props) => {
      queries.setQueryData(article.queryKey, changed);
      void queries.invalidateQueries({ queryKey: ["console", "products"] });
    },
    reload: () => queries.fetchQuery({ ...article, staleTime: 0 }),
  };
}

function Summary({ product, version, onChanged }: Props & { onChanged: (changed: Props) => void }) {
  const { trade } = useWords();
  const [isAsking, ask] = useState(false);
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
          onConfirm={async () => onChanged(await changeProduct(product.id, version, { active: !active }))}
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
  const queries = useQueryClient();
  const once = useOnce();
  const typed = useRef<HTMLFormElement>(null);
  const form = useForm({
    fields: ["delta", "reason"],
    check: ({ delta, reason }): Errors<"delta" | "reason"> => ({
      ...(/^[+-]?\d{1,9}$/.test(delta) && Number(delta) !== 0 ? {} : { delta: trade.noDelta }),
      ...missing({ reason }, ["reason"], messages),
    }),
    send: async ({ delta, reason }) => {
      const { stock } = await once((key) => changeStock(product.id, { delta: Number(delta), reason }, key));
      typed.current?.reset();
      void queries.invalidateQueries({ queryKey: ["console", "product", product.id] });
      void queries.invalidateQueries({ queryKey: ["console", "products"] });
      say({ text: trade.stockIs(figures.count(stock)) });
    },
  });
  return (
    <Panel title={trade.stock}>
      <p className="mb-4 font-semibold text-2xl tabular-nums">{figures.count(product.stock)}</p>
      <form ref={typed} noValidate onSubmit={form.onSubmit} className="grid gap-4">
        <TextField
          label={trade.delta}
          hint={trade.deltaHint}
          name="delta"
          inputMode="numeric"
          error={form.errors.delta}
        />
        <TextField label={trade.why} name="reason" maxLength={200} error={form.errors.reason} />
        {form.trouble !== null && <Mishap error={form.trouble} />}
        <Button type="submit" className="justify-self-start" aria-disabled={form.isSending}>
          {trade.adjust}
        </Button>
      </form>
    </Panel>
  );
}
