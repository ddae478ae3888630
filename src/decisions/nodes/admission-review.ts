/**
 * Reviews of the Kubernetes admission API, `admission.k8s.io/v1`: what a request asks of a node, and how it is answered.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
import { text } from "../../events/fields/fields.ts";

type Json = Readonly<Record<string, unknown>>;

/** A question about a node. */
export interface AdmissionQuestion {
  readonly node: string;
  /** `uncordon`: a node is made schedulable again; its own cordon cannot be what forbids that. */
  readonly asks: "schedule" | "uncordon";
}

export interface AdmissionReview {
  readonly uid: string;
  /** Nothing that it asks may be recorded. */
  readonly isDryRun: boolean;
  /** `null` if it is allowed without a look at any node. */
  readonly question: AdmissionQuestion | null;
}

export interface AdmissionAnswer {
  readonly apiVersion: string;
  readonly kind: string;
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
    readonly warnings?: readonly string[];
  };
}

const reviewVersion = "admission.k8s.io/v1";
const reviewKind = "AdmissionReview";

/** What is wrong with a text that is no review, as a JSON pointer and words. */
interface ReviewFault {
  readonly path: string;
  readonly message: string;
}

/** Pods in the exempt namespaces are allowed without a look. */
export function readReview(
  body: unknown,
  exemptNamespaces: ReadonlySet<string>,
): AdmissionReview | ReviewFault {
  if (!isObject(body)) return { path: "", message: "must be an object" };
  const { apiVersion, kind, request } = body;
  if (apiVersion !== reviewVersion)
    return { path: "/apiVersion", message: `must be ${reviewVersion}` };
  if (kind !== reviewKind) return { path: "/kind", message: `must be ${reviewKind}` };
  if (!isObject(request)) return { path: "/request", message: "must be an object" };
  const uid = textOf(request, "uid");
  if (!text.safeParse(uid).success)
    return { path: "/request/uid", message: "must be a text of at most 256 characters" };
  if (textOf(request, "operation") === "")
    return { path: "/request/operation", message: "must be a text" };
  if (textOf(request, "resource", "resource") === "")
    return { path: "/request/resource/resource", message: "must be a text" };
  return {
    uid,
    isDryRun: request["dryRun"] === true,
    question: questionOf(request, exemptNamespaces),
  };
}

export function isReviewFault(read: AdmissionReview | ReviewFault): read is ReviewFault {
  return "message" in read;
}

function questionOf(request: Json, exempt: ReadonlySet<string>): AdmissionQuestion | null {
  const operation = textOf(request, "operation");
  const isCore = textOf(request, "resource", "group") === "";
  const resource = isCore ? textOf(request, "resource", "resource") : "";
  const subResource = textOf(request, "subResource");
  const object = memberOf(request, "object");
  if (resource === "pods" && operation === "CREATE") {
    const namespace = textOf(request, "namespace") || textOf(object, "metadata", "namespace");
    if (exempt.has(namespace)) return null;
    if (subResource === "binding") return scheduling(textOf(object, "target", "name"));
    if (subResource !== "" || isBoundToItsNode(object)) return null;
    return scheduling(textOf(object, "spec", "nodeName"));
  }
  if (resource === "nodes" && operation === "UPDATE" && subResource === "") {
    const was = memberOf(memberOf(memberOf(request, "oldObject"), "spec"), "unschedulable");
    const is = memberOf(memberOf(object, "spec"), "unschedulable");
    if (was !== true || is === true) return null;
    const node = textOf(request, "name") || textOf(object, "metadata", "name");
    return node === "" ? null : { node, asks: "uncordon" };
  }
  return null;
}

function scheduling(node: string): AdmissionQuestion | null {
  return node === "" ? null : { node, asks: "schedule" };
}

/** Pods of a DaemonSet run on every node whatever its state, and mirror pods only show what a kubelet runs already. */
function isBoundToItsNode(pod: unknown): boolean {
  const metadata = memberOf(pod, "metadata");
  const owners = memberOf(metadata, "ownerReferences");
  const isOfDaemonSet =
    Array.isArray(owners) && owners.some((each) => textOf(each, "kind") === "DaemonSet");
  return isOfDaemonSet || textOf(metadata, "annotations", "kubernetes.io/config.mirror") !== "";
}

export function reviewAnswer(
  uid: string,
  denial: string | null,
  warnings: readonly string[] = [],
): AdmissionAnswer {
  return {
    apiVersion: reviewVersion,
    kind: reviewKind,
    response: {
      uid,
      allowed: denial === null,
      ...(denial === null ? {} : { status: { code: 403, reason: "Forbidden", message: denial } }),
      ...(warnings.length === 0 ? {} : { warnings }),
    },
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The text at a path; empty if there is none. */
function textOf(value: unknown, ...path: readonly string[]): string {
  const found = path.reduce(memberOf, value);
  return typeof found === "string" ? found : "";
}
