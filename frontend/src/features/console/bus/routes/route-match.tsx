import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { hasName } from "../../../../shared/api/problem";
import { Button } from "../../../../shared/ui/button";
import { type Incoming, METHODS, matchQuery } from "../../data/routes";
import { Panel } from "../../kit/panel";
import { Mishap } from "../../kit/screen";
import { useWords } from "../../kit/words";

const KINDS = ["http", "key", "operation", "event"] as const;
type Kind = (typeof KINDS)[number];
const ASKED = ["method", "path", "key", "operation", "event"] as const;
const CONTROL = "control min-h-9! rounded-lg! px-2.5! py-1! text-sm";

/** Asks the bus itself which of its routes would take something; the question is kept in the address. */
export function RouteMatch() {
  const { match } = useWords().routes;
  const [params] = useSearchParams();
  const asked: Incoming = {};
  for (const name of ASKED) {
    const value = params.get(name);
    if (value !== null) {
      asked[name] = value;
    }
  }
  return (
    <Panel title={match.title}>
      <Question asked={asked} />
      {Object.keys(asked).length > 0 && <Answer asked={asked} />}
    </Panel>
  );
}

function kindOf(asked: Incoming): Kind {
  return KINDS.find((one) => one !== "http" && asked[one] !== undefined) ?? "http";
}

function Question({ asked }: { asked: Incoming }) {
  const { match } = useWords().routes;
  const [kind, setKind] = useState(kindOf(asked));
  const [, setParams] = useSearchParams();
  const ask = (form: FormData) =>
    setParams((now) => {
      for (const name of ASKED) {
        const value = form.get(name);
        typeof value === "string" && value.trim() !== "" ? now.set(name, value.trim()) : now.delete(name);
      }
      return now;
    });
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        ask(new FormData(event.currentTarget));
      }}
    >
      <Named name={match.kind}>
        {(id) => (
          <select id={id} className={CONTROL} value={kind} onChange={({ target }) => setKind(kindNamed(target.value))}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {match.kinds[one]}
              </option>
            ))}
          </select>
        )}
      </Named>
      {kind === "http" ? (
        <Request asked={asked} />
      ) : (
        <Named name={match[kind]} key={kind}>
          {(id) => <input id={id} name={kind} required className={CONTROL} defaultValue={asked[kind] ?? ""} />}
        </Named>
      )}
      <Button type="submit" look="secondary" className="min-h-9! rounded-lg! py-1!">
        {match.ask}
      </Button>
    </form>
  );
}

function kindNamed(value: string): Kind {
  return KINDS.find((one) => one === value) ?? "http";
}

function Request({ asked }: { asked: Incoming }) {
  const { match } = useWords().routes;
  return (
    <>
      <Named name={match.method}>
        {(id) => (
          <select id={id} name="method" className={CONTROL} defaultValue={asked.method ?? "GET"}>
            {METHODS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </Named>
      <Named name={match.path}>
        {(id) => (
          <input
            id={id}
            name="path"
            required
            placeholder="/orders/1"
            className={CONTROL}
            defaultValue={asked.path ?? ""}
          />
        )}
      </Named>
    </>
  );
}

function Named({ name, children }: { name: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="grid w-full gap-1 sm:w-56">
      <label htmlFor={id} className="font-medium text-soft text-xs">
        {name}
      </label>
      {children(id)}
    </div>
  );
}

function Answer({ asked }: { asked: Incoming }) {
  const { match } = useWords().routes;
  const { data, error } = useQuery(matchQuery(asked));
  if (error !== null && !hasName(error, "route-not-found")) {
    return (
      <div className="mt-3">
        <Mishap error={error} />
      </div>
    );
  }
  return (
    <p role="status" className="mt-3 min-h-6">
      {error !== null && match.none}
      {data !== undefined && (
        <>
          {match.takes}{" "}
          <Link to={`/console/routes/${data.route.name}`} className="link font-semibold">
            {data.route.name}
          </Link>
          <Parameters of={data.parameters} />
        </>
      )}
    </p>
  );
}

function Parameters({ of }: { of: Record<string, string> }) {
  const { match } = useWords().routes;
  const all = Object.entries(of);
  return all.length === 0 ? null : (
    <span className="text-soft">
      {" "}
      {match.parameters} {all.map(([name, value]) => `${name} = ${value}`).join(", ")}
    </span>
  );
}
