import { clsx } from "clsx";
import { Package } from "lucide-react";

interface Props {
  url: string | null | undefined;
  isFirst?: boolean;
  className?: string;
}

/** A product's picture, in a frame that keeps its place; the name stands beside it, so it says nothing itself. */
export function Picture({ url, isFirst = false, className }: Props) {
  const frame = clsx("aspect-square overflow-hidden bg-sunken", className);
  if (url === null || url === undefined) {
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
      />
    </div>
  );
}
