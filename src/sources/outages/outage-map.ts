/**
 * The map of an outage log: a JSON file that says what the columns of a CSV mean. Its form is
 * documented for users in docs/outage-maps.md.
 */
import { z } from "zod";
import { isKnownZone } from "../../zones/zones.ts";

const category = z.enum(["hardware", "software", "network", "facility", "human", "unknown"]);
export type Category = z.output<typeof category>;

const column = z.string().min(1).describe("The name of a column, spelled as in the header.");
const template = z
  .string()
  .min(1)
  .describe("Text in which {Column} stands for what the row has in that column.");

const cause = z.union([
  z.strictObject({
    columns: z
      .record(column, category)
      .describe("Columns of which at most one is filled, and the category that each stands for."),
  }),
  z.strictObject({
    column,
    values: z
      .record(z.string(), category)
      .describe("What the column says, and the category that it stands for."),
  }),
]);

const component = z.union([
  z.strictObject({ column }),
  z.strictObject({ fromCause: z.literal(true).describe("The text in the column of the cause.") }),
]);

const localTime = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/,
    "must be a local date or time, such as 1996-01-01 or 1996-01-01T06:00",
  );

const memberNodes = z.union([
  z.strictObject({
    countColumn: column.describe("How many nodes the cluster has."),
    name: template.default("{n}").describe("A node's name; {n} is its number, {n:4} with zeros."),
    first: z.int().min(0).default(0).describe("The number of the first node."),
  }),
  z.strictObject({
    list: z.array(z.string().min(1)).min(1).describe("Names or hostlists, such as gpu[001-128]."),
  }),
  z.strictObject({ seen: z.literal(true).describe("The nodes that the log names.") }),
]);

export const outageMap = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lower-case letters, digits and hyphens")
    .describe(
      "Part of every event's id, so the same log under the same name is not imported twice.",
    ),
  description: z.string().optional(),
  delimiter: z.string().length(1).default(","),
  cluster: template,
  node: template,
  start: column,
  end: column,
  time: z.strictObject({
    format: z
      .string()
      .min(1)
      .describe("A Luxon format such as M/d/yyyy H:mm; or rfc3339, unix, unix-ms."),
    zone: z
      .string()
      .refine(isKnownZone, { error: "must be an IANA time zone, such as America/Denver" })
      .describe("The zone of local times."),
  }),
  cause: cause.optional(),
  component: component.optional(),
  members: z
    .strictObject({ nodes: memberNodes, from: localTime, to: localTime.optional() })
    .optional()
    .describe("The member nodes, and from when to when. If absent, the log gives faults only."),
});

export type OutageMap = z.output<typeof outageMap>;

const placeholder = /\{([^{}]+)\}/g;

/** The columns that a template names. */
function columnsOfTemplate(text: string): string[] {
  return Array.from(text.matchAll(placeholder), ([, name = ""]) => name);
}

/** The text with each `{name}` put in; `null` if one of them is blank. */
export function fillTemplate(text: string, valueOf: (name: string) => string): string | null {
  let blank = false;
  const filled = text.replace(placeholder, (_, name: string) => {
    const value = valueOf(name);
    if (value === "") blank = true;
    return value;
  });
  return blank ? null : filled;
}

/** Every column that a row is read from. */
export function columnsOfMap(map: OutageMap): string[] {
  const columns = [
    ...columnsOfTemplate(map.cluster),
    ...columnsOfTemplate(map.node),
    map.start,
    map.end,
  ];
  if (map.cause !== undefined) {
    columns.push(...("column" in map.cause ? [map.cause.column] : Object.keys(map.cause.columns)));
  }
  if (map.component !== undefined && "column" in map.component) columns.push(map.component.column);
  if (map.members !== undefined && "countColumn" in map.members.nodes) {
    columns.push(map.members.nodes.countColumn);
  }
  return [...new Set(columns)];
}
