/** Refusals and overrides of the last days: who asked, and why. */
import type { Fact } from "../../../../projections/facts/fact.ts";
import { doneDays, shownRefusals } from "../../../limits/pages.ts";
import { oneStep } from "../../../turns.ts";
import type { PageContext } from "../../frame/page.ts";
import { dayMs, shownClusters } from "./board-rows.ts";

const refusalTypes = ["RolloutBlocked", "RolloutRefused"] as const;
const overrideTypes = ["RolloutOverrideGranted", "RolloutOverrideRevoked"] as const;

type Listed = Extract<
  Fact,
  { type: (typeof refusalTypes)[number] | (typeof overrideTypes)[number] }
>;

export interface Attributed {
  readonly fact: Listed;
  readonly actor: string | null;
  readonly reason: string | null;
}

interface Refusals {
  readonly refusals: number;
  readonly overrides: number;
  /** The newest first, as many as the page shows. */
  readonly shown: readonly Attributed[];
  readonly total: number;
}

/** By the facts as they stand, corrections applied. */
export async function refusalsOf(context: PageContext): Promise<Refusals> {
  const { at } = context.stand;
  const found = await Promise.all(
    shownClusters(context).map((cluster) =>
      context.once("refusals", cluster, (view) =>
        oneStep(() =>
          at === null
            ? []
            : [...view.entities("rollout")].flatMap(({ applied }) =>
                applied.filter((fact): fact is Listed => isListed(fact, at)),
              ),
        ),
      ),
    ),
  );
  const all = found.flat().sort((a, b) => b.occurredAt - a.occurredAt || b.sequence - a.sequence);
  const overrides = all.filter(({ type }) => includes(overrideTypes, type)).length;
  const newest = all.slice(0, shownRefusals);
  return {
    refusals: all.length - overrides,
    overrides,
    shown: await attributed(context, newest),
    total: all.length,
  };
}

function isListed({ type, occurredAt }: Fact, at: number): boolean {
  const isOfType = includes(refusalTypes, type) || includes(overrideTypes, type);
  return isOfType && occurredAt < at && occurredAt >= at - doneDays * dayMs;
}

function includes(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

/** Facts with who stated each and why, which only the stored event says. */
async function attributed(
  { ledger }: PageContext,
  facts: readonly Listed[],
): Promise<readonly Attributed[]> {
  const events = await ledger.store.findByIds(facts.map(({ id }) => id));
  const stated = new Map(events.map((event) => [event.id, event.attribution]));
  return facts.map((fact) => {
    const { actor = null, reason = null } = stated.get(fact.id) ?? {};
    return { fact, actor, reason };
  });
}
