const PAGE_MAX = 100;

interface Page {
  next_cursor?: string | null;
}

/** Where the next page of a list begins; `null` at its end. */
export function following(page: Page): string | null {
  return page.next_cursor ?? null;
}

/** What asks for the page behind a cursor. */
export function after(cursor: string | null) {
  return cursor === null ? {} : { cursor };
}

/** All of a list that is not long, page by page. */
export async function whole<Item>(
  read: (query: { limit: number; cursor?: string }) => Promise<Page & { items: Item[] }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page & { items: Item[] } = await read({ limit: PAGE_MAX, ...after(cursor) });
    items.push(...page.items);
    cursor = following(page);
  } while (cursor !== null);
  return items;
}

/** Whether it is the whole of an id. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** All that has come of a list. */
export function all<Item>(told: { pages: { items: Item[] }[] } | undefined): Item[] {
  return told?.pages.flatMap(({ items }) => items) ?? [];
}
