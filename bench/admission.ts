/**
 * Whether nodes may be scaled onto, through HTTP, on the fleet of `waiting-fleet.ts`: admission reviews as a Kubernetes API
 * server sends them, single nodes, the largest scale request and the largest commands on maintenance.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatLatencies } from "./latency.ts";
import { serveLedger } from "./served-ledger.ts";
import { fillWaitingFleet, waitingFleet } from "./waiting-fleet.ts";

/** Of a review; an API server waits for two seconds at most. */
const reviewAimMicros = 20_000;
const aimMicros = 200_000;

const said = { actor: "bench", reason: "measured", cluster: "c" };

async function timed(url: string, body: object | null, status: number): Promise<number> {
  const begin = performance.now();
  const answer = await fetch(
    url,
    body === null
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        },
  );
  await answer.arrayBuffer();
  if (answer.status !== status) throw new Error(`${url} was answered ${answer.status}`);
  return (performance.now() - begin) * 1_000;
}

function nodeAt(i: number): string {
  return `n${String((i * 37) % waitingFleet.nodes).padStart(5, "0")}`;
}

function review(node: string): object {
  return {
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      uid: crypto.randomUUID(),
      kind: { group: "", version: "v1", kind: "Binding" },
      resource: { group: "", version: "v1", resource: "pods" },
      subResource: "binding",
      name: "worker-0",
      namespace: "training",
      operation: "CREATE",
      object: { kind: "Binding", apiVersion: "v1", target: { kind: "Node", name: node } },
      dryRun: false,
    },
  };
}

async function several(count: number, ask: (i: number) => Promise<number>): Promise<number[]> {
  const micros: number[] = [];
  for (let i = 0; i < count; i++) micros.push(await ask(i));
  return micros;
}

async function benchAdmission(): Promise<string> {
  const { values } = parseArgs({ options: { asks: { type: "string", default: "500" } } });
  const asks = Number(values.asks);
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-"));
  try {
    const path = join(folder, "admission.sqlite");
    await fillWaitingFleet(path);
    const served = await serveLedger(path, ["--rates", "writes=1000000,reads=1000000"]);
    const { url } = served;
    const admission = `${url}/integrations/kubernetes/admission/c`;
    const asked = (i: number) => timed(admission, review(nodeAt(i)), 200);
    await several(20, asked);
    const allowed = await several(asks, asked);
    const now = Date.now();
    const plan = {
      plannedFrom: new Date(now + 1_800_000).toISOString(),
      plannedTo: new Date(now + 7_200_000).toISOString(),
    };
    const maintenance = { ...said, targets: {} };
    const announced = await timed(
      `${url}/v1/maintenance/m/announce`,
      { ...maintenance, ...plan },
      201,
    );
    const denied = await several(asks, asked);
    const one = await several(asks, (i) =>
      timed(`${url}/v1/nodes/c/${nodeAt(i)}/schedulable`, null, 200),
    );
    const nodes = ["n[00000-04999]"];
    const scaled = await several(3, () =>
      timed(`${url}/v1/scale-requests`, { ...said, nodes }, 201),
    );
    const refused = await timed(`${url}/v1/maintenance/m/start`, maintenance, 409);
    const holds = await several(20, () => timed(`${url}/v1/scale-holds?cluster=c`, null, 200));
    const overdue = await several(20, () => timed(`${url}/v1/maintenance/overdue`, null, 200));
    await served.stop();
    return formatLatencies(`Scaling onto ${waitingFleet.nodes} nodes, through HTTP`, [
      { name: "a review that is allowed", micros: allowed, aim: reviewAimMicros },
      { name: "a review that is denied, recorded", micros: denied, aim: reviewAimMicros },
      { name: "a node's schedulable", micros: one, aim: reviewAimMicros },
      { name: "a page of scale holds", micros: holds, aim: aimMicros },
      { name: "overdue maintenance", micros: overdue, aim: aimMicros },
      { name: "a scale request of 5,000 nodes", micros: scaled },
      { name: "10,000 nodes announced", micros: [announced] },
      { name: "10,000 nodes refused by zones", micros: [refused] },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) process.stdout.write(`${await benchAdmission()}\n`);
