import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useMessages } from "../i18n/language";

/** Holds the place of what is to come. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-breathe rounded-2xl bg-sunken", className)} />;
}

/** Says that something is coming, to those who can't see the skeletons. */
export function Loading({ children }: { children: ReactNode }) {
  const { everywhere } = useMessages();
  return (
    <div aria-busy="true">
      <p className="sr-only">{everywhere.shell.loading}</p>
      {children}
    </div>
  );
}

interface EmptyProps {
  sign: LucideIcon;
  title: string;
  text: string;
  children?: ReactNode;
}

export function Empty({ sign: Sign, title, text, children }: EmptyProps) {
  return (
    <div className="card grid justify-items-center gap-3 px-6 py-16 text-center">
      <span className="grid size-16 place-items-center rounded-full bg-accent-soft text-accent-strong">
        <Sign size={28} aria-hidden />
      </span>
      <h2 className="mt-2 text-2xl">{title}</h2>
      <p className="max-w-md text-soft">{text}</p>
      {children !== undefined && <div className="mt-3 flex flex-wrap justify-center gap-3">{children}</div>}
    </div>
  );
}
