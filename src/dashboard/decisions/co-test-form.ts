/** The form by which people record how updates did when they were installed together. */
import type { PageContext } from "../frame/page.ts";
import type { ExplainedForm, Field } from "./form.ts";
import { actorField, reasonField, updatesField } from "./said-fields.ts";

const outcomes = [
  { value: "passed", label: "passed: they worked together" },
  { value: "failed", label: "failed" },
];

/** `next` are the rollouts to test next, which the form begins with. */
export function coTestForm(
  { clusters }: PageContext,
  cluster: string | undefined,
  next: readonly string[],
): ExplainedForm {
  const names = cluster === undefined ? clusters : [cluster];
  return {
    id: "co-test",
    button: "Record a co-test",
    title: cluster === undefined ? "Record a co-test" : `Record a co-test in ${cluster}`,
    about: "A result counts for every pair within what was tested, until another one comes.",
    address: "/v1/co-tests",
    send: "Record",
    fixed: {},
    fields: [
      {
        kind: "text",
        at: "/coTest",
        label: "Name of the test",
        hint: "Such as staging-2026-11-29.",
        isNeeded: true,
      },
      { kind: "choice", at: "/outcome", label: "Outcome", choices: outcomes },
      {
        kind: "choice",
        at: "/cluster",
        label: "It counts in",
        choices: [
          ...names.map((name) => ({ value: name, label: name })),
          { value: "", label: "all clusters (not by rollouts)" },
        ],
      },
      testedField(next),
      { kind: "text", at: "/environment", label: "Where it was tested" },
      { kind: "text", at: "/evidence", label: "Address of its log" },
      { kind: "instant", at: "/occurredAt", label: "When it ended (UTC)", hint: "Empty: now." },
      reasonField(false),
      actorField,
    ],
    example: {
      coTest: "staging-1",
      outcome: "passed",
      cluster: names[0] ?? "alpha",
      rollouts: next.length > 0 ? next : ["nic-fw-28.39", "driver-580.2"],
      actor: "YOU",
    },
  };
}

function testedField(next: readonly string[]): Field {
  return {
    kind: "either",
    at: "/tested",
    label: "What was tested",
    ways: [
      {
        label: "Rollouts",
        fields: [
          {
            kind: "names",
            at: "/rollouts",
            label: "Rollouts, with commas between them",
            value: next.join(", "),
            isNeeded: true,
          },
        ],
      },
      {
        label: "Versions",
        fields: [updatesField()],
      },
    ],
  };
}
