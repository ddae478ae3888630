/**
 * Admission reviews in the form in which a Kubernetes API server sends them, `admission.k8s.io/v1`:
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
 */
import { randomUUID } from "node:crypto";

const userInfo = { username: "system:kube-scheduler", groups: ["system:authenticated"] };
const pods = { group: "", version: "v1", resource: "pods" };

export function review(
  request: object,
  { uid = randomUUID(), dryRun = false }: { uid?: string; dryRun?: boolean } = {},
) {
  return {
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      uid,
      dryRun,
      userInfo,
      options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1" },
      ...request,
    },
  };
}

/** The scheduler binds a pod. */
export function binding(node: string, namespace = "training") {
  return {
    kind: { group: "", version: "v1", kind: "Binding" },
    resource: pods,
    subResource: "binding",
    requestKind: { group: "", version: "v1", kind: "Binding" },
    requestResource: pods,
    requestSubResource: "binding",
    name: "worker-0",
    namespace,
    operation: "CREATE",
    object: {
      kind: "Binding",
      apiVersion: "v1",
      metadata: { name: "worker-0", namespace, uid: "5f8b6d3e-0000-4000-8000-000000000001" },
      target: { kind: "Node", name: node },
    },
    oldObject: null,
  };
}

interface PodOptions {
  readonly nodeName?: string;
  readonly namespace?: string;
  readonly owner?: string;
  readonly mirror?: boolean;
}

export function pod({ nodeName, namespace = "training", owner, mirror = false }: PodOptions) {
  const owners = [{ apiVersion: "apps/v1", kind: owner, name: "of", uid: "u", controller: true }];
  return {
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: pods,
    name: "worker-0",
    namespace,
    operation: "CREATE",
    object: {
      kind: "Pod",
      apiVersion: "v1",
      metadata: {
        name: "worker-0",
        namespace,
        ...(owner === undefined ? {} : { ownerReferences: owners }),
        ...(mirror ? { annotations: { "kubernetes.io/config.mirror": "5e1f" } } : {}),
      },
      spec: {
        containers: [{ name: "main", image: "registry.example/train:1" }],
        ...(nodeName === undefined ? {} : { nodeName }),
      },
    },
    oldObject: null,
  };
}

/** `kubectl cordon` and `uncordon`; a node without the member is schedulable. */
export function nodeUpdate(node: string, was: boolean, is: boolean) {
  const object = (unschedulable: boolean) => ({
    kind: "Node",
    apiVersion: "v1",
    metadata: { name: node, labels: { "kubernetes.io/hostname": node } },
    spec: { providerID: "x", ...(unschedulable ? { unschedulable } : {}) },
  });
  return {
    kind: { group: "", version: "v1", kind: "Node" },
    resource: { group: "", version: "v1", resource: "nodes" },
    name: node,
    operation: "UPDATE",
    object: object(is),
    oldObject: object(was),
  };
}
