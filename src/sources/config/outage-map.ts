/**
 * The map of an outage log: what the columns of a CSV mean. Its form is documented for users in docs/outage-maps.md. A
 * source of kind csv is such a map, and `import outages` takes one as a file.
 */
import { z } from "zod";
import type { InputError } from "../../errors.ts";
import { isKnownZone } from "../../zones/zones.ts";
import { formatError, hasOffset, instantFormats, isUtc, saysUtc } from "./time-format.ts";

const category = z.enum(["hardware", "software", "network", "facility", "human", "unknown"]);

export type Category = z.output<typeof category>;

const column = z.string().min(1).describe("The name of a column, spelled as in the header.");
const columnTemplate = z
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
    separator: z
      .string()
      .min(1)
      .optional()
      .describe("What stands between several causes in one cell; the first known one counts."),
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
    name: columnTemplate.default("{n}").describe("A node's name; {n} is its number, {n:4} padded."),
    first: z.int().min(0).default(0).describe("The number of the first node."),
  }),
  z.strictObject({
    list: z.array(z.string().min(1)).min(1).describe("Names or hostlists, such as gpu[001-128]."),
  }),
  z.strictObject({ seen: z.literal(true).describe("The nodes that the log names.") }),
]);

const localTimeOrColumn = z.union([localTime, z.strictObject({ column })]);
const format = z
  .string()
  .min(1)
  .describe("A Luxon format such as M/d/yyyy H:mm; or rfc3339, unix, unix-ms.");

const mapName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lower-case letters, digits and hyphens")
  .describe("Part of every event's id, so the same log under the same name is not imported twice.");

/** What a map says beside its name. */
export const mapMembers = {
  description: z.string().optional(),
  delimiter: z.string().length(1).default(","),
  cluster: columnTemplate,
  node: columnTemplate,
  row: z
    .array(column)
    .min(1)
    .optional()
    .describe("The columns that identify a row. If absent, its position does."),
  where: z.record(column, z.string()).optional().describe("Only rows with these values."),
  start: column,
  end: column.optional(),
  notOver: z
    .strictObject({
      values: z.array(z.string()).default([]).describe("Such as Unknown, NULL or 0."),
      from: localTime.optional().describe("An end from then on is none, such as 9999-01-01."),
    })
    .optional()
    .describe("Ends that mean: not over yet. A blank end always does."),
  duration: z
    .strictObject({ column, unit: z.enum(["seconds", "minutes", "hours", "days", "h:mm"]) })
    .optional()
    .describe("How long it took: instead of an end, or as a check of it."),
  instants: z
    .literal(true)
    .optional()
    .describe("The log has no ends and no durations: each row is a fault without duration."),
  maintenance: z
    .strictObject({
      match: z
        .record(column, z.union([z.string(), z.array(z.string()).min(1)]))
        .describe("Columns and the globs that they must fit, all of them."),
      announced: column.optional().describe("When it was announced."),
    })
    .optional()
    .describe("Rows that are maintenance."),
  severalNodes: z
    .strictObject({
      separator: z.string().min(1).optional(),
      hostlist: z.literal(true).optional().describe("Such as gpu[01-04,07]."),
      wholeCluster: z.array(z.string().min(1)).optional().describe("Such as ALL."),
    })
    .optional()
    .describe("How a cell names several nodes, or all of the cluster's."),
  replace: z
    .array(z.strictObject({ from: z.string().min(1), to: z.string() }))
    .optional()
    .describe("Replacements in names of clusters and nodes, in order."),
  time: z.strictObject({
    format: z.union([format, z.array(format).min(1)]),
    zone: z
      .string()
      .refine(isKnownZone, { error: "must be an IANA time zone, such as America/Denver" })
      .optional()
      .describe("The zone of local times."),
  }),
  cause: cause.optional(),
  component: component.optional(),
  members: z
    .strictObject({ nodes: memberNodes, from: localTimeOrColumn, to: localTimeOrColumn.optional() })
    .optional()
    .describe("The member nodes, and from when to when. If absent, the log gives faults only."),
};

const mapObject = z.strictObject({ name: mapName, ...mapMembers });
export type OutageMap = z.output<typeof mapObject>;

export const outageMap = mapObject.superRefine((map, context) => {
  for (const { path, message } of mapErrors(map))
    context.addIssue({ code: "custom", path: path.split("/").slice(1), message });
});

export function formatsOf({ time }: Pick<OutageMap, "time">): readonly string[] {
  return [time.format].flat();
}

/** Members that do not go with each other; pointers into the map. */
export function mapErrors(map: Omit<OutageMap, "name">): InputError[] {
  const errors: InputError[] = [];
  const refuse = (path: string, message: string) => errors.push({ path, message });
  for (const [i, each] of formatsOf(map).entries()) {
    const error = formatError(each);
    const path = Array.isArray(map.time.format) ? `/time/format/${i}` : "/time/format";
    if (error !== null) refuse(path, `"${each}" ${error}`);
  }
  const isLocal = formatsOf(map).some((each) => !instantFormats.has(each) && !hasOffset(each));
  if (isLocal && map.time.zone === undefined) refuse("/time/zone", "is needed for local times");
  if (map.time.zone !== undefined && !isUtc(map.time.zone) && formatsOf(map).some(saysUtc))
    refuse("/time/zone", "must be UTC, since the format has 'Z', which stands for UTC");
  const { end, duration, instants, notOver, members } = map;
  if (instants === true && (end !== undefined || duration !== undefined))
    refuse("/instants", "cannot stand beside end or duration");
  if (instants !== true && end === undefined && duration === undefined)
    refuse("/end", "is needed, or duration, or instants");
  if (notOver !== undefined && end === undefined)
    refuse("/notOver", "is about end, which is not there");
  const isOfColumns = [members?.from, members?.to].some((each) => typeof each === "object");
  if (isOfColumns && members !== undefined && !("seen" in members.nodes))
    refuse("/members/nodes", "must be {seen: true}, since columns say from when to when");
  return errors;
}

const placeholder = /\{([^{}]+)\}/g;

/** The columns that a template names. */
function columnsOfTemplate(text: string): string[] {
  return Array.from(text.matchAll(placeholder), ([, name = ""]) => name);
}

/** The text with each `{name}` put in; `null` if one of them is blank. */
export function fillColumns(text: string, valueOf: (name: string) => string): string | null {
  let blank = false;
  const filled = text.replace(placeholder, (_, name: string) => {
    const value = valueOf(name);
    if (value === "") blank = true;
    return value;
  });
  return blank ? null : filled;
}

/** Every column that a row is read from. */
export function columnsOfMap(map: Omit<OutageMap, "name">): string[] {
  const { start, end, duration, maintenance, row = [], where = {}, members } = map;
  const columns = [
    ...columnsOfTemplate(map.cluster),
    ...columnsOfTemplate(map.node),
    ...row,
    ...Object.keys(where),
    start,
    ...(end === undefined ? [] : [end]),
    ...(duration === undefined ? [] : [duration.column]),
    ...Object.keys(maintenance?.match ?? {}),
    ...(maintenance?.announced === undefined ? [] : [maintenance.announced]),
  ];
  if (map.cause !== undefined)
    columns.push(...("column" in map.cause ? [map.cause.column] : Object.keys(map.cause.columns)));
  if (map.component !== undefined && "column" in map.component) columns.push(map.component.column);
  if (members !== undefined) {
    if ("countColumn" in members.nodes) columns.push(members.nodes.countColumn);
    for (const each of [members.from, members.to])
      if (typeof each === "object") columns.push(each.column);
  }
  return [...new Set(columns)];
}
