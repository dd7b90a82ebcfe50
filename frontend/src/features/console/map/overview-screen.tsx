import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { Checkbox } from "../../../shared/ui/form/field";
import { Tiles } from "../bus/tiles";
import { type BusMap, mapQuery, queuesQuery } from "../data/map";
import { routesQuery } from "../data/routes";
import { type Scene, sceneOf } from "../data/scene";
import { useLive } from "../kit/refresh";
import { Found, Screen } from "../kit/screen";
import { useWords } from "../kit/words";
import { Views } from "../parts/views";
import { BusGraph } from "./bus-graph";
import { Legend } from "./legend";
import { MapTable } from "./map-table";
import { useCalm, usePulses } from "./pulses";
import { SpotPanel } from "./spot-panel";
import { useLookedAt } from "./spots";

/** Where the picture has room enough to be read. */
const WIDE = "(min-width: 48rem)";

/** The whole system at a glance: how it stands, who is there, and what passes. */
export function OverviewScreen() {
  const { map } = useWords();
  const found = useLive(mapQuery);
  return (
    <Screen title={map.title} lead={map.lead}>
      <Tiles />
      <Found of={found}>{(told) => <Shown told={told} />}</Found>
      <Legend />
    </Screen>
  );
}

function Shown({ told }: { told: BusMap }) {
  const [params] = useSearchParams();
  const [at, look] = useLookedAt();
  const queues = useLive(queuesQuery).data?.items;
  const [usual] = useState(() => (matchMedia(WIDE).matches ? "graph" : "table"));
  const view = params.get("view") ?? usual;
  // Without the broker there are no queues to be told apart.
  const scene = useMemo(() => sceneOf(told, queues ?? [], view === "table"), [told, queues, view]);
  const spot = scene.spots.find(({ id }) => id === at);
  return (
    <>
      <PictureOrTable view={view} />
      <div className={clsx("grid items-start gap-4", spot !== undefined && "2xl:grid-cols-[minmax(0,1fr)_21rem]")}>
        <div className="min-w-0">{view === "table" ? <MapTable scene={scene} /> : <Moving scene={scene} />}</div>
        {spot !== undefined && <SpotPanel spot={spot} scene={scene} onClose={() => look(null)} />}
      </div>
    </>
  );
}

function Moving({ scene }: { scene: Scene }) {
  const { map } = useWords();
  const isCalm = useCalm();
  const [isOn, setOn] = useState(true);
  const routes = useQuery(routesQuery).data ?? [];
  const [pulses, end] = usePulses(isOn && !isCalm, { routes, ways: scene.ways });
  return (
    <BusGraph scene={scene} pulses={pulses} onArrival={end}>
      <Checkbox
        label={isCalm ? map.still : map.moving}
        checked={isOn && !isCalm}
        disabled={isCalm}
        onChange={({ target }) => setOn(target.checked)}
      />
    </BusGraph>
  );
}

function PictureOrTable({ view }: { view: string }) {
  const { map } = useWords();
  const [, setParams] = useSearchParams();
  const show = (next: string) =>
    setParams(
      (now) => {
        now.set("view", next);
        now.delete("at");
        return now;
      },
      { replace: true },
    );
  return (
    <Views
      label={map.view}
      views={[
        ["graph", map.graph],
        ["table", map.table],
      ]}
      shown={view}
      onShow={show}
    />
  );
}
