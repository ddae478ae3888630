/** The configuration of sources, the file that `--sources` names. docs/sources/ describes it for users. */
import { z } from "zod";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { zone } from "../../events/fields/fields.ts";
import { inputErrors } from "../../events/check/input-errors.ts";
import { LedgerError } from "../../errors.ts";
import type { InputError } from "../../errors.ts";
import { maxListLength, maxNameLength } from "../../limits/events.ts";
import { mapErrors, mapMembers } from "./outage-map.ts";
import { match, reasonRule, rule, template } from "./rule.ts";

const named = {
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, "must be 1 to 32 lower-case letters, digits and hyphens")
    .describe("Part of every id that the source makes; never used again for another source."),
  observes: z.boolean().default(false).describe("Whether its silence makes nodes unknown."),
  silentAfterSeconds: z.int().min(1).optional().describe("After how long it counts as silent."),
};
const common = { ...named, cluster: template };

const node = {
  ...common,
  node: template,
  stripPort: z.boolean().default(false).describe("Cut the port off, such as :9400."),
  nodes: z
    .record(z.string(), z.string().min(1).max(maxNameLength))
    .default({})
    .describe("Nodes that the ledger knows by another name."),
};

const rules = z.array(rule).max(maxListLength);
const nodeForm = z
  .enum(["as-told", "vmss-hostname"])
  .default("as-told")
  .describe("vmss-hostname turns NAME_36 into NAME000010, the name of the machine in a scale set.");

const times = {
  timeFormat: z.enum(["local", "unix"]).default("local").describe("unix: seconds since the epoch."),
  zone: zone.optional().describe("The zone of local times."),
};

const seconds = z.int().min(1).max(86_400);

const alertmanager = z.strictObject({ ...node, kind: z.literal("alertmanager"), rules });

const scheduledEvents = z.strictObject({
  ...node,
  kind: z.literal("azure-scheduled-events"),
  nodeForm,
  unstatedSeconds: z
    .strictObject({
      reboot: seconds.default(600),
      redeploy: seconds.default(900),
      freeze: seconds.default(30),
    })
    .prefault({})
    .describe("How long is planned where Azure does not say."),
  membership: z.boolean().default(false).describe("Whether a removed machine leaves the cluster."),
});

const resourceHealth = z.strictObject({
  ...node,
  kind: z.literal("azure-resource-health"),
  nodeForm,
  match: match.optional(),
});

const slurmEvents = z.strictObject({
  ...node,
  ...times,
  kind: z.literal("slurm-events"),
  reasons: z.array(reasonRule).max(maxListLength).default([]),
  draining: z
    .enum(["in", "out"])
    .default("in")
    .describe("Whether a node counts as in service while its last job runs."),
});

const slurmJobs = z.strictObject({
  ...common,
  ...times,
  kind: z.literal("slurm-jobs"),
  job: template.default("{JobIDRaw}"),
  minNodes: z.int().min(1).default(1).describe("Runs on fewer nodes are ignored."),
  preempted: z
    .enum(["user", "software", "unknown"])
    .default("user")
    .describe("The cause of a preemption."),
});

const kubernetes = z.strictObject({
  ...node,
  kind: z.literal("kubernetes"),
  rules: rules.default([]),
  readyUnknown: z.enum(["fault", "observation"]).default("fault"),
  cordon: z.enum(["maintenance", "fault", "ignore"]).default("maintenance"),
  membership: z.boolean().default(false).describe("Whether nodes join and leave with the API."),
});

const nvsentinel = z.strictObject({
  ...node,
  kind: z.literal("nvsentinel"),
  rules: rules.optional(),
  match: match.optional(),
});

const csv = z.strictObject({ ...named, kind: z.literal("csv"), ...mapMembers });

const kinds = [
  alertmanager,
  scheduledEvents,
  resourceHealth,
  slurmEvents,
  slurmJobs,
  kubernetes,
  nvsentinel,
  csv,
] as const;
const kindNames = kinds.map(({ shape }) => shape.kind.value).join(", ");
const source = z.discriminatedUnion("kind", kinds, { error: `must be one of ${kindNames}` });

const sourcesFile = z.strictObject({
  sources: z.array(source).max(maxListLength),
  allowedOrigins: z
    .array(z.string().min(1).max(maxNameLength))
    .max(maxListLength)
    .default([])
    .describe("Who may ask to send CloudEvents, by WebHook-Request-Origin."),
});

/** What the file says. */
export interface SourcesFile {
  readonly sources: readonly Source[];
  readonly allowedOrigins: readonly string[];
}

export type Source = z.output<typeof source>;
/** A source of one kind. */
export type SourceOf<K extends Source["kind"]> = Extract<Source, { kind: K }>;

/** Reads the configuration. Throws `invalid-request` with every fault by JSON pointer. */
export function readSources(json: unknown): SourcesFile {
  const parsed = sourcesFile.safeParse(json, { reportInput: true });
  const errors = parsed.success
    ? faultsBetween(parsed.data.sources)
    : inputErrors(parsed.error.issues, "");
  if (parsed.success && errors.length === 0) return parsed.data;
  const [first] = errors;
  const detail = `the configuration of sources is invalid: ${first?.path ?? ""} ${first?.message ?? ""}`;
  throw new LedgerError("invalid-request", detail.trim(), { errors });
}

/** Whether a CloudEvent that fits one fits the other for certain, so that none could be given to either. */
function takesTheSame(a: Source, b: Source): boolean {
  if (a.kind !== b.kind || a.name === b.name) return false;
  if (a.kind !== "nvsentinel" && a.kind !== "azure-resource-health") return false;
  return canonicalJson(matchOf(a)) === canonicalJson(matchOf(b));
}

function matchOf(one: Source): object {
  return "match" in one ? (one.match ?? {}) : {};
}

/** Members that do not go with each other. */
function faultsBetween(sources: readonly Source[]): InputError[] {
  return sources.flatMap((each, i) => {
    const faults: InputError[] = [];
    const refuse = (member: string, message: string) =>
      faults.push({ path: `/sources/${i}/${member}`, message });
    if (sources.findIndex(({ name }) => name === each.name) < i)
      refuse("name", "is the name of an earlier source");
    const twin = sources.findIndex((other) => takesTheSame(other, each));
    if (twin < i && twin >= 0)
      refuse(
        "match",
        `takes the same CloudEvents as /sources/${twin}: give each a match of its own`,
      );
    if ("timeFormat" in each && each.timeFormat === "local" && each.zone === undefined)
      refuse("zone", "is needed for local times; or set timeFormat to unix");
    if (each.kind === "csv")
      for (const { path, message } of mapErrors(each)) refuse(path.slice(1), message);
    if (each.observes && each.silentAfterSeconds === undefined)
      refuse("silentAfterSeconds", "is needed for a source that observes");
    if (each.observes && each.cluster.includes("{"))
      refuse("cluster", "must name one cluster, without {…}, for a source that observes");
    return faults;
  });
}
