import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../../shared/i18n/language";
import { Button } from "../../../shared/ui/button";
import { Dialog } from "../../../shared/ui/dialog";
import { TextField } from "../../../shared/ui/form/field";
import { Mishap } from "./screen";
import { useWords } from "./words";

interface Props {
  title: string;
  /** What will happen, and to how many. */
  effect: string;
  /** The word on the button that does it. */
  action: string;
  look?: "primary" | "danger";
  /** Whether one says why. */
  reason?: "none" | "optional" | "required";
  onConfirm: (reason: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks before it does; stays open, saying why, where that fails. */
export function Confirm({ title, effect, action, look = "primary", reason = "none", onConfirm, onClose }: Props) {
  const { kit } = useWords();
  const { everywhere } = useMessages();
  const [why, setWhy] = useState("");
  const [isMissing, setMissing] = useState(false);
  const doing = useMutation({ mutationFn: () => onConfirm(why.trim()), onSuccess: onClose });
  const go = () => {
    const lacks = reason === "required" && why.trim() === "";
    setMissing(lacks);
    if (!lacks) {
      doing.mutate();
    }
  };
  return (
    <Dialog title={title} role="alertdialog" isBusy={doing.isPending} onClose={onClose}>
      <form action={go} className="grid gap-4">
        <p>{effect}</p>
        {reason !== "none" && (
          <TextField
            label={kit.reason}
            isOptional={reason === "optional"}
            error={isMissing ? everywhere.fields.required : undefined}
            maxLength={200}
            value={why}
            onChange={({ target }) => setWhy(target.value)}
          />
        )}
        {doing.isError && <Mishap error={doing.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="secondary" disabled={doing.isPending} onClick={onClose}>
            {everywhere.actions.cancel}
          </Button>
          <Button type="submit" look={look} disabled={doing.isPending}>
            {doing.isPending ? everywhere.shell.loading : action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
