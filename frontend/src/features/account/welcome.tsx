import type { ReactNode } from "react";
import { PageTitle } from "../../shared/ui/page-title";

interface Props {
  title: string;
  lead: string;
  children: ReactNode;
}

/** The frame of the pages at the door. */
export function Welcome({ title, lead, children }: Props) {
  return (
    <div className="page grid items-center gap-10 py-10 sm:py-16 lg:grid-cols-2">
      <div className="card mx-auto grid w-full max-w-lg gap-7 p-6 shadow-card sm:p-10">
        <div className="grid gap-2">
          <PageTitle>{title}</PageTitle>
          <p className="text-soft">{lead}</p>
        </div>
        {children}
      </div>
      <div aria-hidden className="hidden gap-4 lg:grid lg:grid-cols-2">
        {["hom-vase", "kit-mug", "hom-throw", "dsk-clock"].map((picture) => (
          <img
            key={picture}
            src={`/images/products/${picture}.svg`}
            alt=""
            width={480}
            height={480}
            className="rounded-card"
          />
        ))}
      </div>
    </div>
  );
}
