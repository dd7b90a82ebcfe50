import { clsx } from "clsx";
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { useMessages } from "../../i18n/language";

interface Labelled {
  label: string;
  error?: string | undefined;
  hint?: string | undefined;
  isOptional?: boolean;
}

interface FrameProps extends Labelled {
  id: string;
  children: ReactNode;
  className?: string | undefined;
}

/** What surrounds a control: its label, its hint, and what is wrong with it. */
function Frame({ id, label, error, hint, isOptional, children, className }: FrameProps) {
  const { everywhere } = useMessages();
  return (
    <div className={clsx("grid gap-1.5", className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
        {isOptional && <span className="font-normal text-soft"> ({everywhere.fields.optional})</span>}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="font-medium text-danger text-sm">
          {error}
        </p>
      )}
    </div>
  );
}

function described(id: string, { error, hint }: Labelled) {
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(" ");
  return { id, "aria-invalid": error !== undefined, "aria-describedby": ids === "" ? undefined : ids };
}

type TextProps = Labelled & Omit<ComponentProps<"input">, "id">;

export function TextField({ label, error, hint, isOptional = false, className, ...input }: TextProps) {
  const id = useId();
  const labelled = { label, error, hint, isOptional };
  return (
    <Frame id={id} {...labelled} className={className}>
      <input {...described(id, labelled)} className="control" aria-required={!isOptional} {...input} />
    </Frame>
  );
}

export function PasswordField({ label, error, hint, className, ...input }: TextProps) {
  const id = useId();
  const { account } = useMessages();
  const [isShown, show] = useState(false);
  const Sign = isShown ? EyeOff : Eye;
  return (
    <Frame id={id} label={label} error={error} hint={hint} className={className}>
      <div className="relative">
        <input
          {...described(id, { label, error, hint })}
          className="control pr-12"
          type={isShown ? "text" : "password"}
          aria-required
          {...input}
        />
        <button
          type="button"
          className="absolute inset-y-0 right-0 grid w-12 place-items-center text-soft hover:text-ink"
          aria-label={isShown ? account.form.hide : account.form.show}
          aria-pressed={isShown}
          onClick={() => show(!isShown)}
        >
          <Sign size={20} aria-hidden />
        </button>
      </div>
    </Frame>
  );
}

type SelectProps = Labelled & Omit<ComponentProps<"select">, "id">;

export function SelectField({ label, error, hint, className, ...select }: SelectProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} error={error} hint={hint} className={className}>
      <select {...described(id, { label, error, hint })} className="control" {...select} />
    </Frame>
  );
}

export function Checkbox({ label, ...input }: { label: string } & Omit<ComponentProps<"input">, "id">) {
  return (
    <label className="flex min-h-11 items-center gap-3">
      <input type="checkbox" className="size-5 accent-accent" {...input} />
      {label}
    </label>
  );
}
