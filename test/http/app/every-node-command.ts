/** Scale requests, commands on maintenance and admission reviews, each answered in all the ways that it can be. */
import { binding, review } from "../../decisions/nodes/reviews.ts";
import type { Described } from "./described-app.ts";

const said = { actor: "Ann", reason: "a new power supply" };
const id = (n: number) => `00000000-0000-4000-8000-00000000a0${String(n).padStart(2, "0")}`;
const plan = { plannedFrom: "2026-04-15T13:00:00Z", plannedTo: "2026-04-15T15:00:00Z" };
const one = { cluster: "alpha", targets: { nodes: ["n5"] } };

/** Answers whose status is another than what was to be expected; none of a ledger that has the short history. */
export async function unexpectedNodeAnswers(
  ask: Described["ask"],
  settled: () => Promise<void>,
): Promise<string[]> {
  const wrong: string[] = [];
  const expectStatus = async (status: number, url: string, body?: object): Promise<void> => {
    await settled();
    const post = {
      method: "POST" as const,
      headers: { "content-type": "application/json" },
      payload: JSON.stringify(body),
    };
    const answer = await ask(url, body === undefined ? {} : post);
    if (answer.status !== status) wrong.push(`${url}: ${answer.status} ${answer.text}`);
  };
  const commissioned = { occurredAt: "2026-04-01T00:00:00Z", type: "NodeCommissioned" };
  await expectStatus(201, "/v1/events", {
    ...commissioned,
    id: id(9),
    data: { cluster: "alpha", node: "n5" },
  });
  await expectStatus(201, "/v1/nfz", {
    ...said,
    nfz: "no-maintenance",
    clusters: ["alpha"],
    scope: { nodes: ["n5"] },
    inFlight: "finish",
    occurrences: [{ to: "2026-04-17T00:00:00Z" }],
  });
  const scale = { ...said, cluster: "alpha", nodes: ["n[1-2]", "n9"], id: id(1) };
  await expectStatus(201, "/v1/scale-requests", scale);
  await expectStatus(200, "/v1/scale-requests", scale);
  await expectStatus(409, "/v1/scale-requests", { ...scale, nodes: ["n1"] });
  await expectStatus(400, "/v1/scale-requests", { ...said, cluster: "alpha" });
  await expectStatus(404, "/v1/scale-requests", { ...scale, cluster: "none", id: id(2) });
  const of = (command: string) => `/v1/maintenance/psu/${command}`;
  const announced = { ...said, ...one, ...plan, id: id(3) };
  await expectStatus(201, of("announce"), announced);
  await expectStatus(200, of("announce"), announced);
  const both = { cluster: "alpha", targets: { nodes: ["n5", "n9"] } };
  await expectStatus(207, of("announce"), { ...said, ...plan, ...both });
  await expectStatus(400, of("announce"), { ...said, ...one });
  await expectStatus(409, of("start"), { ...said, ...one });
  const overridden = { ...said, cluster: "alpha", role: "approver", id: id(4) };
  await expectStatus(201, of("start"), overridden);
  await expectStatus(200, of("start"), overridden);
  const mixed = { ...said, cluster: "alpha", targets: { nodes: ["n2", "n5"] } };
  await expectStatus(207, of("start"), mixed);
  await expectStatus(200, "/v1/nodes/alpha/n5/schedulable");
  await expectStatus(404, "/v1/nodes/none/n1/schedulable");
  for (const list of ["scale-holds", "maintenance/overdue"]) {
    await expectStatus(200, `/v1/${list}?at=2026-04-18T00:00:00Z`);
    await expectStatus(404, `/v1/${list}?cluster=none`);
  }
  await expectStatus(207, of("end"), { ...said, ...both });
  const end = { ...said, cluster: "alpha", id: id(5) };
  await expectStatus(201, of("end"), end);
  await expectStatus(200, of("end"), end);
  await expectStatus(404, of("end"), { ...said, cluster: "none" });
  for (const address of ["?cluster=alpha", "/alpha"]) {
    const url = `/integrations/kubernetes/admission${address}`;
    await expectStatus(200, url, review(binding("n2")));
    await expectStatus(400, url, {});
    await expectStatus(404, url.replace("alpha", "none"), review(binding("n2")));
  }
  return wrong;
}
