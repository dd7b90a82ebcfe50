import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { Link } from "react-router";

type Look = "primary" | "secondary" | "quiet" | "danger";

const BASE =
  "inline-flex min-h-11 items-center justify-center gap-2 rounded-full px-5 py-2 text-center font-semibold transition-colors";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-edge bg-surface text-ink hover:bg-sunken",
  quiet: "text-ink hover:bg-sunken",
  danger: "bg-danger text-on-accent hover:opacity-90",
};

const DISABLED = clsx(
  "disabled:cursor-not-allowed disabled:bg-sunken disabled:text-soft disabled:border-line",
  // Kept within reach: it says why it can't be pressed, and the focus comes back to it.
  "aria-disabled:cursor-not-allowed aria-disabled:bg-sunken aria-disabled:text-soft aria-disabled:border-line",
);

interface Looks {
  look?: Look;
}

export function Button({ look = "primary", className, type = "button", ...rest }: ComponentProps<"button"> & Looks) {
  return <button type={type} className={clsx(BASE, LOOKS[look], DISABLED, className)} {...rest} />;
}

/** Leads to another page, and looks like a button. */
export function ButtonLink({ look = "primary", className, ...rest }: ComponentProps<typeof Link> & Looks) {
  return <Link className={clsx(BASE, LOOKS[look], className)} {...rest} />;
}
