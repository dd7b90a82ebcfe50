import { type ComponentProps, useId } from "react";
import { Button } from "../../../shared/ui/button";
import type { Permission } from "./permission";

type Props = Pick<ComponentProps<typeof Button>, "look" | "onClick"> & { permission: Permission; children: string };

/** A button that, where it can't be pressed, says why. */
export function Guarded({ permission, children, onClick, ...button }: Props) {
  const id = useId();
  return (
    <span className="inline-grid justify-items-start gap-1">
      <Button
        {...button}
        className="min-h-9! rounded-lg! px-4! py-1!"
        aria-disabled={!permission.allowed}
        aria-describedby={permission.allowed ? undefined : id}
        onClick={permission.allowed ? onClick : undefined}
      >
        {children}
      </Button>
      {!permission.allowed && (
        <span id={id} className="max-w-56 text-soft text-xs">
          {permission.because}
        </span>
      )}
    </span>
  );
}
