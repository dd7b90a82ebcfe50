import { clsx } from "clsx";
import { Package } from "lucide-react";
import { useState } from "react";

interface Props {
  url: string | null | undefined;
  isFirst?: boolean;
  className?: string;
}

/** A product's picture, in a frame that keeps its place; the name stands beside it, so it says nothing itself. */
export function Picture({ url, isFirst = false, className }: Props) {
  const [isBroken, setBroken] = useState(false);
  const frame = clsx("aspect-square overflow-hidden bg-sunken", className);
  if (url === null || url === undefined || isBroken) {
    return (
      <div className={clsx(frame, "grid place-items-center text-soft")}>
        <Package size={40} aria-hidden />
      </div>
    );
  }
  return (
    <div className={frame}>
      <img
        src={url}
        alt=""
        width={480}
        height={480}
        loading={isFirst ? "eager" : "lazy"}
        fetchPriority={isFirst ? "high" : "auto"}
        className="size-full object-cover"
        onError={() => setBroken(true)}
      />
    </div>
  );
}
