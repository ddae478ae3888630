/** The OpenAPI 3.1 document, made from the schemas of the routes and of the events, and the page that shows it. */
import { readFileSync } from "node:fs";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";
import { z } from "zod";
import type { EventTypeDefinition } from "../../events/event-type.ts";
import { catalogue, isSystemEvent } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import { submittedEnvelope } from "../../events/envelope.ts";
import type { Api } from "./api.ts";

const tags = [
  { name: "events", description: "Append events, and read them as stored." },
  { name: "sources", description: "Payloads of other systems, as they send them." },
  { name: "clusters", description: "Clusters and their headline figures." },
  { name: "figures", description: "SLA figures for any window, as of any ledger position." },
  { name: "timelines", description: "Everything known about one node or job." },
  { name: "rollouts", description: "Rollouts, the blocked queue and no-fly zones." },
  { name: "reports", description: "Reports as issued, and restated." },
  { name: "audit", description: "What changed, and proof that nothing else did." },
  { name: "operation", description: "Health and metrics." },
];

const description = [
  "An event-sourced ledger for the health and change history of GPU fleets.",
  "Every read takes `asOf` (a sequence), `asOfTime` (an instant) and `minSequence`, answers with the sequence that it used (`Fleetledger-Sequence`) and an `ETag` (strong, or weak where the answer is compressed). Answers are gzipped for clients that accept it, and request bodies may be gzipped.",
  "Over KurrentDB, `Fleetledger-Mirror: stopped` is in every answer while the mirror that serves reads has stopped. Reads still work but must not be trusted; `/readyz` says why.",
  "Errors are RFC 9457 problem documents; `/problems` lists them.",
].join("\n\n");

const iconFile = new URL("../../dashboard/assets/icon.svg", import.meta.url);

/** The script of the docs page sets style attributes, so its policy allows these and nothing more. */
const docsPolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

export async function addOpenApi(app: Api, version: string): Promise<void> {
  const zodToJsonConfig = { override: withKnownFormats };
  const toJson = createJsonSchemaTransform({ zodToJsonConfig });
  const withComponents = createJsonSchemaTransformObject({ zodToJsonConfig });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "fleetledger", version, description },
      servers: [{ url: "/" }],
      tags,
      components: {
        schemas: eventSchemas(),
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer" },
          apiKey: { type: "apiKey", in: "header", name: "X-Api-Key" },
          basic: { type: "http", scheme: "basic", description: "The key as password." },
        },
      },
      // A ledger without any key, on loopback, needs none.
      security: [{ bearer: [] }, { apiKey: [] }, { basic: [] }, {}],
    },
    transform: toJson,
    transformObject: (document) => {
      const openapiObject = withComponents(document) as OpenAPIV3_1.Document;
      return withoutUnused(withSubmitBody({ openapiObject }));
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: {
      docExpansion: "list",
      deepLinking: true,
      validatorUrl: null,
      tryItOutEnabled: true,
      // Appended facts are permanent, so the page can only try operations that read.
      supportedSubmitMethods: ["get"],
    },
    theme: { title: "fleetledger API" },
    logo: { type: "image/svg+xml", content: readFileSync(iconFile) },
    staticCSP: docsPolicy,
  });
  app.get("/openapi.json", { schema: { hide: true } }, () => app.swagger());
}

/** One component per event type: the envelope with that type's data. */
function eventSchemas(): Record<string, OpenAPIV3_1.SchemaObject> {
  const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {};
  const mapping: Record<string, string> = {};
  for (const [name, definition] of Object.entries(catalogue)) {
    const type = name as EventType;
    if (isSystemEvent(type)) continue;
    schemas[type] = eventSchema(type, definition);
    mapping[type] = `#/components/schemas/${type}`;
  }
  const oneOf = Object.values(mapping).map(($ref) => ({ $ref }));
  schemas["Event"] = {
    description: "An event as sent; `type` says of which type it is.",
    oneOf,
    discriminator: { propertyName: "type", mapping },
  };
  return schemas;
}

function eventSchema(type: EventType, definition: EventTypeDefinition): OpenAPIV3_1.SchemaObject {
  const needs = Object.fromEntries(
    (definition.needs ?? []).map((field) => [field, submittedEnvelope.shape[field].unwrap()]),
  );
  const schema = submittedEnvelope.extend({
    type: z.literal(type),
    schemaVersion: z.int().min(1).max(definition.version).optional(),
    data: definition.data,
    ...needs,
  });
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    unrepresentable: "any",
    override: withKnownFormats,
  });
  return { ...json, description: definition.meaning } as OpenAPIV3_1.SchemaObject;
}

/** Drops formats of our own, which mean nothing to other tools. */
function withKnownFormats({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }) {
  if (jsonSchema.format === "ledger-instant") jsonSchema.format = "date-time";
  else if (jsonSchema.format?.startsWith("ledger-") === true) delete jsonSchema.format;
}

/** Zod makes each named schema twice, for input and for output; this drops those that nothing refers to. */
function withoutUnused(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const { schemas = {}, ...components } = document.components ?? {};
  const used = Object.entries(schemas).filter(
    ([name]) => !name.endsWith("Input") || !Object.hasOwn(schemas, name.slice(0, -"Input".length)),
  );
  return { ...document, components: { ...components, schemas: Object.fromEntries(used) } };
}

const example = {
  id: "5f0c7a3e-0b1a-4a53-9c8e-0d9f5f2d7c11",
  type: "NodeFailed",
  occurredAt: "2026-03-01T08:15:00Z",
  data: {
    cluster: "alpha",
    node: "gpu0001",
    faultId: "f-1",
    category: "hardware",
    component: "gpu",
  },
};

/** The ledger checks the body of `POST /v1/events` event by event, so its schema is written here. */
function withSubmitBody({ openapiObject }: { openapiObject: OpenAPIV3_1.Document }) {
  const event = { $ref: "#/components/schemas/Event" };
  const post = openapiObject.paths?.["/v1/events"]?.post;
  if (post !== undefined) {
    post.requestBody = {
      required: true,
      content: {
        "application/json": {
          schema: { oneOf: [event, { type: "array", maxItems: 1_000, items: event }] },
          example,
        },
        "application/x-ndjson": {
          schema: { type: "string", description: "One event per line." },
          example: `${JSON.stringify(example)}\n`,
        },
      },
    };
  }
  return openapiObject;
}
