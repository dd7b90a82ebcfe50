import { type ReactNode, Suspense, useEffect } from "react";
import { Outlet, useLocation, useNavigationType } from "react-router";
import { useMessages } from "../shared/i18n/language";
import { Loading, Skeleton } from "../shared/ui/states";
import { CrashGuard } from "./crash-guard";
import { Footer } from "./footer";
import { Header } from "./header";

/** What is around every page of the shop. */
export function Shell({ children = <Outlet /> }: { children?: ReactNode }) {
  const { shell } = useMessages().everywhere;
  const { pathname } = useLocation();
  const isBackOrForward = useNavigationType() === "POP";
  // The browser finds its place again by itself when one goes back; a new page begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every new page
  useEffect(() => {
    if (!isBackOrForward) {
      scrollTo({ top: 0, behavior: "instant" });
    }
  }, [pathname, isBackOrForward]);
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only rounded-full bg-accent px-5 py-3 font-semibold text-on-accent focus:not-sr-only focus:absolute focus:top-3 focus:left-3 focus:z-50"
      >
        {shell.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1} className="grow focus:outline-none">
        <CrashGuard key={pathname}>
          <Suspense fallback={<PageToCome />}>{children}</Suspense>
        </CrashGuard>
      </main>
      <Footer />
    </div>
  );
}

function PageToCome() {
  return (
    <div className="page py-12">
      <Loading>
        <Skeleton className="h-[60vh]" />
      </Loading>
    </div>
  );
}
