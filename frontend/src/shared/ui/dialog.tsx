import { X } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useMessages } from "../i18n/language";

interface Props {
  title: string;
  /** An alert for what can't be taken back. */
  role?: "dialog" | "alertdialog";
  /** Something is on its way, whose end is shown here: it stays open. */
  isBusy?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog: the browser keeps the focus in it, and gives it back at the end. */
export function Dialog({ title, role = "dialog", isBusy = false, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { everywhere } = useMessages();
  // Only this method makes a dialog modal, and closing gives the focus back, which it must do before the dialog is gone.
  useLayoutEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  const leave = () => {
    if (!isBusy) {
      onClose();
    }
  };
  return (
    <dialog
      ref={dialog}
      role={role}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onClose={({ currentTarget }) => {
        // A browser lets nobody forbid the second Escape in a row.
        if (isBusy && currentTarget.isConnected && !currentTarget.open) {
          currentTarget.showModal();
        } else if (currentTarget.isConnected && !currentTarget.open) {
          onClose();
        }
      }}
      className="card w-[min(34rem,calc(100vw-2rem))] animate-rise p-6 text-ink shadow-card sm:p-8"
    >
      <div className="mb-4 flex items-start justify-between gap-4">
        <h2 id={id} className="text-2xl">
          {title}
        </h2>
        <button
          type="button"
          className="-mt-2 -mr-2 grid size-11 shrink-0 place-items-center rounded-full text-soft hover:bg-sunken"
          aria-label={everywhere.actions.close}
          aria-disabled={isBusy}
          onClick={leave}
        >
          <X size={20} aria-hidden />
        </button>
      </div>
      {children}
    </dialog>
  );
}
