import type { UseQueryResult } from "@tanstack/react-query";
import { CircleAlert, CloudOff } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "../../../shared/api/problem";
import { useMessages } from "../../../shared/i18n/language";
import { Button } from "../../../shared/ui/button";
import { PageTitle } from "../../../shared/ui/page-title";
import { Loading, Skeleton } from "../../../shared/ui/states";
import { Refresh } from "./refresh";
import { useWords } from "./words";

interface ScreenProps {
  title: string;
  /** One sentence on what this is about. */
  lead?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: its heading, what can be done with all of it, and its content. */
export function Screen({ title, lead, actions, children }: ScreenProps) {
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="grid min-w-64 max-w-3xl flex-1 gap-1">
          <PageTitle className="text-2xl! sm:text-3xl!">{title}</PageTitle>
          {lead !== undefined && <p className="text-soft">{lead}</p>}
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {actions}
          <Refresh />
        </div>
      </div>
      {children}
    </div>
  );
}

interface FoundProps<Told> {
  of: Pick<UseQueryResult<Told>, "data" | "error" | "refetch">;
  children: (told: Told) => ReactNode;
}

/** What a query found; a refresh that fails says so and leaves what was there. */
export function Found<Told>({ of: { data, error, refetch }, children }: FoundProps<Told>) {
  return (
    <>
      {error !== null && <Mishap error={error} onRetry={() => void refetch()} />}
      {data !== undefined && children(data)}
      {data === undefined && error === null && (
        <Loading>
          <Skeleton className="h-64" />
        </Loading>
      )}
    </>
  );
}

/** What went wrong, as the system said it: operators want its words. */
export function Mishap({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { kit } = useWords();
  const { everywhere } = useMessages();
  const isTold = error instanceof ApiError;
  const Sign = isTold ? CircleAlert : CloudOff;
  return (
    <div role="alert" className="flex gap-3 rounded-2xl bg-danger-soft p-4">
      <Sign className="mt-0.5 shrink-0 text-danger" size={18} aria-hidden />
      <div className="grid min-w-0 justify-items-start gap-1.5 [overflow-wrap:anywhere]">
        <p className="font-medium">{isTold ? error.problem.title : everywhere.problems.offline}</p>
        {isTold && <Told error={error} />}
        {isTold && typeof error.problem.instance === "string" && (
          <p className="text-soft text-xs">{kit.reference(error.problem.instance)}</p>
        )}
        {onRetry !== undefined && (
          <Button look="secondary" className="min-h-9! rounded-lg! py-1!" onClick={onRetry}>
            {everywhere.actions.retry}
          </Button>
        )}
      </div>
    </div>
  );
}

function Told({ error: { problem } }: { error: ApiError }) {
  return (
    <>
      <p>{problem.detail}</p>
      {(problem.errors ?? []).map(({ pointer, detail }) => (
        <p key={pointer + detail}>
          <code>{pointer}</code> {detail}
        </p>
      ))}
    </>
  );
}
