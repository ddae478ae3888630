/** Every command on no-fly zones and every read of them, each answered in all the ways that it can be. */
import type { Described } from "./described-app.ts";

const said = { actor: "Ann", reason: "year end" };
const window = { from: "2026-04-20T00:00:00Z", to: "2026-04-21T00:00:00Z" };
const declaration = {
  ...said,
  nfz: "walked",
  clusters: "all",
  inFlight: "pause",
  occurrences: [{ to: "2026-04-17T00:00:00Z" }, window],
};
const changes = [
  ["extend", { occurrence: window.from, to: "2026-04-23T00:00:00Z" }],
  ["shorten", { occurrence: window.from, to: "2026-04-22T00:00:00Z" }],
  ["skip", { occurrence: window.from }],
  ["lift", {}],
  ["cancel", {}],
] as const;

/** Answers whose status is another than what was to be expected; none of a ledger that has the short history. */
export async function unexpectedNfzAnswers(
  ask: Described["ask"],
  settled: () => Promise<void>,
): Promise<string[]> {
  const wrong: string[] = [];
  const expectStatus = async (status: number, url: string, body?: object): Promise<void> => {
    const post = {
      method: "POST" as const,
      headers: { "content-type": "application/json" },
      payload: JSON.stringify(body),
    };
    const answer = await ask(url, body === undefined ? {} : post);
    if (answer.status !== status) wrong.push(`${url}: ${answer.status} ${answer.text}`);
  };
  const named = { ...declaration, id: "00000000-0000-4000-8000-00000000f0de" };
  await expectStatus(200, "/v1/nfz/preview", declaration);
  await expectStatus(201, "/v1/nfz", named);
  await expectStatus(200, "/v1/nfz", named);
  await expectStatus(409, "/v1/nfz", declaration);
  await expectStatus(409, "/v1/nfz/preview", declaration);
  await settled();
  for (const url of ["/v1/nfz/walked", "/v1/nfz/at?cluster=alpha&node=n1", "/v1/nfz.ics"])
    await expectStatus(200, url);
  for (const [i, [word, change]] of changes.entries()) {
    const body = { ...said, ...change };
    const withId = { ...body, id: `00000000-0000-4000-8000-0000000000f${i}` };
    await expectStatus(201, `/v1/nfz/walked/${word}`, withId);
    await expectStatus(200, `/v1/nfz/walked/${word}`, withId);
    await expectStatus(404, `/v1/nfz/none/${word}`, body);
  }
  const asked = "/v1/nfz/what-if?cluster=alpha&period=2026-03";
  await expectStatus(200, asked, { nfzs: [] });
  const { id: _id, actor: _actor, ...hypothesis } = { id: "", ...declaration };
  const declaredAt = "2026-03-01T00:00:00Z";
  await expectStatus(200, asked, { nfzs: [{ ...hypothesis, declaredAt }] });
  await expectStatus(400, asked, { nfzs: [{}] });
  for (const url of ["/v1/nfz/none", "/v1/nfz/at?cluster=none", "/v1/nfz.ics?cluster=none"])
    await expectStatus(404, url);
  return wrong;
}
