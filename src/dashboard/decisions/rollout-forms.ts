/** Forms to submit a rollout, and for what may be asked of one. */
import { commandsPossible } from "../../decisions/rollouts/commands.ts";
import type { RolloutCommandName } from "../../decisions/rollouts/commands.ts";
import type { RolloutPolicy } from "../../../projections/rollouts/policy.ts";
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";
import { holdsAt } from "../../../projections/rollouts/status.ts";
import type { PageContext } from "../frame/page.ts";
import { minuteText } from "../frame/times.ts";
import type { ExplainedForm, Field } from "./form.ts";
import { scopeFields } from "./nfz-forms.ts";
import { actorField, minuteOf, reasonField, ticketField, updatesField } from "./said-fields.ts";
import { pathSegment } from "../../path-segment.ts";

export function submitForm(context: PageContext, cluster: string | undefined): ExplainedForm {
  const { clusters } = context;
  const names = cluster === undefined ? clusters : [cluster];
  return {
    id: "submit",
    button: "Submit a rollout",
    title: "Submit a rollout",
    about: "It waits until it is asked to start.",
    address: "/v1/rollouts",
    send: "Submit",
    fixed: {},
    fields: [
      { kind: "text", at: "/rollout", label: "Id", hint: "Such as nic-fw-28.39.", isNeeded: true },
      {
        kind: "choice",
        at: "/cluster",
        label: "Cluster",
        choices: names.map((name) => ({ value: name, label: name })),
      },
      updatesField({ kind: "text", at: "/family", label: "Family" }),
      impactField,
      {
        kind: "choice",
        at: "/urgency",
        label: "Urgency",
        choices: ["routine", "important", "security", "emergency"].map((value) => ({
          value,
          label: value,
        })),
      },
      { kind: "instant", at: "/deadline", label: "Deadline (UTC)" },
      ...scopeFields("/targets"),
      reasonField(false),
      actorField,
      ticketField,
    ],
    example: {
      rollout: "nic-fw-28.39",
      cluster: names[0] ?? "alpha",
      updates: [{ component: "nic-firmware", version: "28.39" }],
      impact: { kind: "impactless" },
      urgency: "routine",
      actor: "YOU",
    },
  };
}

const impactField: Field = {
  kind: "either",
  at: "/impact/kind",
  label: "Impact",
  ways: [
    {
      label: "Takes nodes out of service",
      value: "impactful",
      fields: [
        {
          kind: "number",
          at: "/impact/secondsPerNode",
          label: "Seconds a node",
          value: "300",
          isNeeded: true,
        },
      ],
    },
    { label: "Takes no node out of service", value: "impactless", fields: [] },
  ],
};

interface AskedRollout {
  readonly rollout: string;
  readonly cluster: string;
  readonly status: RolloutStatus;
  readonly policy: RolloutPolicy;
  /** Zones that hold it now. */
  readonly held: readonly string[];
}

interface Said {
  readonly button: string;
  readonly title: (rollout: string) => string;
  readonly about: string;
  readonly isFinal?: boolean;
}

/** What each command is called; those of the deploy system alone are last. */
const plain = {
  start: {
    button: "Ask to start",
    title: (rollout) => `Ask to start ${rollout}`,
    about: "The ledger decides: it starts, or what holds it is said and recorded.",
  },
  pause: {
    button: "Pause",
    title: (rollout) => `Pause ${rollout}`,
    about: "It stops until somebody asks to go on.",
  },
  resume: {
    button: "Ask to go on",
    title: (rollout) => `Ask to go on with ${rollout}`,
    about: "The ledger decides: it goes on, or what holds it is said and recorded.",
  },
  verify: {
    button: "Verify",
    title: (rollout) => `Begin to verify ${rollout}`,
    about: "Every node is done.",
  },
  complete: {
    button: "Complete",
    title: (rollout) => `Complete ${rollout}`,
    about: "Every node is updated and verified.",
    isFinal: true,
  },
  fail: {
    button: "Fail",
    title: (rollout) => `End ${rollout} as failed`,
    about: "It ends without success.",
    isFinal: true,
  },
  "roll-back": {
    button: "Rolled back",
    title: (rollout) => `End ${rollout} as rolled back`,
    about: "What it had changed is undone.",
    isFinal: true,
  },
  cancel: {
    button: "Cancel",
    title: (rollout) => `Cancel ${rollout}`,
    about: "It is given up before it starts.",
    isFinal: true,
  },
} as const satisfies Readonly<Partial<Record<RolloutCommandName, Said>>>;

/** What may be asked in the rollout's present state. */
export function commandForms(context: PageContext, asked: AskedRollout): readonly ExplainedForm[] {
  const possible = commandsPossible(asked.status);
  const forms = Object.entries(plain)
    .filter(([name]) => possible.some((each) => each === name))
    .map(([name, said]) => commandForm(asked, name, said, []));
  if (possible.includes("progress")) forms.push(progressForm(asked));
  if (possible.includes("supersede")) forms.push(supersedeForm(asked));
  if (possible.includes("override")) forms.splice(1, 0, overrideForm(context, asked));
  if (possible.includes("revoke")) forms.push(...revokeForms(context, asked));
  return forms;
}

function commandForm(
  { rollout, cluster }: AskedRollout,
  name: string,
  { button, title, about, isFinal = false }: Said,
  fields: readonly Field[],
  example: object = {},
): ExplainedForm {
  const needsReason = name === "overrides" || name.endsWith("/revoke");
  return {
    id: name,
    button,
    title: title(rollout),
    about,
    address: `/v1/rollouts/${pathSegment(rollout)}/${name}`,
    send: button,
    isFinal,
    fixed: { cluster },
    fields: [...fields, reasonField(needsReason), actorField, ticketField],
    example: { cluster, ...example, actor: "YOU", ...(needsReason ? { reason: "WHY" } : {}) },
  };
}

function progressForm(asked: AskedRollout): ExplainedForm {
  const { nodesDone = 0, nodesTotal = 0 } = asked.status.progress?.data ?? {};
  const said = {
    button: "Tell progress",
    title: (rollout: string) => `Tell how far ${rollout} is`,
    about: "Nodes that are done, of all that it is for.",
  };
  const field = (at: string, label: string, value: number): Field => ({
    kind: "number",
    at,
    label,
    value: String(value),
    isNeeded: true,
  });
  return commandForm(
    asked,
    "progress",
    said,
    [
      field("/nodesDone", "Nodes done", nodesDone),
      field("/nodesTotal", "Nodes in all", nodesTotal),
      { kind: "names", at: "/nodes", label: "Nodes done since", hint: "Names or hostlists." },
    ],
    { nodesDone, nodesTotal },
  );
}

function supersedeForm(asked: AskedRollout): ExplainedForm {
  const said = {
    button: "Supersede",
    title: (rollout: string) => `Let another take the place of ${rollout}`,
    about: "It ends without having started.",
    isFinal: true,
  };
  const hint = "The id of another rollout of this cluster that was submitted and is not over.";
  return commandForm(
    asked,
    "supersede",
    said,
    [{ kind: "text", at: "/supersededBy", label: "The other one", hint, isNeeded: true }],
    { supersededBy: "OTHER" },
  );
}

const usualOverrideMs = 3_600_000;

function overrideForm(context: PageContext, asked: AskedRollout): ExplainedForm {
  const { policy, held } = asked;
  const [role = ""] = policy.overrideRoles;
  const at = context.stand.at ?? 0;
  const expiresAt = minuteOf(at + Math.min(usualOverrideMs, policy.overrideMaxMs - 60_000));
  const said = {
    button: "Override",
    title: (rollout: string) => `Let ${rollout} pass no-fly zones`,
    about:
      "It may start and go on in spite of them until the override ends. It is not started by it.",
  };
  return commandForm(
    asked,
    "overrides",
    said,
    [
      {
        kind: "text",
        at: "/role",
        label: "Role",
        hint: `Any of: ${policy.overrideRoles.join(", ")}.`,
        value: role,
        isNeeded: true,
      },
      { kind: "instant", at: "/expiresAt", label: "Until (UTC)", value: expiresAt, isNeeded: true },
      {
        kind: "names",
        at: "/nfzIds",
        label: "No-fly zones",
        hint: "Empty: those that hold it now.",
        value: held.join(", "),
      },
    ],
    { role, expiresAt },
  );
}

function revokeForms({ stand, zone }: PageContext, asked: AskedRollout): readonly ExplainedForm[] {
  const at = stand.at ?? 0;
  return asked.status.grants
    .filter((grant) => holdsAt(grant, at))
    .map(({ id, role, expiresAt }) =>
      commandForm(
        asked,
        `overrides/${id}/revoke`,
        {
          button: `Revoke the override of ${role}`,
          title: (rollout) => `Revoke an override of ${rollout}`,
          about: `Granted by ${role} until ${minuteText(expiresAt, zone, at)}.`,
          isFinal: true,
        },
        [],
      ),
    );
}
