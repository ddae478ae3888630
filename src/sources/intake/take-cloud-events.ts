/** Takes CloudEvents: those of the ledger's own types as facts, others by the source whose kind and `match` they fit. */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { LedgerError } from "../../errors.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { CloudEvent } from "../cloudevents/cloud-event.ts";
import { readCloudEvents } from "../cloudevents/read-cloud-events.ts";
import type { CloudRequest } from "../cloudevents/read-cloud-events.ts";
import { submissionOf } from "../cloudevents/submission.ts";
import { matches } from "../config/rule.ts";
import type { Source } from "../config/sources-file.ts";
import type { Answer } from "./answer.ts";
import { type PayloadMeta, takePayload } from "./take-payload.ts";

/** What became of one CloudEvent: a fact's outcome, a source's answer, or why it is refused. */
export type CloudOutcome =
  | { readonly is: "fact"; readonly input: object; readonly submission: Submission }
  | { readonly is: "payload"; readonly source: Source; readonly answer: Answer }
  | { readonly is: "refused"; readonly error: LedgerError };

/** Throws as `readCloudEvents` does, and what `takePayload` throws. */
export async function takeCloudEvents(
  ledger: Ledger,
  sources: readonly Source[],
  request: CloudRequest,
  meta: PayloadMeta,
): Promise<{ readonly single: boolean; readonly outcomes: readonly CloudOutcome[] }> {
  const { single, events } = readCloudEvents(request);
  const sorted = events.map((event) => sortEvent(sources, event));
  const facts = sorted.flatMap((each) => (each.is === "fact" ? [each.input] : []));
  const submissions = await ledger.submit(
    facts.map((input) => ({ ...input, actor: meta.actor })),
    { wholeParts: true },
  );
  let next = 0;
  const outcomes: CloudOutcome[] = [];
  for (const each of sorted) {
    if (each.is === "refused") outcomes.push(each);
    else if (each.is === "fact") {
      const submission = at(submissions, next++);
      outcomes.push({ is: "fact", input: each.input, submission });
    } else {
      const said = { ...meta, contentType: "application/cloudevents+json" };
      const answer = await takePayload(ledger, each.source, each.event, said);
      outcomes.push({ is: "payload", source: each.source, answer });
    }
  }
  return { single, outcomes };
}

type Sorted =
  | { readonly is: "fact"; readonly input: object }
  | { readonly is: "payload"; readonly source: Source; readonly event: CloudEvent }
  | { readonly is: "refused"; readonly error: LedgerError };

function sortEvent(sources: readonly Source[], event: CloudEvent | LedgerError): Sorted {
  if (event instanceof LedgerError) return { is: "refused", error: event };
  const kind = kindOf(event.type);
  if (kind === null) {
    const input = submissionOf(event);
    return input instanceof LedgerError ? { is: "refused", error: input } : { is: "fact", input };
  }
  const fitting = sources.filter(
    (each) =>
      each.kind === kind && matches(("match" in each ? each.match : undefined) ?? {}, event),
  );
  const [source] = fitting;
  if (source !== undefined && fitting.length === 1) return { is: "payload", source, event };
  if (source === undefined) {
    const detail = `no source of kind ${kind} takes the type "${event.type}"`;
    return { is: "refused", error: new LedgerError("unknown-event-type", detail) };
  }
  // The configuration's fault, not the sender's, who would drop what is answered 4xx.
  const names = fitting.map(({ name }) => name).join(", ");
  const detail = `several sources take it: ${names}; give each a match of its own`;
  return { is: "refused", error: new LedgerError("not-ready", detail) };
}

function kindOf(type: string): Source["kind"] | null {
  if (type.startsWith("com.nvidia.nvsentinel.")) return "nvsentinel";
  const health = "Microsoft.ResourceNotifications.HealthResources.";
  return type.startsWith(health) ? "azure-resource-health" : null;
}
