import "@xyflow/react/dist/base.css";
import "./map.css";

import { getViewportForBounds, ReactFlow, ReactFlowProvider, useReactFlow, useStore } from "@xyflow/react";
import { Maximize, Minus, Plus } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo } from "react";
import { BROKER, type Scene } from "../data/scene";
import { useWords } from "../kit/words";
import { type Box, type Plan, planOf } from "./layout";
import { Line, type WayEdge } from "./lines";
import type { Pulse } from "./pulses";
import { Bar, Card, Frame, type SpotNode } from "./spots";

const NODES = { card: Card, bar: Bar, frame: Frame };
const LINES = { way: Line };
/** Smaller could be neither read nor hit; one moves it instead. */
const ZOOM_MIN = 0.75;
const ZOOM_FIT = 1.15;
const PADDING = 0.04;

interface Props {
  scene: Scene;
  pulses: Pulse[];
  onArrival: (key: number) => void;
  /** What can be chosen about it. */
  children: ReactNode;
}

/** The map as a picture. */
export function BusGraph(props: Props) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

function Picture({ scene, pulses, onArrival, children }: Props) {
  const { map } = useWords();
  // It is laid out anew only when somebody comes or goes: what moves at every refresh can't be read.
  const shape = JSON.stringify([scene.spots.map(({ id }) => id), scene.ways.map(({ id }) => id)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape is what of the scene matters here
  const plan = useMemo(() => planOf(scene), [shape]);
  const fit = useFit(plan);
  // Where the picture looks at is the library's own state; it is set anew for another picture or another size.
  useEffect(fit, [fit]);
  return (
    <section
      aria-label={map.title}
      className="card flex h-[44rem] bg-paper! max-h-[90vh] flex-col overflow-hidden rounded-2xl!"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 border-line border-b bg-surface px-4 py-1">
        {children}
        <Zoom onFit={fit} />
      </div>
      <ReactFlow<SpotNode, WayEdge>
        nodes={nodesOf(scene, plan)}
        edges={edgesOf(scene, plan, pulses, onArrival)}
        nodeTypes={NODES}
        edgeTypes={LINES}
        minZoom={ZOOM_MIN}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
      ></ReactFlow>
    </section>
  );
}

function nodesOf({ spots }: Scene, { boxes, frame }: Plan): SpotNode[] {
  const nodes = spots.flatMap((spot) => {
    const box = boxes.get(spot.id);
    return box === undefined
      ? []
      : [nodeAt(box, { id: spot.id, type: spot.kind === "bus" ? "bar" : "card", data: { spot } })];
  });
  const broker = spots.find(({ id }) => id === BROKER);
  return frame === null || broker === undefined
    ? nodes
    : [nodeAt(frame, { id: BROKER, type: "frame", data: { spot: broker } }), ...nodes];
}

function nodeAt({ x, y, width, height }: Box, node: Pick<SpotNode, "id" | "type" | "data">): SpotNode {
  return { ...node, position: { x, y }, width, height } as SpotNode;
}

function edgesOf({ ways }: Scene, plan: Plan, pulses: Pulse[], onEnd: (key: number) => void): WayEdge[] {
  return ways.flatMap((way) => {
    const drawn = plan.ways.get(way.id);
    const own = pulses.filter((pulse) => pulse.way === way.id);
    const { id, from: source, to: target } = way;
    return drawn === undefined
      ? []
      : [{ id, source, target, type: "way" as const, data: { way, drawn, pulses: own, onEnd } }];
  });
}

/** Shows the whole picture, as it is and in the size that it has; called again for each. */
function useFit(plan: Plan): () => void {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  return useCallback(() => {
    if (width > 0 && height > 0) {
      void flow.setViewport(getViewportForBounds(plan.bounds, width, height, ZOOM_MIN, ZOOM_FIT, PADDING));
    }
  }, [flow, plan, width, height]);
}

function Zoom({ onFit }: { onFit: () => void }) {
  const { map } = useWords();
  const flow = useReactFlow();
  return (
    <div className="flex gap-1">
      <Tool name={map.zoomOut} onUse={() => void flow.zoomOut()}>
        <Minus size={16} aria-hidden />
      </Tool>
      <Tool name={map.zoomIn} onUse={() => void flow.zoomIn()}>
        <Plus size={16} aria-hidden />
      </Tool>
      <Tool name={map.fit} onUse={onFit}>
        <Maximize size={16} aria-hidden />
      </Tool>
    </div>
  );
}

function Tool({ name, onUse, children }: { name: string; onUse: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      className="grid size-9 place-items-center rounded-lg hover:bg-sunken"
      onClick={onUse}
    >
      {children}
    </button>
  );
}
