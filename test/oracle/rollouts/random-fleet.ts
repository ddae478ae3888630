/** Random nodes that fail and are maintained, and random jobs on them. */
import type { RandomSource } from "../../histories/random-source.ts";
import { type Draft, Minutes, nodes, racks, skus } from "./random-drafts.ts";

export function nodeFacts(random: RandomSource, rolloutNames: readonly string[]): Draft[] {
  const facts = [...nodes, "n7", "n8"].map((node, i): Draft => {
    const data = { node, rack: random.pick(racks), sku: random.pick(skus) };
    return { type: "NodeCommissioned", minute: nodes.includes(node) ? 0 : 30 + i, data };
  });
  facts.push({
    type: "NodeDecommissioned",
    minute: random.between(100, 400),
    data: { node: "n7" },
  });
  for (const node of nodes) {
    const minutes = new Minutes(random);
    const faultId = `f-${node}`;
    const failed = minutes.any(10, 300);
    if (random.chance(0.5)) {
      facts.push({ type: "NodeFailed", minute: failed, data: { node, faultId } });
      const returned = { node, faultIds: [faultId] };
      facts.push({ type: "NodeReturned", minute: minutes.any(failed + 20), data: returned });
    }
    for (const id of ["a", "b"].slice(0, random.between(0, 2))) {
      const started = minutes.any(10, 400);
      const data = { node, maintenanceId: `${id}-${node}` };
      const more = {
        ...(random.chance(0.4) ? { rolloutId: random.pick(rolloutNames) } : {}),
        ...(random.chance(0.3) ? { role: random.pick(["approver", "operator"]) } : {}),
      };
      facts.push({
        type: "NodeMaintenanceStarted",
        minute: started,
        data: { ...data, ...more },
        command: random.chance(0.3) ? "maintenance-start" : undefined,
        reason: random.chance(0.5) ? "it burns" : undefined,
      });
      if (random.chance(0.7))
        facts.push({ type: "NodeMaintenanceEnded", minute: minutes.any(started + 5), data });
    }
  }
  return facts;
}

export function jobFacts(random: RandomSource, job: string): Draft[] {
  const minutes = new Minutes(random);
  const held = () => random.shuffled([...nodes, "n9"]).slice(0, 2);
  const [first = 0, ...rest] = minutes.many(random.between(1, 6));
  const types = ["JobInterrupted", "JobResumed", "JobNodesChanged", "JobFinished"];
  return [
    { type: "JobStarted", minute: first, data: { job, nodes: held() } },
    ...rest.map((minute): Draft => {
      const type = random.pick(types);
      const hasNodes = type === "JobNodesChanged" || (type === "JobResumed" && random.chance(0.5));
      const more = {
        ...(type === "JobInterrupted" ? { cause: { kind: "unknown" } } : {}),
        ...(type === "JobFinished" ? { outcome: "completed" } : {}),
        ...(hasNodes ? { nodes: held() } : {}),
      };
      return { type, minute, data: { job, ...more } };
    }),
  ];
}
