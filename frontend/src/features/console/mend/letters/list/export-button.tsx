import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { Download, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../../../../shared/ui/button";
import { type DeadLetter, type LetterFilter, lettersPage, readLetter } from "../../../data/letters";
import { useFigures } from "../../../kit/figures";
import { Mishap } from "../../../kit/screen";
import { useWords } from "../../../kit/words";
import { type Exported, exportLetters, fileName, keepFile, MOST, type Source } from "./export";

interface Props {
  /** These alone, where there are any; else all that match. */
  chosen: DeadLetter[];
  filter: LetterFilter;
}

/** Keeps dead letters as a file. */
export function ExportButton({ chosen, filter }: Props) {
  const { letters } = useWords();
  const [count, setCount] = useState(0);
  const running = useRef(new AbortController());
  const work = useMutation({
    mutationFn: async () => {
      running.current = new AbortController();
      setCount(0);
      const exported = await exportLetters(sourceOf(chosen, filter, running.current.signal), MOST, setCount);
      keepFile(fileName(new Date()), exported);
      return exported;
    },
  });
  // Nobody waits for the file any more once the screen is left.
  useEffect(() => () => running.current.abort(), []);
  const offer = chosen.length > 0 ? letters.exportSome(chosen.length) : letters.exportAll;
  return (
    <>
      <Button
        look="secondary"
        className="min-h-9! rounded-lg! px-3! py-1!"
        onClick={() => (work.isPending ? running.current.abort() : work.mutate())}
      >
        {work.isPending ? <X size={16} aria-hidden /> : <Download size={16} aria-hidden />}
        {work.isPending ? letters.exportStop : offer}
      </Button>
      <How work={work} count={count} />
    </>
  );
}

interface HowProps {
  work: Pick<UseMutationResult<Exported>, "isPending" | "data" | "error">;
  count: number;
}

/** How far it is, or how it ended. */
function How({ work: { isPending, data, error }, count }: HowProps) {
  const { letters } = useWords();
  const figures = useFigures();
  if (error !== null && error.name !== "AbortError") {
    return (
      <div className="basis-full">
        <Mishap error={error} />
      </div>
    );
  }
  const said = isPending
    ? letters.exporting(figures.count(count))
    : data !== undefined && letters.exported(figures.count(data.count));
  return (
    <p role="status" className="basis-full text-soft empty:hidden">
      {said}
      {data?.isCut === true && <b className="ml-1 text-warn">{letters.exportCut}</b>}
    </p>
  );
}

function sourceOf(chosen: DeadLetter[], filter: LetterFilter, signal: AbortSignal): Source {
  return {
    page: async (cursor) =>
      chosen.length > 0 ? { items: chosen, next_cursor: null } : lettersPage(filter, cursor, signal),
    whole: (id) => readLetter(id, signal),
  };
}
