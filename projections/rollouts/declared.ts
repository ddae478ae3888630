/** What a rollout declares of itself when it is submitted: its families of updates, and how long it takes a node out of service. */
import type { DataOf } from "../../src/events/catalogue.ts";
import { decimal, fraction, roundHalfUp } from "../arithmetic/ratio.ts";

type Submission = DataOf<"RolloutSubmitted">;
export type Update = Submission["updates"][number];

/** The family that an update belongs to: the one that it names, otherwise its component. */
export function familyOf({ family, component }: Update): string {
  return family ?? component;
}

/** The families of a rollout's updates, by name. */
export function familiesOf({ updates }: Pick<Submission, "updates">): string[] {
  return [...new Set(updates.map(familyOf))].sort();
}

/** Milliseconds for which it takes a node out of service, as declared; 0 if it declares none, or nothing. */
export function declaredMs(impact: Submission["impact"] | undefined): number {
  if (impact?.kind !== "impactful") return 0;
  const { numerator, denominator } = decimal(impact.secondsPerNode);
  return roundHalfUp(fraction(numerator * 1_000n, denominator), "the declared time out of service");
}
