import { Navigate, Outlet, useLocation } from "react-router";
import { ConnectionLost } from "../shared/api/problem";
import { session } from "../shared/session/session";
import { useSession } from "../shared/session/use-session";
import { Loading, Skeleton } from "../shared/ui/states";
import { Trouble } from "../shared/ui/trouble";

/** Leads guests to the door, and from there back here. Only the system decides what may be seen. */
export function MembersOnly() {
  const who = useSession();
  const { pathname, search } = useLocation();
  switch (who.status) {
    case "member":
      return <Outlet />;
    case "guest":
      return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
    case "unreachable":
      return (
        <div className="page py-12">
          <Trouble error={new ConnectionLost("no answer")} onRetry={() => void session.restore()} />
        </div>
      );
    case "unknown":
      return (
        <div className="page py-12">
          <Loading>
            <Skeleton className="h-96" />
          </Loading>
        </div>
      );
    default:
      return who satisfies never;
  }
}
