import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/problem";
import type { Messages } from "../../i18n/messages";

type Values<F extends string> = Record<F, string>;
export type Errors<F extends string> = Partial<Record<F, string>>;

interface Plan<F extends string> {
  fields: readonly F[];
  check: (values: Values<F>) => Errors<F>;
  send: (values: Values<F>) => Promise<unknown>;
}

/** A form whose values are in its fields: checked here first, and then by the system, at the same places. */
export function useForm<F extends string>({ fields, check, send }: Plan<F>) {
  const [errors, setErrors] = useState<Errors<F>>({});
  const [trouble, setTrouble] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);

  const show = (form: HTMLFormElement, found: Errors<F>) => {
    setErrors(found);
    const first = fields.find((field) => found[field] !== undefined);
    focus(form, first);
  };
  const submit = async (form: HTMLFormElement) => {
    const values = read(form, fields);
    const found = check(values);
    setTrouble(null);
    show(form, found);
    if (Object.keys(found).length > 0) {
      return;
    }
    setSending(true);
    try {
      await send(values);
    } catch (error) {
      const refused = refusedFields(error, fields);
      setTrouble(Object.keys(refused).length > 0 ? null : error);
      show(form, refused);
    } finally {
      setSending(false);
    }
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isSending) {
      void submit(event.currentTarget);
    }
  };
  return { errors, trouble, isSending, onSubmit };
}

function read<F extends string>(form: HTMLFormElement, fields: readonly F[]): Values<F> {
  const data = new FormData(form);
  const value = (field: F) => String(data.get(field) ?? "");
  // A password may begin or end with a space.
  const meant = (field: F) => (field === "password" ? value(field) : value(field).trim());
  return Object.fromEntries(fields.map((field) => [field, meant(field)])) as Values<F>;
}

function focus(form: HTMLFormElement, field: string | undefined): void {
  const control = field === undefined ? null : form.elements.namedItem(field);
  if (control instanceof HTMLElement) {
    control.focus();
  }
}

/** What the system has against single fields. */
function refusedFields<F extends string>(error: unknown, fields: readonly F[]): Errors<F> {
  const found = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  const named = found.map(({ pointer, detail }) => [pointer.split("/").at(-1), detail] as const);
  return Object.fromEntries(named.filter(([name]) => fields.some((field) => field === name))) as Errors<F>;
}

/** Those of `needed` that are empty. */
export function missing<F extends string>(values: Values<F>, needed: readonly F[], messages: Messages): Errors<F> {
  const empty = needed.filter((field) => values[field] === "");
  return Object.fromEntries(empty.map((field) => [field, messages.everywhere.fields.required])) as Errors<F>;
}

export function looksLikeEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}
