import type { DeadLetter } from "../../../data/letters";

/** As much as a browser holds and an editor opens; what is more is found by narrower filters. */
export const MOST: Bounds = { letters: 10_000, characters: 64_000_000 };

export interface Bounds {
  letters: number;
  characters: number;
}

/** Where the letters come from. */
export interface Source {
  page: (cursor: string | null) => Promise<{ items: DeadLetter[]; next_cursor: string | null }>;
  /** Lists cut long bodies, so such a letter is read alone. */
  whole: (id: string) => Promise<DeadLetter>;
}

export interface Exported {
  /** One letter a line. */
  lines: string[];
  count: number;
  /** Whether there are more than are in it. */
  isCut: boolean;
}

/** Writes them page by page, as many as the bounds allow; `onCount` is told how far it is. */
export async function exportLetters(
  source: Source,
  bounds: Bounds,
  onCount: (count: number) => void,
): Promise<Exported> {
  const lines: string[] = [];
  let characters = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Source["page"]>> = await source.page(cursor);
    for (const listed of page.items) {
      const letter = listed.body_cut === true ? await source.whole(listed.id) : listed;
      const line = `${JSON.stringify(letter)}\n`;
      if (lines.length === bounds.letters || characters + line.length > bounds.characters) {
        return cut(lines);
      }
      lines.push(line);
      characters += line.length;
    }
    onCount(lines.length);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return { lines, count: lines.length, isCut: false };
}

/** Whoever is handed the file has to see that it is not all. */
function cut(lines: string[]): Exported {
  const note = { note: `cut here: these are ${lines.length} dead letters, and more match` };
  return { lines: [...lines, `${JSON.stringify(note)}\n`], count: lines.length, isCut: true };
}

/** Gives the browser a file to keep. */
export function keepFile(name: string, { lines }: Exported): void {
  const url = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken what it needs once the click is dealt with.
  setTimeout(() => URL.revokeObjectURL(url));
}

/** Such as `dead-letters-2026-03-01T10-00-00Z.jsonl`. */
export function fileName(now: Date): string {
  return `dead-letters-${now
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-")}.jsonl`;
}
