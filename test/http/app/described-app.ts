/** An application whose every JSON answer is held against the OpenAPI document that it serves itself. */
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv/dist/2020.js";
import type { InjectOptions } from "fastify";
import type { Api } from "../../../src/http/server/api.ts";

interface Operation {
  readonly operationId?: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Described {
  readonly document: OpenApi;
  /** Asks the application; throws where the answer is not what the document says of it. */
  readonly ask: (
    url: string,
    more?: InjectOptions,
  ) => Promise<{ status: number; body: unknown; text: string }>;
  /** Answers that came, as `METHOD PATH STATUS`, with the status as the document names it. */
  readonly seen: Set<string>;
}

/** `seen` may be that of another application: what both answered is then told together. */
export async function describedBy(app: Api, seen = new Set<string>()): Promise<Described> {
  const document = (await app.inject("/openapi.json")).json<OpenApi>();
  const errorsOf = validating(document);
  return {
    document,
    seen,
    ask: async (url, more = {}) => {
      const answer = await app.inject({ url, ...more });
      const text = answer.body;
      const [type = ""] = String(answer.headers["content-type"]).split(";");
      const method = (more.method ?? "GET").toLowerCase();
      const place = placeOf(document, method, url.split("?", 1)[0] ?? "", answer.statusCode);
      if (place !== null) seen.add(`${method} ${place.path} ${place.status}`);
      const body: unknown = type.endsWith("json") ? JSON.parse(text) : null;
      if (type.endsWith("json")) {
        const errors = errorsOf(place, type, body);
        if (errors !== null) {
          throw new Error(`${method} ${url} answers ${answer.statusCode} ${type}: ${errors}`);
        }
      }
      return { status: answer.statusCode, body, text };
    },
  };
}

interface Place {
  readonly path: string;
  readonly method: string;
  /** As the document names it: `200`, or `default`. */
  readonly status: string;
}

/** Where the document describes an answer; `null` for an address that it does not have. */
function placeOf(document: OpenApi, method: string, asked: string, status: number): Place | null {
  const path = Object.keys(document.paths)
    .sort((a, b) => Number(a.includes("{")) - Number(b.includes("{")))
    .find((each) => new RegExp(`^${each.replaceAll(/\{[^}]*\}/g, "[^/]+")}$`).test(asked));
  const operation = path === undefined ? undefined : document.paths[path]?.[method];
  if (path === undefined || operation === undefined) return null;
  const found = [String(status), "default"].find((each) => operation.responses[each] !== undefined);
  if (found === undefined) throw new Error(`${method} ${path}: ${status} is not described`);
  return { path, method, status: found };
}

/** What is wrong with an answer by the schema of its place; `null` if nothing is. */
function validating(document: OpenApi) {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  ajv.addVocabulary(["components", "discriminator", "example"]);
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addFormat("uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
  const { components, paths } = document;
  const known = new Map<string, ValidateFunction>();
  return (place: Place | null, type: string, body: unknown): string | null => {
    const name = `${place?.method} ${place?.path} ${place?.status} ${type}`;
    const schema =
      place === null
        ? components.schemas["Problem"]
        : paths[place.path]?.[place.method]?.responses[place.status]?.content?.[type]?.schema;
    if (schema === undefined) return `${type} is not described`;
    const validate = known.get(name) ?? ajv.compile({ ...schema, components });
    known.set(name, validate);
    return validate(body) ? null : ajv.errorsText(validate.errors, { separator: "\n" });
  };
}
