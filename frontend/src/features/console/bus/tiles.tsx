import { CircleAlert, MailWarning, OctagonX, Server, Timer } from "lucide-react";
import type { Tone } from "../../../shared/ui/badge";
import { lettersSummaryQuery, sagaCountsQuery, servicesQuery } from "../data/map";
import { figuresOf, sum, trafficQuery } from "../data/traffic";
import { useFigures } from "../kit/figures";
import { Tile } from "../kit/panel";
import { useLive } from "../kit/refresh";
import { useWords } from "../kit/words";

const RECENT_S = 300;
const FAILING_MIN = 0.01;
const SLOW_MS = 1_000;
/** What is not known is neither good nor bad. */
const NONE = "–";

const zeroIsGood = (count: number | undefined): Tone => (count === undefined ? "calm" : count === 0 ? "good" : "bad");

/** What an operator looks at first; each leads to where more is. */
export function Tiles() {
  const { map } = useWords();
  return (
    <section aria-label={map.tiles.title} className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
      <Unhealthy />
      <Stuck />
      <Letters />
      <Passing />
    </section>
  );
}

function Unhealthy() {
  const { tiles } = useWords().map;
  const items = fresh(useLive(servicesQuery));
  const bad = items?.filter(({ healthy }) => !healthy).length;
  return (
    <Tile
      to="/console/services"
      name={tiles.unhealthy}
      value={said(bad)}
      note={items === undefined ? "" : tiles.ofAll(items.length)}
      tone={zeroIsGood(bad)}
      sign={Server}
    />
  );
}

function Stuck() {
  const { tiles } = useWords().map;
  const states = fresh(useLive(sagaCountsQuery))?.states;
  const stuck = states?.find(({ state }) => state === "stuck") ?? { count: 0, more: false };
  const count = states === undefined ? undefined : stuck.count;
  return (
    <Tile
      to="/console/sagas?state=stuck"
      name={tiles.stuck}
      value={stuck.more ? `${stuck.count}+` : said(count)}
      tone={zeroIsGood(count)}
      sign={OctagonX}
    />
  );
}

function Letters() {
  const { tiles } = useWords().map;
  const groups = fresh(useLive(lettersSummaryQuery))?.groups;
  const waiting =
    groups === undefined ? undefined : sum(groups.filter(({ state }) => state === "waiting").map(({ count }) => count));
  return (
    <Tile
      to="/console/dead-letters?state=waiting"
      name={tiles.letters}
      value={said(waiting)}
      tone={zeroIsGood(waiting)}
      sign={MailWarning}
    />
  );
}

function Passing() {
  const { tiles } = useWords().map;
  const figures = useFigures();
  const told = fresh(useLive(trafficQuery(RECENT_S)));
  const all = (told?.routes ?? []).map((one) => ({ name: one.name, ...figuresOf(one, told?.step_seconds ?? 1) }));
  const count = sum(all.map(({ requests }) => requests));
  // Of nothing there is no share.
  const share = count === 0 ? null : sum(all.map(({ failed }) => failed)) / count;
  const [slowest] = all.filter(({ p95 }) => p95 !== null).sort((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0));
  return (
    <>
      <Tile
        to="/console/messages?outcome=failed"
        name={tiles.errors}
        value={share === null ? NONE : figures.percent(share)}
        note={told === undefined ? "" : tiles.ofRequests(figures.count(count))}
        tone={share === null ? "calm" : share >= FAILING_MIN ? "bad" : "good"}
        sign={CircleAlert}
      />
      <Tile
        to={slowest === undefined ? "/console/charts?range=300" : `/console/charts?range=300&of=route:${slowest.name}`}
        name={tiles.p95}
        value={slowest === undefined ? NONE : figures.ms(slowest.p95)}
        note={slowest?.name ?? ""}
        tone={slowest === undefined ? "calm" : (slowest.p95 ?? 0) >= SLOW_MS ? "warn" : "good"}
        sign={Timer}
      />
    </>
  );
}

/** What was told, unless the last question failed: figures of before would pass for those of now. */
function fresh<Told>({ data, isError }: { data: Told | undefined; isError: boolean }): Told | undefined {
  return isError ? undefined : data;
}

function said(count: number | undefined): string {
  return count === undefined ? NONE : String(count);
}
