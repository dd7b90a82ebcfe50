import { useId } from "react";
import { useWords } from "../../kit/words";
import { flaws } from "../../schema/check";
import { type Api, messageSchema, plain } from "../../schema/document";
import { FieldList } from "../../schema/form/field-list";
import { FlawList } from "../../schema/form/flaw-list";
import { SchemaForm } from "../../schema/form/schema-form";
import { type Judged, judge } from "../../schema/judge";
import { bodyOf, type Draft, isMessage, schemaOf } from "./request";

interface Props {
  api: Api;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** What is sent: filled into fields, or typed as it goes out. */
export function BodyEditor({ api, draft, onChange }: Props) {
  const { tester } = useWords();
  const { operation } = draft.target;
  const takesText = operation === null || operation.body !== null || isMessage(draft.way) || draft.way === "soap";
  const schema = schemaOf(draft);
  const hasFields = Object.keys(plain(api, schema).properties ?? {}).length > 0;
  return (
    <div className="grid gap-3">
      {takesText && operation !== null && <Switch api={api} draft={draft} onChange={onChange} />}
      {hasFields && (
        <SchemaForm
          api={api}
          schema={schema}
          value={draft.fields}
          onChange={(fields) => onChange({ ...draft, fields })}
        />
      )}
      {draft.text !== null && <TypedBody api={api} draft={draft} onChange={onChange} />}
      {draft.text === null && hasFields && <FlawList id="tester-flaws" judged={judgedFields(api, draft)} />}
      {!hasFields && draft.text === null && <p className="text-soft">{tester.nothingToFill}</p>}
    </div>
  );
}

function judgedFields(api: Api, draft: Draft): Judged {
  const found = flaws(api, schemaOf(draft), draft.fields);
  return found.length === 0 ? { kind: "fine" } : { kind: "flawed", flaws: found };
}

function Switch({ api, draft, onChange }: Props) {
  const { tester } = useWords();
  const id = useId();
  return (
    <label htmlFor={id} className="flex min-h-8 items-center gap-2">
      <input
        id={id}
        type="checkbox"
        className="size-5 accent-accent"
        checked={draft.text !== null}
        onChange={({ target }) => onChange({ ...draft, text: target.checked ? (bodyOf(api, draft) ?? "") : null })}
      />
      {tester.typed}
    </label>
  );
}

function TypedBody({ api, draft, onChange }: Props) {
  const { tester } = useWords();
  const id = useId();
  const { operation } = draft.target;
  const isWhole = isMessage(draft.way) || draft.way === "soap";
  const schema = operation === null ? null : isWhole ? messageSchema(operation) : (operation.body?.schema ?? null);
  const format = draft.way === "xml" || draft.way === "amqp-xml" ? "xml" : "json";
  // What is in an envelope is the bus's to judge.
  const judged: Judged =
    draft.way === "soap" ? { kind: "unknown" } : judge(api, schema, { text: draft.text ?? "", format });
  return (
    <>
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">
          {tester.body}
        </label>
        <textarea
          id={id}
          className="control min-h-56 font-mono text-[0.8125rem] leading-relaxed"
          spellCheck={false}
          aria-describedby={`${id}-flaws`}
          value={draft.text ?? ""}
          onChange={({ target }) => onChange({ ...draft, text: target.value })}
        />
      </div>
      <FlawList id={`${id}-flaws`} judged={judged} />
      {schema !== null && <FieldList api={api} schema={schema} />}
    </>
  );
}
