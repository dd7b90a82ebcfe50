import { CircleAlert, CloudOff } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, ConnectionLost, type Problem } from "../api/problem";
import { useMessages } from "../i18n/language";
import type { Messages } from "../i18n/messages";
import { Button } from "./button";

interface Props {
  error: unknown;
  onRetry?: () => void;
  children?: ReactNode;
}

/** What went wrong, in the reader's words, at the place where it did. */
export function Trouble({ error, onRetry, children }: Props) {
  const messages = useMessages();
  const { everywhere } = messages;
  const Sign = error instanceof ConnectionLost ? CloudOff : CircleAlert;
  const reference = error instanceof ApiError && error.problem.status >= 500 ? error.problem.instance : undefined;
  return (
    <div role="alert" className="flex gap-3 rounded-2xl bg-danger-soft p-4 text-ink">
      <Sign className="mt-0.5 shrink-0 text-danger" size={20} aria-hidden />
      <div className="grid gap-2">
        <p className="font-medium">{explain(error, messages)}</p>
        {reference !== undefined && <p className="text-sm text-soft">{everywhere.problems.reference(reference)}</p>}
        {children}
        {onRetry !== undefined && (
          <Button look="secondary" className="justify-self-start" onClick={onRetry}>
            {everywhere.actions.retry}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Our words for an error. */
function explain(error: unknown, { everywhere }: Messages): string {
  if (error instanceof ConnectionLost) {
    return everywhere.problems.offline;
  }
  return error instanceof ApiError
    ? explainProblem(error.problem, error.kind, everywhere)
    : everywhere.problems.unexpected;
}

function explainProblem(problem: Problem, kind: string, { problems, fields }: Messages["everywhere"]): string {
  const known: Record<string, string> = {
    "wrong-credentials": problems.wrongCredentials,
    "email-taken": problems.emailTaken,
    "address-book-full": problems.addressBookFull,
    "out-of-stock": problems.outOfStock,
    "price-changed": problems.priceChanged,
    "product-not-found": problems.productGone,
    "saga-overdue": problems.overdue,
    "illegal-transition": problems.cannotCancel,
    "payment-declined": /insufficient/.test(problem.detail) ? problems.insufficientFunds : problems.declined,
    "invalid-request": fields.check,
    stale: problems.stale,
  };
  return known[kind] ?? explainStatus(problem.status, problems);
}

function explainStatus(status: number, problems: Messages["everywhere"]["problems"]): string {
  if (status === 404) {
    return problems.notFound;
  }
  if (status === 429) {
    return problems.tooMany;
  }
  return status >= 502 ? problems.unavailable : problems.unexpected;
}
