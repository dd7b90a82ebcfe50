import { Component, type ReactNode } from "react";
import { ConnectionLost } from "../shared/api/problem";
import { Trouble } from "../shared/ui/trouble";

interface State {
  error: unknown;
}

/** A page that breaks, or does not arrive, leaves the rest of the shop standing. */
export class CrashGuard extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) {
      return this.props.children;
    }
    // A part of the program that can't be fetched is a lost connection, or one that an update took away.
    const isMissing = error instanceof TypeError && /import|fetch/i.test(error.message);
    return (
      <div className="page py-12">
        <Trouble error={isMissing ? new ConnectionLost("no answer") : error} onRetry={() => location.reload()} />
      </div>
    );
  }
}
