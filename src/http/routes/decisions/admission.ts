/** `POST /integrations/kubernetes/admission`: the webhook that a Kubernetes API server asks before a pod is bound to a node. */
import { z } from "zod";
import { isReviewFault, readReview } from "../../../decisions/nodes/admission-review.ts";
import { type NamedCluster, admit } from "../../../decisions/nodes/admission.ts";
import type { Caller } from "../../../decisions/command/asked.ts";
import { answers } from "../../../answers/schemas.ts";
import { openAccess, seesCluster } from "../../../access/access.ts";
import { LedgerError } from "../../../errors.ts";
import { bodyText, payloadJson } from "../../bodies/payload-text.ts";
import { cluster } from "../../query/query.ts";
import { admissionAnswer } from "../../schemas/node-decisions.ts";
import type { Api, ApiRequest } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";

const path = "/integrations/kubernetes/admission";

const described = {
  tags: ["nodes"],
  description:
    "Takes an AdmissionReview of `admission.k8s.io/v1`, and looks at the binding of a pod to a node, at a pod that names its node, and at a node that is made schedulable again; all else is allowed. A denial is recorded as `NodeScaleDenied`, unless it is a dry run. docs/admission.md says how to install it.",
  response: answers("The review, answered.", admissionAnswer),
};

/** Reviews are read as payloads of sources are: the node in one may have many labels. */
export function admissionRoutes(app: Api, context: ApiContext): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    const api = scope as unknown as Api;
    api.post(
      path,
      {
        schema: {
          operationId: "reviewAdmission",
          summary: "Admit pods onto nodes, as a Kubernetes validating webhook",
          querystring: z.strictObject({ cluster, timeout }),
          ...described,
        },
      },
      (request) =>
        review(context, request, { cluster: request.query.cluster, path: "/query/cluster" }),
    );
    api.post(
      `${path}/:cluster`,
      {
        schema: {
          operationId: "reviewAdmissionInCluster",
          summary: "The same, with the cluster in the path: a webhook's address has no query",
          params: z.strictObject({ cluster }),
          querystring: z.strictObject({ timeout }),
          ...described,
        },
      },
      (request) =>
        review(context, request, { cluster: request.params.cluster, path: "/path/cluster" }),
    );
  });
}

/** The API server adds it to whatever address is configured. */
const timeout = z.string().max(64).optional().describe("How long the API server waits.");

async function review(context: ApiContext, request: ApiRequest, named: NamedCluster) {
  const { bodies, deciding, exemptNamespaces } = context;
  const read = readReview(payloadJson(await bodyText(bodies, request)), exemptNamespaces);
  if (isReviewFault(read)) {
    const detail = `The body is no AdmissionReview: ${`${read.path} ${read.message}`.trim()}.`;
    throw new LedgerError("invalid-request", detail, { errors: [read] });
  }
  return await admit(deciding, callerOf(request), named, read);
}

/** The key's name; where nobody needs a key, what asks. */
function callerOf({ access }: ApiRequest): Caller {
  const given = access ?? openAccess;
  const sees = { has: (name: string) => seesCluster(given, name) };
  return {
    actor: given.name ?? "kubernetes-admission",
    roles: given.roles,
    clusters: given.clusters === null ? null : sees,
  };
}
