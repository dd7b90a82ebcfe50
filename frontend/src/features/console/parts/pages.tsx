import {
  type DefaultError,
  type InfiniteData,
  type QueryKey,
  type UseInfiniteQueryOptions,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { Empty } from "../../../shared/ui/states";
import { usePace } from "../kit/refresh";
import { Found } from "../kit/screen";
import { More } from "../kit/table";
import { useWords } from "../kit/words";

interface Listing {
  items: unknown[];
}

interface Props<Page extends Listing, Key extends QueryKey> {
  /** What is asked, page by page. */
  of: UseInfiniteQueryOptions<Page, DefaultError, InfiniteData<Page>, Key, string | null>;
  /** What is said where there is nothing at all. */
  empty: { title: string; text: string };
  /** Whether only some were asked for, which may be why there is nothing. */
  isFiltered: boolean;
  children: (items: Page["items"]) => ReactNode;
}

/** A list that comes page by page and is asked for again as often as the operator chose. */
export function Pages<Page extends Listing, Key extends QueryKey>(props: Props<Page, Key>) {
  const { of, empty, isFiltered, children } = props;
  const { kit } = useWords();
  const found = useInfiniteQuery({ ...of, refetchInterval: usePace() });
  return (
    <Found of={found}>
      {(told) => {
        const items = told.pages.flatMap((page) => page.items) as Page["items"];
        if (items.length === 0) {
          const said = isFiltered ? { title: kit.nothing, text: kit.nothingMatches } : empty;
          return <Empty sign={Inbox} {...said} />;
        }
        return (
          <>
            {children(items)}
            <More
              isThere={found.hasNextPage}
              isComing={found.isFetchingNextPage}
              onMore={() => void found.fetchNextPage()}
            />
          </>
        );
      }}
    </Found>
  );
}
