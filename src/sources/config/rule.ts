/** Rules: what is made of an observation whose members fit. The first rule that fits counts. */
import { z } from "zod";
import { maxListLength, maxNameLength } from "../../limits/events.ts";
import { globFits } from "./glob.ts";
import { fillTemplate, memberAt, pathOf, templateError, textAt } from "./template.ts";

const glob = z.string().max(maxNameLength).describe("Text in which * stands for any text.");
const globs = z.union([glob, z.array(glob).min(1).max(maxListLength)], {
  error: `must be a text of at most ${maxNameLength} characters, or a list of such texts`,
});

/** A template whose braces are closed. */
export const template = z
  .string()
  .min(1)
  .max(maxNameLength)
  .refine((text) => templateError(text) === null, {
    error: ({ input }) => templateError(String(input)) ?? "",
  })
  .describe("Text in which {a.b} stands for a member of what is observed.");

const says = {
  as: z
    .enum(["fault", "maintenance", "observation", "heartbeat", "ignore"])
    .default("fault")
    .describe("What it is."),
  category: z
    .enum(["hardware", "software", "network", "facility", "human", "unknown"])
    .default("unknown")
    .describe("The category of the fault."),
  component: template.optional().describe("The component of the fault, a template."),
  codes: z.array(template).max(maxListLength).optional().describe("Codes of the fault, templates."),
};

export const match = z
  .record(z.string().min(1), globs)
  .describe("Members and the globs that they must fit, all of them; {} fits everything.");

export const rule = z.strictObject({ match, ...says });
export type Rule = z.output<typeof rule>;

/** A rule on a reason: a text, so that `match` is its globs alone. */
export const reasonRule = z.strictObject({
  match: globs.describe("Globs of which the reason must fit one."),
  ...says,
});
type ReasonRule = z.output<typeof reasonRule>;

/** What a fault is, as a rule or a source says. */
export interface Says {
  readonly category: Rule["category"];
  readonly component?: string;
  readonly codes?: readonly string[];
}

export const saysNothing: Says = { category: "unknown" };

/** The first rule that fits; `named` says whether names are whole names, or paths such as `a.b`. */
export function firstRule(
  rules: readonly Rule[],
  observed: unknown,
  named: "names" | "paths" = "paths",
): Rule | null {
  return rules.find((each) => matches(each.match, observed, named)) ?? null;
}

export function matches(
  wanted: Rule["match"],
  observed: unknown,
  named: "names" | "paths" = "paths",
): boolean {
  return Object.entries(wanted).every(([name, patterns]) => {
    const value = memberAt(observed, named === "names" ? [name] : pathOf(name));
    const texts = Array.isArray(value) && value.length > 0 ? value : [value];
    return texts.some((text) => fitsOne(patterns, textAt(text, [])));
  });
}

export function firstReasonRule(rules: readonly ReasonRule[], reason: string): ReasonRule | null {
  return rules.find((each) => fitsOne(each.match, reason)) ?? null;
}

function fitsOne(patterns: Rule["match"][string], text: string): boolean {
  return [patterns].flat().some((pattern) => globFits(pattern, text));
}

/** What the rule says of a fault, its templates filled; a code that comes out empty is left out. */
export function saidBy(
  { category, component, codes }: Pick<Rule, "category" | "component" | "codes">,
  observed: unknown,
): Says {
  const part = component === undefined ? "" : fillTemplate(component, observed).trim();
  const filled = (codes ?? []).map((each) => fillTemplate(each, observed).trim());
  const some = filled.filter((code) => code !== "");
  return {
    category,
    ...(part === "" ? {} : { component: part }),
    ...(some.length === 0 ? {} : { codes: some }),
  };
}
