import { UserRound, UserRoundX } from "lucide-react";
import type { Customer } from "../../../shared/data/customer";
import { Badge } from "../../../shared/ui/badge";
import { useWords } from "../kit/words";

export function CustomerBadge({ customer: { status } }: { customer: Customer }) {
  const { trade } = useWords();
  return (
    <Badge tone={status === "active" ? "good" : "calm"} sign={status === "active" ? UserRound : UserRoundX}>
      {trade.customerStatus[status]}
    </Badge>
  );
}
