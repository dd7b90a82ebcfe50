import { isObject } from "./json";

/** A JSON Schema as OpenAPI 3.1 writes it, as far as our documents use it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  enum?: string[];
  oneOf?: Schema[];
  allOf?: Schema[];
  format?: string;
  description?: string;
  example?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  xml?: { name?: string; wrapped?: boolean };
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema?: Schema;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  tag: string;
  parameters: Parameter[];
  /** The media type and the schema of what is sent. */
  body: { type: string; schema: Schema; isRequired: boolean } | null;
  /** Whether it needs no token. */
  isOpen: boolean;
}

/** What the bus says of itself. */
export interface Api {
  operations: Operation[];
  schemas: Record<string, Schema>;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

interface Described {
  operationId?: string;
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
  security?: unknown[];
}

interface Document {
  paths: Record<string, Partial<Record<(typeof METHODS)[number], Described>>>;
  components?: { schemas?: Record<string, Schema> };
}

/** Reads an OpenAPI document. */
export function readApi(document: unknown): Api {
  if (!isObject(document) || !isObject(document.paths)) {
    throw new Error("not an OpenAPI document");
  }
  const { paths, components } = document as unknown as Document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const described = item[method];
      return described === undefined ? [] : [operationOf(described, method, path)];
    }),
  );
  return { operations, schemas: components?.schemas ?? {} };
}

function operationOf(described: Described, method: string, path: string): Operation {
  const [type, content] = Object.entries(described.requestBody?.content ?? {})[0] ?? [];
  const body =
    type === undefined
      ? null
      : { type, schema: content?.schema ?? {}, isRequired: described.requestBody?.required ?? false };
  return {
    id: described.operationId ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: described.summary ?? "",
    tag: described.tags?.[0] ?? "",
    parameters: described.parameters ?? [],
    body,
    isOpen: described.security === undefined,
  };
}

const PREFIX = "#/components/schemas/";

/** The name that a schema has in the document, if it is one of those with a name. */
export function nameOf(schema: Schema): string | null {
  return schema.$ref?.startsWith(PREFIX) ? schema.$ref.slice(PREFIX.length) : null;
}

/** A schema without references, alternatives to null, and parts. */
export interface Plain extends Omit<Schema, "$ref" | "oneOf" | "allOf" | "type"> {
  kind: "object" | "array" | "string" | "integer" | "number" | "boolean" | "any";
  isNullable: boolean;
}

export function plain(api: Api, schema: Schema): Plain {
  const { $ref, oneOf, allOf, ...own } = schema;
  const name = nameOf({ ...schema });
  if (name !== null) {
    return over(own, plain(api, api.schemas[name] ?? {}));
  }
  if (oneOf !== undefined) {
    const real = oneOf.filter(({ type }) => type !== "null");
    const isNullable = real.length < oneOf.length;
    return real.length === 1 && real[0] !== undefined
      ? { ...over(own, plain(api, real[0])), isNullable }
      : { ...own, kind: "any", isNullable };
  }
  if (allOf !== undefined) {
    return allOf.map((part) => plain(api, part)).reduce(joined, simple(own));
  }
  return simple(own);
}

/** What is said where it is used counts more than what is said where it is defined. */
function over(own: Schema, found: Plain): Plain {
  return {
    ...found,
    ...(own.description === undefined ? {} : { description: own.description }),
    ...(own.example === undefined ? {} : { example: own.example }),
  };
}

function joined(one: Plain, other: Plain): Plain {
  const properties = { ...one.properties, ...other.properties };
  const required = [...(one.required ?? []), ...(other.required ?? [])];
  const xml = { ...other.xml, ...one.xml };
  return { ...other, ...one, kind: "object", properties, required, xml };
}

function simple({ type, ...own }: Schema): Plain {
  const types = type === undefined ? [] : [type].flat();
  const kind = types.find((one) => one !== "null") ?? (own.properties === undefined ? "any" : "object");
  return { ...own, kind: kind as Plain["kind"], isNullable: types.includes("null") };
}

/** `place_order` of `PlaceOrder`: what a document of this schema is called in XML. */
export function rootOf(api: Api, schema: Schema): string {
  return plain(api, schema).xml?.name ?? snake(nameOf(schema) ?? "document");
}

function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (capital) => `_${capital}`).toLowerCase();
}

/** The document that a message for an operation carries: the path's parameters, then the body or the query. */
export function messageSchema(operation: Operation): Schema {
  const places = operation.body === null ? ["path", "query"] : ["path"];
  const own = operation.parameters.filter((parameter) => places.includes(parameter.in));
  const required = own.filter((parameter) => parameter.in === "path").map(({ name }) => name);
  const properties = Object.fromEntries(
    own.map(({ name, schema, description }) => [
      name,
      { ...schema, ...(description === undefined ? {} : { description }) },
    ]),
  );
  if (operation.body !== null && own.length === 0) {
    return operation.body.schema;
  }
  const parts = operation.body === null ? [] : [operation.body.schema];
  return {
    allOf: [{ type: "object", properties, required, additionalProperties: false }, ...parts],
    additionalProperties: false,
  };
}
