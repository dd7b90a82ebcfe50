import { Minus, Plus } from "lucide-react";
import { useMessages } from "../i18n/language";

interface Props {
  value: number;
  max: number;
  /** What is counted, for those who can't see it beside. */
  of: string;
  onChange: (value: number) => void;
}

const STEP =
  "grid size-11 place-items-center rounded-full hover:bg-sunken disabled:cursor-not-allowed disabled:text-soft disabled:opacity-50";

/** How many: between one and what there is. */
export function Quantity({ value, max, of, onChange }: Props) {
  const { product } = useMessages().shop;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be a row in every browser
    <div
      role="group"
      aria-label={`${product.quantity}, ${of}`}
      className="inline-flex items-center rounded-full border border-edge bg-surface"
    >
      <button
        type="button"
        className={STEP}
        aria-label={product.fewer}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <Minus size={18} aria-hidden />
      </button>
      <output className="min-w-8 text-center font-semibold tabular-nums" aria-live="polite">
        {value}
      </output>
      <button
        type="button"
        className={STEP}
        aria-label={product.another}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <Plus size={18} aria-hidden />
      </button>
    </div>
  );
}
