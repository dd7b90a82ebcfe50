import { Suspense } from "react";
import { Outlet } from "react-router";
import { useSession } from "../shared/session/use-session";
import { NotFound } from "../shared/ui/not-found";
import { Loading, Skeleton } from "../shared/ui/states";
import { CrashGuard } from "./crash-guard";
import { MembersOnly } from "./members-only";
import { Shell } from "./shell";

/** What operators see, in a shell of its own; to others it does not exist. Only the system decides what may be done. */
export function OperatorsOnly() {
  const who = useSession();
  if (who.status !== "member") {
    return <MembersOnly />;
  }
  if (!who.isOperator) {
    return (
      <Shell>
        <NotFound />
      </Shell>
    );
  }
  return (
    <CrashGuard>
      <Suspense fallback={<ConsoleToCome />}>
        <Outlet />
      </Suspense>
    </CrashGuard>
  );
}

function ConsoleToCome() {
  return (
    <div className="page py-12">
      <Loading>
        <Skeleton className="h-[70vh]" />
      </Loading>
    </div>
  );
}
