import { clsx } from "clsx";
import { CornerDownLeft, Search } from "lucide-react";
import { type KeyboardEvent as Pressed, useEffect, useId, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { Dialog } from "../../../../shared/ui/dialog";
import { useWords } from "../../kit/words";
import { choicesFor } from "./choices";

/** The quick way to a screen or to a thing by its id: by Ctrl-K or Cmd-K from anywhere, or by its button. */
export function Palette() {
  const { frame } = useWords();
  const [isOpen, setOpen] = useState(false);
  // The keys are meant wherever the focus is, also where it is nowhere.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isMeant = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      // A question that is open wants its answer first.
      if (isMeant && !event.shiftKey && !event.altKey && document.querySelector("dialog[open]") === null) {
        event.preventDefault();
        setOpen(true);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        className={clsx(
          "ml-auto flex size-11 shrink-0 items-center justify-center gap-2.5 rounded-lg hover:bg-sunken",
          "lg:order-last lg:h-auto lg:min-h-9 lg:w-full lg:justify-start lg:border lg:border-edge lg:px-3 lg:text-soft",
        )}
        onClick={() => setOpen(true)}
      >
        <Search size={17} aria-hidden />
        <span className="sr-only lg:not-sr-only">{frame.goTo}</span>
        <kbd className="sr-only lg:not-sr-only lg:ml-auto! lg:font-sans lg:text-xs">{frame.goToKeys}</kbd>
      </button>
      {isOpen && <Choosing onClose={() => setOpen(false)} />}
    </>
  );
}

function Choosing({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { palette } = words;
  const navigate = useNavigate();
  const id = useId();
  const [text, type] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const choices = choicesFor(text, words);
  // A dialog that opens gives the focus to its first button; here one wants to type.
  useEffect(() => field.current?.focus(), []);
  const move = (event: Pressed) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const stops: (HTMLElement | null)[] = [field.current, ...(list.current?.querySelectorAll("a") ?? [])];
      const at = stops.findIndex((one) => one?.matches(":focus"));
      stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    }
  };
  const go = () => {
    const [first] = choices;
    if (first !== undefined) {
      onClose();
      void navigate(first.to);
    }
  };
  return (
    <Dialog title={palette.title} onClose={onClose}>
      <form className="grid gap-3 text-sm" action={go}>
        <div className="grid gap-1">
          <label htmlFor={id} className="font-medium text-soft text-xs">
            {palette.field}
          </label>
          <input
            ref={field}
            id={id}
            className="control"
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-hint`}
            value={text}
            onChange={({ target }) => type(target.value)}
            onKeyDown={move}
          />
          <p id={`${id}-hint`} className="text-soft text-xs">
            {palette.hint}
          </p>
        </div>
        <p role="status" className={choices.length === 0 ? "py-2" : "sr-only"}>
          {choices.length === 0 ? palette.none : palette.ways(choices.length)}
        </p>
        <ul ref={list} aria-label={palette.title} className="-mx-2 max-h-[50vh] overflow-y-auto">
          {choices.map(({ to, word, note }, index) => (
            <li key={to} className="px-0.5 py-0.5">
              <Link
                to={to}
                className="group flex min-h-10 items-center gap-3 rounded-lg px-2.5 hover:bg-sunken focus:bg-sunken"
                onClick={onClose}
                onKeyDown={move}
              >
                <span className="font-medium">{word}</span>
                <span className="text-soft text-xs">{note}</span>
                {index === 0 && <CornerDownLeft size={14} className="ml-auto text-soft" aria-hidden />}
              </Link>
            </li>
          ))}
        </ul>
      </form>
    </Dialog>
  );
}
