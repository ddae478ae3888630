/** A node's conditions: the bad state of each begins something, the good one ends it. */
import { type Says, firstRule, saidBy } from "../config/rule.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { memberAt } from "../config/template.ts";
import { type Kind, kinds } from "../reconcile/observation.ts";
import { type Seen, isRecord } from "../reconcile/seen.ts";
import { type NodeObject, instantAt } from "./node-object.ts";

type Source = SourceOf<"kubernetes">;
type Json = Readonly<Record<string, unknown>>;

/** Conditions that are faults unless a rule says otherwise, beside Ready: the network's, and node-problem-detector's. */
const usual: ReadonlyMap<string, Says["category"]> = new Map([
  ["NetworkUnavailable", "network"],
  ["KernelDeadlock", "software"],
  ["ReadonlyFilesystem", "software"],
  ["CorruptDockerOverlay2", "software"],
  ["FrequentKubeletRestart", "software"],
]);

export function seeConditions(source: Source, seen: Seen, { object, path, ...place }: NodeObject) {
  const conditions = memberAt(object, ["status", "conditions"]);
  for (const [i, condition] of (Array.isArray(conditions) ? conditions : []).entries()) {
    if (!isRecord(condition) || typeof condition["type"] !== "string") continue;
    const at = { path: `${path}/status/conditions/${i}`, ...place, series: condition["type"] };
    const made = isBad(condition) ? whatBegins(source, condition) : "end";
    if (made === null) continue;
    if (made === "ignore" || made === "heartbeat") {
      seen.total++;
      if (made === "ignore") seen.ignored++;
      else seen.absorbed++;
      continue;
    }
    const instant = instantAt(condition, ["lastTransitionTime"]);
    if (made === "end") {
      // Most conditions are good at each look, and have been for long.
      if (instant !== null)
        seen.add({
          is: "ended",
          ...at,
          weight: 1,
          ofEveryEntity: false,
          kinds,
          at: instant,
          quiet: true,
        });
      continue;
    }
    seen.total++;
    if (instant === null) {
      seen.refuse(at.path, "/lastTransitionTime must be an RFC 3339 instant");
      continue;
    }
    // Somebody sees the node again, and that something is wrong with it.
    if (made.kind !== "observation") seen.add({ is: "ended", ...at, ...seenAgain, at: instant });
    seen.add({ is: "started", ...at, weight: 1, from: instant, to: null, ...made });
  }
}

const seenAgain = { weight: 0, ofEveryEntity: false, kinds: ["observation"], quiet: true } as const;

/** Ready is good if it is true, every other condition if it is false. */
function isBad({ type, status }: Json): boolean {
  return type === "Ready" ? status !== "True" : status !== "False";
}

function whatBegins(
  source: Source,
  condition: Json,
): { readonly kind: Kind; readonly says: Says } | "ignore" | "heartbeat" | null {
  const { type, status, reason } = condition;
  const rule = firstRule(source.rules, condition);
  if (rule !== null) {
    if (rule.as === "ignore" || rule.as === "heartbeat") return rule.as;
    // Nobody knows whether something is wrong: neither a fault nor its end.
    if (type !== "Ready" && status !== "True") return null;
    return { kind: rule.as, says: saidBy(rule, condition) };
  }
  if (type === "Ready") {
    const isObservation = status === "Unknown" && source.readyUnknown === "observation";
    const codes = typeof reason === "string" && reason !== "" ? { codes: [reason] } : {};
    return {
      kind: isObservation ? "observation" : "fault",
      says: { category: "unknown", ...codes },
    };
  }
  const category = usual.get(String(type));
  if (category === undefined) return "ignore";
  return status === "True" ? { kind: "fault", says: { category } } : null;
}
