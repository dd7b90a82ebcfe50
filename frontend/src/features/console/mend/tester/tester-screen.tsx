import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { useCustomer } from "../../../../shared/session/use-session";
import { descriptionQuery, doorsQuery } from "../../data/description";
import { Found, Screen } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { targetsOf } from "./targets";
import { Tester } from "./tester";

/** Asks the bus for anything, by any door, as anybody. */
export function TesterScreen() {
  const { tester } = useWords();
  const description = useQuery(descriptionQuery);
  const doors = useQuery(doorsQuery);
  const me = useCustomer().id;
  const [params] = useSearchParams();
  return (
    <Screen title={tester.title} lead={tester.lead}>
      <Found of={description}>
        {(api) => (
          <Found of={doors}>
            {(known) => {
              const targets = targetsOf(api, known);
              const wanted = params.get("operation");
              const target =
                targets.find(({ name }) => name === wanted) ??
                targets.find(({ name }) => name === "list_products") ??
                targets[0];
              return target === undefined ? null : <Tester api={api} targets={targets} target={target} me={me} />;
            }}
          </Found>
        )}
      </Found>
    </Screen>
  );
}
