import { Eye, EyeOff } from "lucide-react";
import { Badge } from "../../../shared/ui/badge";
import { useWords } from "../kit/words";

/** Whether shoppers see it. */
export function ActiveBadge({ isActive }: { isActive: boolean }) {
  const { trade } = useWords();
  return isActive ? (
    <Badge tone="good" sign={Eye}>
      {trade.active}
    </Badge>
  ) : (
    <Badge tone="calm" sign={EyeOff}>
      {trade.inactive}
    </Badge>
  );
}
