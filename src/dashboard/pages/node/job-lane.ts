/** The jobs on a node: when each ran on it, and what interrupted it. */
import { durationText } from "../../frame/times.ts";
import type { FactsOf, Lane, LaneEdge } from "./lanes.ts";
import type { JobOnNode, NodeFacts } from "./node-facts.ts";
import { stacked } from "./stacked.ts";

type JobState = JobOnNode["pieces"][number]["state"];

export function jobLane(facts: NodeFacts, factsOf: FactsOf): Lane {
  const jobs = facts.jobs
    .map(({ job, pieces }) => ({
      job,
      pieces,
      from: pieces[0]?.from ?? 0,
      to: pieces.at(-1)?.to ?? 0,
    }))
    .sort((a, b) => a.from - b.from);
  const { places, lines } = stacked(jobs);
  const pieces = jobs.flatMap(({ job, pieces: own }, i) =>
    own.map(({ state, from, to }) => ({
      kind: kindOf(state),
      from,
      to: Math.min(to, facts.at),
      title: `${job}: ${words(state)}, ${durationText(Math.min(to, facts.at) - from)}`,
      ...places[i],
    })),
  );
  return { name: "jobs", pieces, edges: jobs.flatMap((job) => edgesOf(job, factsOf)), lines };
}

function kindOf(state: JobState): string {
  return state === "running" ? "kept" : state === "paused" ? "paused" : `c-${state}`;
}

function words(state: JobState): string {
  return state === "running" || state === "paused" ? state : `interrupted: ${state}`;
}

/** Each piece begins with a fact about its job, unless it is only cut there. */
function edgesOf({ job, pieces }: JobOnNode, factsOf: FactsOf): LaneEdge[] {
  const byInstant = new Map(factsOf("job", job).map((fact) => [fact.occurredAt, fact.id]));
  const last = pieces.at(-1);
  const ends = [
    ...pieces.map(({ from, state }) => [from, `${job} ${words(state)}`] as const),
    ...(last === undefined ? [] : [[last.to, `${job} left the node`] as const]),
  ];
  return ends.flatMap(([at, text]) => {
    const eventId = byInstant.get(at);
    return eventId === undefined ? [] : [{ at, eventId, words: text }];
  });
}
