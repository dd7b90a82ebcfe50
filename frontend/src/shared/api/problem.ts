import type { components } from "./schema";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** The system answered, and said no. */
export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfter: number | null,
  ) {
    super(problem.detail);
  }

  get kind(): string {
    return nameOf(this.problem);
  }
}

/** Nobody knows whether the request arrived. */
export class ConnectionLost extends Error {}

/** `out-of-stock` of `urn:problem:out-of-stock`. */
function nameOf(problem: Problem): string {
  return problem.type.replace(/^urn:problem:/, "");
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "type" in value && "status" in value && "title" in value;
}

/** What could not be read as a problem becomes one. */
export function problemOf(body: unknown, response: Response): Problem {
  if (isProblem(body)) {
    return body;
  }
  const type = response.status >= 500 ? "urn:problem:unavailable" : "urn:problem:internal";
  return { type, title: response.statusText, status: response.status, detail: `HTTP ${response.status}` };
}

export function hasName(error: unknown, ...names: string[]): boolean {
  return error instanceof ApiError && names.includes(error.kind);
}
