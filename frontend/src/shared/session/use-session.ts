import { useSyncExternalStore } from "react";
import { session, type Who } from "./session";

export function useSession(): Who {
  return useSyncExternalStore(session.subscribe, session.current);
}

/** The customer who is signed in; pages that need one are shown to no one else. */
export function useCustomer() {
  const who = useSession();
  if (who.status !== "member") {
    throw new Error("a page for members was shown to a guest");
  }
  return who.customer;
}
