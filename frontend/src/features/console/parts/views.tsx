import { clsx } from "clsx";

interface Props<View extends string> {
  /** What is chosen here, to those who can't see it. */
  label: string;
  /** Each way to look at it, with its word. */
  views: [view: View, word: string][];
  shown: View;
  onShow: (view: View) => void;
}

/** The ways to look at one thing, of which one is shown. */
export function Views<View extends string>({ label, views, shown, onShow }: Props<View>) {
  return (
    <fieldset className="flex justify-self-start rounded-lg bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {views.map(([view, word]) => (
        <button
          key={view}
          type="button"
          aria-pressed={view === shown}
          className={clsx(
            "min-h-8 rounded-md px-3 font-medium",
            view === shown ? "bg-surface shadow-card" : "text-soft",
          )}
          onClick={() => onShow(view)}
        >
          {word}
        </button>
      ))}
    </fieldset>
  );
}
