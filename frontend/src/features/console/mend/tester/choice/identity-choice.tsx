import { type ComponentProps, useId } from "react";
import { useWords } from "../../../kit/words";
import { INPUT } from "../../../schema/form/schema-input";
import type { Identity } from "../send";

interface Props {
  identity: Identity;
  isMessage: boolean;
  onChange: (identity: Identity) => void;
}

const KINDS: Identity["kind"][] = ["me", "nobody", "account", "client"];

/** As whom one asks. */
export function IdentityChoice({ identity, isMessage, onChange }: Props) {
  const { tester } = useWords();
  const id = useId();
  return (
    <div className="grid gap-2">
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">
          {tester.as}
        </label>
        <select
          id={id}
          className={INPUT}
          value={identity.kind}
          disabled={isMessage}
          aria-describedby={isMessage ? `${id}-why` : undefined}
          onChange={({ target }) => onChange(blank(target.value))}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {tester.identities[kind]}
            </option>
          ))}
        </select>
        {isMessage && (
          <p id={`${id}-why`} className="text-soft text-xs">
            {tester.unnamed}
          </p>
        )}
      </div>
      {!isMessage && <Credentials identity={identity} onChange={onChange} />}
    </div>
  );
}

function blank(kind: string): Identity {
  switch (kind) {
    case "account":
      return { kind, email: "", password: "" };
    case "client":
      return { kind, id: "", secret: "" };
    case "nobody":
      return { kind };
    default:
      return { kind: "me" };
  }
}

function Credentials({ identity, onChange }: Omit<Props, "isMessage">) {
  const { tester } = useWords();
  switch (identity.kind) {
    case "me":
    case "nobody":
      return null;
    case "account":
      return (
        <div className="grid gap-2 sm:grid-cols-2">
          <Text
            label={tester.email}
            type="email"
            value={identity.email}
            onText={(email) => onChange({ ...identity, email })}
          />
          <Text
            label={tester.password}
            type="password"
            value={identity.password}
            onText={(password) => onChange({ ...identity, password })}
          />
        </div>
      );
    case "client":
      return (
        <div className="grid gap-2 sm:grid-cols-2">
          <Text label={tester.clientId} value={identity.id} onText={(id) => onChange({ ...identity, id })} />
          <Text
            label={tester.secret}
            type="password"
            value={identity.secret}
            onText={(secret) => onChange({ ...identity, secret })}
          />
        </div>
      );
    default:
      return identity satisfies never;
  }
}

type TextProps = Pick<ComponentProps<"input">, "type" | "value"> & { label: string; onText: (text: string) => void };

function Text({ label, onText, ...input }: TextProps) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id}>{label}</label>
      <input id={id} className={INPUT} autoComplete="off" {...input} onChange={({ target }) => onText(target.value)} />
    </div>
  );
}
