import { type ComponentType, type ReactNode, Suspense, useEffect } from "react";
import { Route, Routes, useLocation, useNavigationType } from "react-router";
import { useMessages } from "../../shared/i18n/language";
import { NotFound } from "../../shared/ui/not-found";
import { Loading, Skeleton } from "../../shared/ui/states";
import { RefreshProvider } from "./kit/refresh";
import { WordsProvider } from "./kit/words";
import { Navigation } from "./navigation";
import { SCREENS } from "./screens";

interface Props {
  /** What keeps a screen that breaks from taking the console with it. */
  guard: ComponentType<{ children: ReactNode }>;
}

/** The operators' console: its ways on the side, one screen beside them. */
export function ConsolePage({ guard: Guard }: Props) {
  const { pathname } = useLocation();
  const { shell } = useMessages().everywhere;
  const isBackOrForward = useNavigationType() === "POP";
  // The browser finds its place again by itself when one goes back; a new screen begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every new screen
  useEffect(() => {
    if (!isBackOrForward) {
      scrollTo({ top: 0, behavior: "instant" });
    }
  }, [pathname, isBackOrForward]);
  return (
    <WordsProvider>
      <RefreshProvider>
        <div className="min-h-dvh text-sm lg:grid lg:grid-cols-[14.5rem_minmax(0,1fr)]">
          <a
            href="#content"
            className="sr-only rounded-full bg-accent px-5 py-3 font-semibold text-on-accent focus:not-sr-only focus:absolute focus:top-3 focus:left-3 focus:z-50"
          >
            {shell.skip}
          </a>
          <Navigation />
          <main id="content" tabIndex={-1} className="min-w-0 p-4 focus:outline-none sm:px-6 lg:px-8 lg:py-5">
            <Guard key={pathname}>
              <Suspense fallback={<ScreenToCome />}>
                <Screens />
              </Suspense>
            </Guard>
          </main>
        </div>
      </RefreshProvider>
    </WordsProvider>
  );
}

function Screens() {
  return (
    <Routes>
      {SCREENS.map(({ path, Page }) => (
        <Route key={path} path={path} element={<Page />} />
      ))}
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

function ScreenToCome() {
  return (
    <Loading>
      <Skeleton className="h-[60vh]" />
    </Loading>
  );
}
