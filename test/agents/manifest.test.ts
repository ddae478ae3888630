/** The manifest of the agent for Kubernetes that ships with the ledger. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { run } from "../cli/run.ts";

const root = new URL("../../", import.meta.url);
const text = readFileSync(new URL("examples/kubernetes/agent.yaml", root), "utf8");
const page = readFileSync(new URL("docs/sources/kubernetes.md", root), "utf8");

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly object[];
  readonly subjects: readonly object[];
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string; readonly secret: object }[];
}

const all = parseAllDocuments(text).map((each) => each.toJS() as Manifest);

function one(kind: string): Manifest {
  const found = all.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
}

test("the agent's pod may read nodes and do nothing else", () => {
  expect(one("ClusterRole").rules).toEqual([
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
  ]);
  const account = one("ServiceAccount").metadata;
  expect(one("ClusterRoleBinding").subjects).toEqual([{ kind: "ServiceAccount", ...account }]);
  const { spec } = one("Deployment");
  expect(spec.template.spec.serviceAccountName).toBe(account.name);
});

test("its command is one that the program has, with the source and the secret that the page names", async () => {
  const { spec } = one("Deployment");
  const { containers, volumes } = spec.template.spec;
  const [container] = containers;
  const [agent = "", kubernetes = "", ...options] = container?.args ?? [];
  const { out } = await run(agent, kubernetes, "--help");
  const given = new Map(
    options.map((option) => [option.split("=")[0] ?? "", option.split("=")[1] ?? ""]),
  );
  for (const name of given.keys()) expect(out).toContain(`${name} <`);
  expect(page).toContain(`"name": "${given.get("--source")}"`);
  expect(given.get("--key-file")).toBe(`${container?.volumeMounts[0]?.mountPath}/key`);
  expect(volumes).toMatchObject([{ name: "key", secret: { secretName: "fleetledger-agent" } }]);
  expect(page).toContain("kubectl create secret generic fleetledger-agent");
});
