import { ArrowLeft } from "lucide-react";
import { Link } from "react-router";

/** From one thing to the list that it is in. */
export function Back({ to, children }: { to: string; children: string }) {
  return (
    <Link
      to={to}
      className="-mb-2 inline-flex min-h-6 items-center gap-1.5 justify-self-start text-soft hover:text-ink"
    >
      <ArrowLeft size={15} aria-hidden />
      {children}
    </Link>
  );
}
