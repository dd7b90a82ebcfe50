import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useMessages } from "../../../../shared/i18n/language";
import { Button } from "../../../../shared/ui/button";
import { useToast } from "../../../../shared/ui/toast";
import { descriptionQuery, doorsQuery } from "../../data/description";
import { type DeadLetter, editLetter } from "../../data/letters";
import { Panel } from "../../kit/panel";
import { Mishap } from "../../kit/screen";
import { useWords } from "../../kit/words";
import { FieldList } from "../../schema/form/field-list";
import { FlawList } from "../../schema/form/flaw-list";
import { prettyXml } from "../../schema/highlight";
import { pretty } from "../../schema/json";
import { type Judged, judge, schemaOfRoute } from "../../schema/judge";

interface Props {
  letter: DeadLetter;
  version: string | null;
  onClose: () => void;
}

/** The body to be mended, beside what its route wants. */
export function LetterEdit({ letter, version, onClose }: Props) {
  const { letters } = useWords();
  const { everywhere } = useMessages();
  const id = useId();
  const format = String(letter.properties.content_type ?? "");
  const isXml = /xml/.test(format);
  const [text, setText] = useState(letter.body);
  const api = useQuery(descriptionQuery).data;
  const doors = useQuery(doorsQuery).data;
  const schema = api === undefined || doors === undefined ? null : schemaOfRoute(api, doors, letter.route ?? null);
  const judged: Judged =
    api === undefined ? { kind: "unknown" } : judge(api, schema, { text, format: isXml ? "xml" : "json" });
  const saving = useSaving({ letter, version, onClose });
  return (
    <Panel title={letters.editTitle}>
      <div className="grid gap-4">
        <div className="grid gap-1.5">
          <label htmlFor={id} className="font-medium">
            {letters.bodyIn(isXml ? "XML" : "JSON")}
          </label>
          <textarea
            id={id}
            className="control min-h-72 font-mono text-[0.8125rem] leading-relaxed"
            spellCheck={false}
            value={text}
            aria-describedby={`${id}-flaws`}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
        <FlawList id={`${id}-flaws`} judged={judged} />
        {saving.isError && <Mishap error={saving.error} />}
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => saving.mutate(text)} disabled={saving.isPending || text === letter.body}>
            {judged.kind === "flawed" || judged.kind === "broken" ? letters.saveAnyway : everywhere.actions.save}
          </Button>
          <Button look="secondary" onClick={() => setText(isXml ? prettyXml(text) : pretty(text))}>
            {letters.format}
          </Button>
          <Button look="secondary" onClick={onClose}>
            {everywhere.actions.cancel}
          </Button>
        </div>
        {api !== undefined && schema !== null && <FieldList api={api} schema={schema} />}
        {api !== undefined && doors !== undefined && schema === null && <p className="text-soft">{letters.noSchema}</p>}
      </div>
    </Panel>
  );
}

function useSaving({ letter, version, onClose }: Props) {
  const { letters } = useWords();
  const queries = useQueryClient();
  const say = useToast();
  return useMutation({
    mutationFn: (text: string) => editLetter(letter.id, version, text),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["console", "letter", letter.id] });
      void queries.invalidateQueries({ queryKey: ["console", "letters"] });
      say({ text: letters.saved });
      onClose();
    },
  });
}
