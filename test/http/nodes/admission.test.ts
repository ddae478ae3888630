/** The admission webhook over HTTP: its answers by the form that Kubernetes documents, its keys, and its manifest. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { binding, nodeUpdate, pod, review } from "../../decisions/nodes/reviews.ts";
import type { KeyedApp } from "../../access/keyed-app.ts";
import { keyedApp } from "../../access/keyed-app.ts";
import { anEvent } from "../app/memory-ledger.ts";

/**
 * AdmissionReview and AdmissionResponse as `k8s.io/api/admission/v1` and the page on webhooks have them; the API's OpenAPI
 * document has neither, since the API server sends reviews and does not serve them.
 * https://kubernetes.io/docs/reference/config-api/apiserver-admission.v1/
 */
const schema = {
  type: "object",
  required: ["apiVersion", "kind", "response"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: "admission.k8s.io/v1" },
    kind: { const: "AdmissionReview" },
    response: {
      type: "object",
      required: ["uid", "allowed"],
      additionalProperties: false,
      properties: {
        uid: { type: "string", minLength: 1 },
        allowed: { type: "boolean" },
        // metav1.Status
        status: {
          type: "object",
          additionalProperties: false,
          properties: {
            metadata: { type: "object" },
            status: { enum: ["Success", "Failure"] },
            message: { type: "string" },
            reason: { type: "string" },
            details: { type: "object" },
            code: { type: "integer", minimum: 100, maximum: 599 },
          },
        },
        patch: { type: "string" },
        patchType: { const: "JSONPatch" },
        auditAnnotations: { type: "object", additionalProperties: { type: "string" } },
        // "Warnings should be no longer than 256 characters": longer ones are cut off by the API server.
        warnings: { type: "array", items: { type: "string", maxLength: 256 } },
      },
    },
  },
};
const isReview = new Ajv({ strict: true }).compile(schema);

const commissioned = (cluster: string, node: string) =>
  anEvent({
    occurredAt: "2026-04-01T00:00:00Z",
    type: "NodeCommissioned",
    data: { cluster, node },
  });
const failed = anEvent({
  occurredAt: "2026-04-02T00:00:00Z",
  type: "NodeFailed",
  data: { cluster: "alpha", node: "n1", faultId: "f", category: "hardware" },
});

let keyed: KeyedApp;
const keys = new Map<string, string>();
beforeAll(async () => {
  keyed = await keyedApp(
    [commissioned("alpha", "n1"), commissioned("alpha", "n2"), failed, commissioned("beta", "m1")],
    { exemptNamespaces: ["kube-system", "monitoring"] },
  );
  for (const [name, role, clusters] of [
    ["k8s", "reporter", ["alpha"]],
    ["looking", "viewer", ["*"]],
  ] as const) {
    const { secret } = await keyed.issue({ name, roles: [role], clusters: [...clusters] });
    keys.set(name, secret);
  }
});
afterAll(() => keyed[Symbol.asyncDispose]());

const path = "/integrations/kubernetes/admission";

async function ask(body: object, url = `${path}/alpha?timeout=2s`, key = "k8s") {
  return await keyed.post(keys.get(key) ?? "", url, body);
}

test("every answer is an AdmissionReview as Kubernetes documents it, with HTTP 200", async () => {
  const requests = [
    binding("n1"),
    binding("n2"),
    binding("n1", "kube-system"),
    binding(`${"long-".repeat(50)}n`),
    pod({ nodeName: "n1" }),
    pod({}),
    nodeUpdate("n1", true, false),
    nodeUpdate("n2", true, false),
  ];
  const allowed: boolean[] = [];
  for (const request of requests)
    for (const url of [`${path}?cluster=alpha`, `${path}/alpha`]) {
      const answer = await ask(review(request, { dryRun: true }), url);
      expect(answer.statusCode).toBe(200);
      const body = answer.json<{ response: { allowed: boolean } }>();
      expect(isReview(body), JSON.stringify(isReview.errors)).toBe(true);
      allowed.push(body.response.allowed);
    }
  const once = [false, true, true, true, false, true, false, true];
  expect(allowed).toEqual(once.flatMap((each) => [each, each]));
});

test("a denial says the key's name as its actor, and is recorded once for one uid", async () => {
  const sent = review(binding("n1"));
  await ask(sent);
  await ask(sent);
  const recorded = await keyed.ledger.store.query({ type: "NodeScaleDenied", after: 0, limit: 9 });
  const { uid } = sent.request;
  const own = recorded.filter(({ data }) => (data as { request?: string }).request === uid);
  expect(own.map(({ attribution }) => attribution.actor)).toEqual(["k8s"]);
});

describe("it is asked with a key that may deliver payloads, for its own clusters:", () => {
  test.each([
    ["nobody", 401, `${path}/alpha`, null],
    ["a viewer", 403, `${path}/alpha`, "looking"],
    ["another cluster's", 404, `${path}/beta`, "k8s"],
    ["an unknown cluster", 404, `${path}/gamma`, "k8s"],
  ])("%s: %i", async (_who, status, url, key) => {
    const answer = await keyed.post(
      key === null ? null : (keys.get(key) ?? ""),
      url,
      review(binding("n1")),
    );
    expect(answer.statusCode).toBe(status);
  });
});

test("what is no review is 400 and names the member", async () => {
  const answer = await ask({ ...review(binding("n1")), kind: "TokenReview" });
  expect(answer.json()).toMatchObject({
    status: 400,
    code: "invalid-request",
    errors: [{ path: "/kind" }],
  });
});

test("a node with hundreds of labels is read all the same", async () => {
  const request = nodeUpdate("n2", true, false);
  const labels = Object.fromEntries(
    Array.from({ length: 600 }, (_, i) => [`feature-${i}`, "true"]),
  );
  Object.assign(request.object.metadata, { labels });
  expect((await ask(review(request))).json()).toMatchObject({ response: { allowed: true } });
});

describe("the manifest in examples/", () => {
  const file = new URL("../../../examples/kubernetes/admission.yaml", import.meta.url);
  const [manifest] = parseAllDocuments(readFileSync(file, "utf8")).map(
    (each) => each.toJS() as { kind: string; webhooks: Record<string, unknown>[] },
  );

  test("lets a cluster go on without the ledger, waits two seconds, and records nothing of a dry run", () => {
    expect(manifest?.kind).toBe("ValidatingWebhookConfiguration");
    for (const webhook of manifest?.webhooks ?? [])
      expect(webhook).toMatchObject({
        failurePolicy: "Ignore",
        timeoutSeconds: 2,
        sideEffects: "NoneOnDryRun",
        admissionReviewVersions: ["v1"],
      });
  });

  test("names what the ledger looks at, and an address that the API server takes and the ledger answers", async () => {
    const rules = manifest?.webhooks.flatMap(({ rules: own }) => own);
    expect(rules).toEqual([
      {
        operations: ["CREATE"],
        apiGroups: [""],
        apiVersions: ["v1"],
        resources: ["pods", "pods/binding"],
        scope: "Namespaced",
      },
      {
        operations: ["UPDATE"],
        apiGroups: [""],
        apiVersions: ["v1"],
        resources: ["nodes"],
        scope: "Cluster",
      },
    ]);
    for (const { clientConfig } of manifest?.webhooks ?? []) {
      const url = new URL((clientConfig as { url: string }).url);
      expect([url.protocol, url.search, url.hash, url.username]).toEqual(["https:", "", "", ""]);
      const answer = await ask(review(binding("n2")), url.pathname.replace("aurora", "alpha"));
      expect(answer.statusCode).toBe(200);
    }
  });
});
