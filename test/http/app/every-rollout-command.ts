/** Every command on rollouts, each answered in all the ways that it can be. */
import type { Described } from "./described-app.ts";

const said = { actor: "Ann", reason: "the fix is urgent" };
const submission = (rollout: string) => ({
  ...said,
  rollout,
  cluster: "alpha",
  updates: [{ component: "driver", version: "3" }],
  impact: { kind: "impactless" },
  urgency: "security",
});
const inAnHour = "2026-04-15T13:00:00Z";

interface Step {
  readonly rollout: string;
  readonly command: string;
  readonly body?: object;
}

/** In this order each of them appends: `freeze` is in force when the first one asks to start. */
const steps: readonly Step[] = [
  { rollout: "w1", command: "overrides", body: { role: "approver", expiresAt: inAnHour } },
  { rollout: "w1", command: "start" },
  { rollout: "w1", command: "pause" },
  { rollout: "w1", command: "resume" },
  { rollout: "w1", command: "progress", body: { nodesDone: 2, nodesTotal: 2, nodes: ["n[1-2]"] } },
  { rollout: "w1", command: "verify" },
  { rollout: "w1", command: "complete" },
  { rollout: "w2", command: "cancel" },
  { rollout: "w3", command: "overrides", body: { role: "approver", expiresAt: inAnHour } },
  { rollout: "w3", command: "start" },
  { rollout: "w3", command: "fail" },
  { rollout: "w4", command: "overrides", body: { role: "approver", expiresAt: inAnHour } },
  { rollout: "w4", command: "start" },
  { rollout: "w4", command: "roll-back" },
  { rollout: "w5", command: "supersede", body: { supersededBy: "w6" } },
];

/** Answers whose status is another than what was to be expected; none of a ledger that has the short history. */
export async function unexpectedRolloutAnswers(ask: Described["ask"]): Promise<string[]> {
  const wrong: string[] = [];
  const post = async (status: number, url: string, body: object): Promise<unknown> => {
    const headers = { "content-type": "application/json" };
    const answer = await ask(url, { method: "POST", headers, payload: JSON.stringify(body) });
    if (answer.status !== status) wrong.push(`${url}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  let ids = 0;
  /** Appends, is asked again, and is refused for a rollout that is not there. */
  const thrice = async ({ rollout, command, body = {} }: Step): Promise<unknown> => {
    const id = `00000000-0000-4000-8000-0000000${String(10_000 + ids++)}`;
    const asked = { ...said, ...body, id };
    const first = await post(201, `/v1/rollouts/${rollout}/${command}`, asked);
    await post(200, `/v1/rollouts/${rollout}/${command}`, asked);
    await post(404, `/v1/rollouts/none/${command}`, { ...said, ...body });
    return first;
  };
  const named = { ...submission("w1"), id: "00000000-0000-4000-8000-00000000abcd" };
  await post(201, "/v1/rollouts", named);
  await post(200, "/v1/rollouts", named);
  await post(409, "/v1/rollouts", submission("w1"));
  for (const rollout of ["w2", "w3", "w4", "w5", "w6"])
    await post(201, "/v1/rollouts", submission(rollout));
  await post(409, "/v1/rollouts/w1/start", said);
  await post(409, "/v1/rollouts/w1/verify", said);
  await post(422, "/v1/rollouts/w5/supersede", { ...said, supersededBy: "w5" });
  for (const step of steps) await thrice(step);
  const granted = await thrice({
    rollout: "w6",
    command: "overrides",
    body: { role: "approver", expiresAt: inAnHour },
  });
  const { event } = granted as { readonly event: { readonly id: string } };
  await thrice({ rollout: "w6", command: `overrides/${event.id}/revoke` });
  await post(403, "/v1/rollouts/w6/overrides", { ...said, role: "janitor", expiresAt: inAnHour });
  const coTest = { ...said, coTest: "night", outcome: "passed", rollouts: ["w1", "w6"] };
  const once = { ...coTest, id: "00000000-0000-4000-8000-00000000abce" };
  await post(201, "/v1/co-tests", once);
  await post(200, "/v1/co-tests", once);
  await post(400, "/v1/co-tests", { ...coTest, outcome: "unsure" });
  return wrong;
}
