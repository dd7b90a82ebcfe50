import { expect, test } from "vitest";
import type { Route, Target } from "../../data/routes";
import { PLACES, planOf } from "./plan";
import { networkOf } from "./stops";

function route(name: string, to: Target, change: Partial<Route> = {}): Route {
  const plain = { file: "x.toml", allow: ["operator"], retry: "safe", rate: "default", format: "document" };
  return { name, from: { http: `GET /${name}` }, to, ...plain, ...change };
}

const ORDERS: Target = { service: "order-service /orders" };
const ROUTES = [
  route("read-order", ORDERS, { from: { http: "GET /orders/{id}", amqp: "order.get" } }),
  route("place-order", { saga: "place-order" }, { allow: ["customer", "operator"] }),
  route("ship-order", { service: "order-service /orders/{id}/ship" }, { allow: ["operator"] }),
  route(
    "to-warehouse",
    { queue: "warehouse" },
    { via: [{ "json-to-xml": { schema: "order" } }], from: { event: "x" } },
  ),
];

test("what several routes share is there once, and knows whose it is", () => {
  const { stations, links } = networkOf(ROUTES);
  const of = (id: string) => stations.find((one) => one.id === id)?.routes;
  expect(of("target:service:order-service")).toEqual(["read-order", "ship-order"]);
  expect(of("door:http")).toEqual(["read-order", "ship-order", "place-order"]);
  expect(of("policy:operator;default")).toEqual(["read-order", "ship-order", "to-warehouse"]);
  expect(of("policy:customer,operator;default")).toEqual(["place-order"]);
  expect(of('change:[{"json-to-xml":{"schema":"order"}}]')).toEqual(["to-warehouse"]);
  const bundle = links.find(({ from, to }) => from === "policy:operator;default" && to === "change:document");
  expect(bundle?.routes).toEqual(["read-order", "ship-order"]);
});

test("every route can be followed from each of its doors to its end", () => {
  const { links } = networkOf(ROUTES);
  for (const { name } of ROUTES) {
    const own = links.filter(({ routes }) => routes.includes(name));
    const doors = own.filter(({ from }) => from.startsWith("door:"));
    expect(doors.length).toBe(name === "read-order" ? 2 : 1);
    for (const door of doors) {
      let at = door.to;
      for (const column of ["policy:", "change:", "target:"]) {
        at = own.find(({ from }) => from === at)?.to ?? "nowhere";
        expect(at).toContain(column);
      }
    }
  }
});

test("nothing stands on something else or out of the picture, however many there are", () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    route(`r${index}`, { service: `service-${index % 7} /` }, { allow: [`scope:${index % 11}`] }),
  );
  for (const routes of [ROUTES, many, ROUTES.slice(0, 1)]) {
    const { stations, height } = planOf(routes);
    for (const [column, { height: own }] of Object.entries(PLACES)) {
      const tops = stations.filter(({ about }) => about.column === column).map(({ y }) => y);
      tops.sort((a, b) => a - b);
      for (const [index, top] of tops.entries()) {
        expect(top).toBeGreaterThanOrEqual(index === 0 ? 0 : (tops[index - 1] ?? 0) + own);
        expect(top + own).toBeLessThanOrEqual(height);
      }
    }
  }
});

test("no route, no picture", () => {
  expect(planOf([])).toMatchObject({ stations: [], links: [] });
});
