/**
 * NVSentinel's health events, as its exporter sends them. It delivers at least once, with a new id each time: a check
 * and what it is about identify a series, and the time at which the event was made does the rest.
 */
import { parseInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { CloudEvent } from "../cloudevents/cloud-event.ts";
import { type Rule, type Says, firstRule, saidBy } from "../config/rule.ts";
import { namedNode } from "../config/node-name.ts";
import { textAt } from "../config/template.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { kinds } from "../reconcile/observation.ts";
import { Seen, isRecord } from "../reconcile/seen.ts";

type Json = Readonly<Record<string, unknown>>;
type Source = SourceOf<"nvsentinel">;

/** A health event, and where it stands in the payload. */
interface Health {
  readonly event: Json;
  /** The event with the cluster's metadata, as rules and templates see it. */
  readonly observed: Json;
  readonly path: string;
}

/** Each CloudEvent of the request; one that is none is refused. */
export function seeHealthEvents(
  source: Source,
  events: readonly (CloudEvent | LedgerError)[],
  { nowMs }: { readonly nowMs: number },
): Seen {
  const seen = new Seen(source.name, nowMs);
  for (const [i, event] of events.entries()) {
    seen.total++;
    const path = `/${i}`;
    if (event instanceof LedgerError) {
      seen.refuse(path, event.message);
      continue;
    }
    const data = event["data"];
    const health = isRecord(data) ? data["healthEvent"] : undefined;
    if (!isRecord(data) || !isRecord(health)) seen.refuse(path, "/data/healthEvent is missing");
    else {
      const metadata = { ...asRecord(health["metadata"]), ...asRecord(data["metadata"]) };
      seeHealth(source, seen, { event: health, observed: { ...health, metadata }, path });
    }
  }
  return seen;
}

function asRecord(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function seeHealth(source: Source, seen: Seen, health: Health): void {
  const { event, observed, path } = health;
  const isHealthy = event["isHealthy"] === true;
  const overrides = asRecord(event["quarantineOverrides"]);
  const isLeftIn = overrides["skip"] === true || isStoreOnly(event["processingStrategy"]);
  const rule = source.rules === undefined ? unsaid : firstRule(source.rules, observed);
  const isNoMatter = !isHealthy && (event["isFatal"] !== true || rule === null);
  if (isLeftIn || isNoMatter || rule?.as === "ignore") {
    seen.ignored++;
    return;
  }
  if (rule?.as === "heartbeat") {
    seen.absorbed++;
    return;
  }
  const { checkName, generatedTimestamp } = event;
  const at = typeof generatedTimestamp === "string" ? parseInstant(generatedTimestamp) : null;
  if (at === null) seen.refuse(path, "/data/healthEvent/generatedTimestamp must be an instant");
  else if (typeof checkName !== "string" || checkName === "")
    seen.refuse(path, "/data/healthEvent/checkName is missing");
  else seeCheck(source, seen, health, { checkName, at, rule: isHealthy ? null : rule });
}

interface Check {
  readonly checkName: string;
  readonly at: number;
  /** `null` for a healthy event, which ends whatever its rule began. */
  readonly rule: RuleLike | null;
}

type RuleLike = Pick<Rule, "as" | "category" | "component" | "codes"> | typeof unsaid;

/** Where the configuration has no rules, the event itself says what it is. */
const unsaid = { as: "fault", category: null } as const;

function seeCheck(
  source: Source,
  seen: Seen,
  health: Health,
  { checkName, at, rule }: Check,
): void {
  const { event, observed, path } = health;
  const entities = entitiesOf(event["entitiesImpacted"]);
  const series = entities.map((entity) => `${checkName}/${entity}`);
  const place = namedNode(source, observed);
  for (const [i, each] of (series.length === 0 ? [checkName] : series).entries()) {
    // An event of several entities is one observation in the answer.
    const common = { path, ...place, weight: i === 0 ? 1 : 0, series: each };
    if (rule === null) {
      // One of entities of other kinds is of those alone.
      const ofEveryEntity = !namesEntities(event["entitiesImpacted"]);
      seen.add({ is: "ended", ...common, ofEveryEntity, kinds, at, quiet: false });
    } else if (rule.as !== "ignore" && rule.as !== "heartbeat") {
      const says = saysOf(event, observed, rule);
      seen.add({ is: "started", ...common, kind: rule.as, from: at, to: null, says });
    }
  }
}

/** The first of these that an event names is what it is about: the others are the same thing by another name. */
const entityTypes = ["GPU_UUID", "GPU", "NVSWITCH", "NVLINK", "NIC", "PCI"];

function namesEntities(impacted: unknown): boolean {
  return Array.isArray(impacted) && impacted.length > 0;
}

function entitiesOf(impacted: unknown): string[] {
  const list = (Array.isArray(impacted) ? impacted : []).filter(isRecord);
  const typed = list.flatMap((entity) => {
    const type = textAt(entity, ["entityType"]).toUpperCase();
    const value = textAt(entity, ["entityValue"]);
    return value === "" ? [] : [{ type, value }];
  });
  const type = entityTypes.find((each) => typed.some((entity) => entity.type === each));
  const values = typed.filter((entity) => entity.type === type).map(({ value }) => value);
  return [...new Set(values)].map((value) => `${type}=${value}`);
}

function isStoreOnly(strategy: unknown): boolean {
  return strategy === 2 || strategy === "2" || strategy === "STORE_ONLY";
}

function saysOf(event: Json, observed: Json, rule: RuleLike): Says {
  const componentClass = textAt(event, ["componentClass"]).toLowerCase();
  const said = Array.isArray(event["errorCode"]) ? event["errorCode"] : [];
  const codes = said.map((code) => xidOf(textAt(code, []).trim())).filter((code) => code !== "");
  const own: Says = {
    category: categoryOf(event["recommendedAction"], componentClass),
    ...(componentClass === "" ? {} : { component: componentClass }),
    ...(codes.length === 0 ? {} : { codes }),
  };
  if (rule.category === null) return own;
  const ruled = saidBy(rule, observed);
  const category = ruled.category === "unknown" ? own.category : ruled.category;
  return { ...own, ...ruled, category };
}

/** RESTART_APP, in words or as NVSentinel's number. */
const restartApp: ReadonlySet<unknown> = new Set(["RESTART_APP", 39, "39"]);

function categoryOf(action: unknown, componentClass: string): Says["category"] {
  if (restartApp.has(action)) return "software";
  return /\bnic|nic\b|switch/.test(componentClass) ? "network" : "hardware";
}

/** `79` and `XID_79` are written as people write them. */
function xidOf(code: string): string {
  const [, number] = /^(?:XID[_ ]?)?(\d+)$/i.exec(code) ?? [];
  return number === undefined ? code : `XID ${number}`;
}
