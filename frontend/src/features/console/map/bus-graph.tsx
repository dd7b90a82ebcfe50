import "@xyflow/react/dist/base.css";
import "./map.css";

import { ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { Maximize, Minus, Plus } from "lucide-react";
import { type ReactNode, useEffect, useMemo } from "react";
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
const FIT = { padding: 0.04, minZoom: ZOOM_MIN, maxZoom: 1.15 };

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
  return (
    <section aria-label={map.title} className="card flex h-[44rem] max-h-[90vh] flex-col overflow-hidden rounded-2xl!">
      <div className="flex flex-wrap items-center justify-between gap-x-4 border-line border-b px-4 py-1">
        {children}
        <Zoom />
      </div>
      <ReactFlow<SpotNode, WayEdge>
        nodes={nodesOf(scene, plan)}
        edges={edgesOf(scene, plan, pulses, onArrival)}
        nodeTypes={NODES}
        edgeTypes={LINES}
        fitView
        fitViewOptions={FIT}
        minZoom={ZOOM_MIN}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
      >
        <Fit shape={shape} />
      </ReactFlow>
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

/** Another shape, or another size of the window, is shown whole again. */
function Fit({ shape }: { shape: string }) {
  const flow = useReactFlow();
  // The picture's size is the browser's business, which tells of it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every new shape
  useEffect(() => {
    const fit = () => void flow.fitView(FIT);
    const frame = requestAnimationFrame(fit);
    addEventListener("resize", fit);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("resize", fit);
    };
  }, [flow, shape]);
  return null;
}

function Zoom() {
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
      <Tool name={map.fit} onUse={() => void flow.fitView(FIT)}>
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
