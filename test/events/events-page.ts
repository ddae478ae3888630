/** The generated part of docs/events.md: every event type from its schema, with the frozen example of it. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { formatInstant } from "../../projections/time/instant.ts";
import type { EntityName, EventType } from "../../src/events/catalogue.ts";
import { definitionOf, eventTypes } from "../../src/events/catalogue.ts";

interface Schema {
  readonly type?: string;
  readonly const?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

const headings: Readonly<Record<EntityName, string>> = {
  cluster: "Cluster",
  node: "Node",
  job: "Job",
  rollout: "Rollout",
  cotest: "Co-test",
  nfz: "No-fly zone",
  correction: "Corrections",
  system: "Written by the ledger itself",
};

const formats: Readonly<Record<string, string>> = {
  "ledger-instant": "instant",
  "ledger-zone": "time zone",
  "ledger-hostlist": "hostlist",
  uuid: "UUID",
};

/** The catalogue as Markdown, as the formatter leaves it. */
export function catalogueAsMarkdown(): string {
  const byEntity = Map.groupBy(eventTypes, (type) => definitionOf(type).entity);
  const parts = Array.from(byEntity, ([entity, types]) =>
    [`### ${headings[entity]}`, ...types.map(typeAsMarkdown)].join("\n\n"),
  );
  return `${parts.join("\n\n")}\n`;
}

/** An example of each type that the ledger accepts, in the order of the catalogue. */
export function exampleOf(type: EventType): Record<string, unknown> {
  const { needs } = definitionOf(type);
  const file = new URL(`golden/${type}.v${definitionOf(type).version}.json`, import.meta.url);
  const { stored } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly stored: { readonly id: string; readonly occurredAt: number; readonly data: string };
  };
  const { id, occurredAt } = stored;
  const data = inOrderOf(schemaOf(type), JSON.parse(stored.data));
  const said = needs === undefined ? {} : { actor: "eva", reason: "the monitoring was wrong" };
  return {
    id,
    type,
    occurredAt: formatInstant(occurredAt),
    ...said,
    data: aboutExample(type, data),
  };
}

/** A correction names an event that is on the same page. */
function aboutExample(type: EventType, data: unknown): unknown {
  if (definitionOf(type).entity !== "correction") return data;
  const about = exampleOf("NodeFailed");
  const eventId = about["id"];
  if (type === "FactRetracted") return { eventId: exampleOf("NodeReturned")["id"] };
  return { eventId, data: { ...(about["data"] as object), category: "network" } };
}

function schemaOf(type: EventType): Schema {
  return z.toJSONSchema(definitionOf(type).data, { io: "input" }) as Schema;
}

/** Data with their members in the order of the schema: as a person would write them. */
function inOrderOf(schema: Schema, data: unknown): unknown {
  const { properties, items } = schema;
  if (Array.isArray(data)) return data.map((each) => inOrderOf(items ?? {}, each));
  if (properties === undefined || typeof data !== "object" || data === null) return data;
  const members = data as Readonly<Record<string, unknown>>;
  const known = Object.entries(properties).filter(([name]) => name in members);
  return Object.fromEntries(known.map(([name, each]) => [name, inOrderOf(each, members[name])]));
}

function typeAsMarkdown(type: EventType): string {
  const { meaning, needs } = definitionOf(type);
  const needed = needs === undefined ? "" : ` The envelope needs ${needs.map(code).join(" and ")}.`;
  const fields = table(["field", "value", "meaning"], rowsOf(schemaOf(type), ""));
  const example = `\`\`\`json\n${jsonText(exampleOf(type), 0, 0, true)}\n\`\`\``;
  return [`#### ${type}`, `${meaning}${needed}`, fields, example].join("\n\n");
}

function rowsOf(schema: Schema, under: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isNeeded = schema.required?.includes(name) === true;
    const value = `${valueOf(field)}${isNeeded ? "" : ", optional"}`;
    const rows = [[code(under + name), value, field.description ?? ""]];
    const inner = field.type === "array" ? field.items : field;
    if (inner?.properties === undefined) return rows;
    return [...rows, ...rowsOf(inner, `${under}${name}${field.type === "array" ? "[]" : ""}.`)];
  });
}

function valueOf(schema: Schema): string {
  const { type, format, items, minimum, maximum, properties } = schema;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.map(valueOf).join(" or ");
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((each) => code(each)).join(", ");
  if (type === "array") return `list of ${items === undefined ? "values" : listed(items)}`;
  if (type === "object") return hasFixed(properties) ? code(formOf(schema)) : "object";
  if (type === "boolean") return "`true` or `false`";
  if (type === "integer") return "whole number";
  if (type === "number") return maximum === 1 && minimum === 0 ? "number from 0 to 1" : "number";
  return formats[format ?? ""] ?? (type === "null" ? "`null`" : "text");
}

function listed(items: Schema): string {
  if (items.properties !== undefined) return "objects";
  return items.format === "ledger-hostlist" ? "hostlists" : `${valueOf(items)}s`;
}

/** Whether an object is told apart by a constant, so that its form says more than its fields. */
function hasFixed(properties: Schema["properties"]): boolean {
  const fields = Object.values(properties ?? {});
  return fields.some(({ const: fixed }) => fixed !== undefined);
}

function formOf({ properties = {} }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, field]) =>
      `"${name}": ${field.const === undefined ? "…" : JSON.stringify(field.const)}`,
  );
  return `{${members.join(", ")}}`;
}

const code = (text: string): string => `\`${text}\``;

const lineWidth = 100;

/** JSON as the formatter leaves it: what fits on a line stands on one, but for the whole. */
function jsonText(value: unknown, indent: number, before: number, isWhole = false): string {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const members = Object.entries(value).map(
    ([name, member]) => [isList ? "" : `${JSON.stringify(name)}: `, member as unknown] as const,
  );
  if (members.length === 0) return open + close;
  const inLine = members.map(([name, member]) => name + jsonText(member, 0, -Infinity)).join(", ");
  const line = isList ? `[${inLine}]` : `{ ${inLine} }`;
  if (!isWhole && before + line.length <= lineWidth) return line;
  const inner = " ".repeat(indent + 2);
  const lines = members.map(
    ([name, member], at) =>
      inner +
      name +
      jsonText(member, indent + 2, indent + 2 + name.length + (at < members.length - 1 ? 1 : 0)),
  );
  return `${open}\n${lines.join(",\n")}\n${" ".repeat(indent)}${close}`;
}

/** A table whose columns are as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, at) =>
    Math.max(cell.length, ...rows.map((row) => (row[at] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
