import { Inbox } from "lucide-react";
import { Empty } from "../../../shared/ui/states";
import { useWords } from "../kit/words";

interface Props {
  isFiltered: boolean;
  title: string;
  text: string;
}

/** An empty list: because there is nothing, or because of what was asked for. */
export function Nothing({ isFiltered, title, text }: Props) {
  const { kit } = useWords();
  return isFiltered ? (
    <Empty sign={Inbox} title={kit.nothing} text={kit.nothingMatches} />
  ) : (
    <Empty sign={Inbox} title={title} text={text} />
  );
}
