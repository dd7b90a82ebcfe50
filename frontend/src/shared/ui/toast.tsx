import { Check, X } from "lucide-react";
import { createContext, type ReactNode, useContext, useRef, useState } from "react";
import { useMessages } from "../i18n/language";

interface Note {
  text: string;
  action?: { label: string; run: () => void };
}

type Say = (note: Note) => void;

const SHOWN_MS = 8_000;
const Said = createContext<Say>(() => {});

/** Says shortly what has happened; trouble is shown where it belongs, never here. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [note, setNote] = useState<Note | null>(null);
  const timer = useRef(0);
  const say: Say = (next) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setNote(null), SHOWN_MS);
    setNote(next);
  };
  return (
    <Said value={say}>
      {children}
      <div role="status" className="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex justify-center p-4">
        {note !== null && <Toast note={note} onClose={() => setNote(null)} />}
      </div>
    </Said>
  );
}

function Toast({ note, onClose }: { note: Note; onClose: () => void }) {
  const { everywhere } = useMessages();
  const { text, action } = note;
  return (
    <div className="pointer-events-auto flex animate-rise items-center gap-3 rounded-2xl bg-ink py-2 pr-2 pl-4 text-paper shadow-card">
      <Check size={18} aria-hidden />
      <p>{text}</p>
      {action !== undefined && (
        <button
          type="button"
          className="min-h-11 rounded-full px-3 font-semibold underline underline-offset-4"
          onClick={() => {
            action.run();
            onClose();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        className="grid size-11 place-items-center rounded-full"
        aria-label={everywhere.actions.close}
        onClick={onClose}
      >
        <X size={18} aria-hidden />
      </button>
    </div>
  );
}

export function useToast(): Say {
  return useContext(Said);
}
