/** What the ledger answered to a command: recorded, or refused with a problem document. */

interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly sequence: number | null;
}

export interface Recorded {
  readonly outcome: string;
  readonly state: string | null;
  readonly sequence: number;
  readonly events: readonly RecordedEvent[];
  readonly leftOut: readonly string[];
}

export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly because: string | null;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  /** What recorded the refusal. */
  readonly event: RecordedEvent | null;
  readonly sequence: number | null;
}

type Answer =
  | { readonly kind: "recorded"; readonly recorded: Recorded }
  | { readonly kind: "refused"; readonly problem: Problem }
  /** No answer came: whether it was recorded is not known, and the same command may be sent again. */
  | { readonly kind: "unanswered"; readonly why: string };

interface Body {
  readonly outcome?: string;
  readonly state?: string;
  readonly asOf?: { readonly sequence: number };
  readonly event?: RecordedEvent | null;
  readonly further?: readonly RecordedEvent[];
  readonly clusters?: readonly { readonly event?: RecordedEvent | null }[];
  readonly leftOut?: readonly string[];
  /** Of a fact, which is one event. */
  readonly status?: string;
  readonly id?: string;
  readonly sequence?: number | null;
}

/** Sends the body as JSON; a command that is sent twice under one key is decided once. */
export async function send(address: string, body: object, key: string): Promise<Answer> {
  let answer: Response;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body),
    });
  } catch (error) {
    return { kind: "unanswered", why: error instanceof Error ? error.message : String(error) };
  }
  if (!answer.ok) return { kind: "refused", problem: await problemOf(answer) };
  return { kind: "recorded", recorded: recordedOf((await answer.json()) as Body) };
}

/** What a declaration would come to; the browser shows what the ledger says. */
export async function ask<T>(address: string, body: object): Promise<T | Problem> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.ok ? ((await answer.json()) as T) : await problemOf(answer);
}

async function problemOf(answer: Response): Promise<Problem> {
  const isProblem = answer.headers.get("content-type")?.includes("json") === true;
  const body = isProblem ? ((await answer.json()) as Partial<Problem> & Body) : {};
  const { title = `The ledger answered ${answer.status}`, detail = "", code = "" } = body;
  return {
    title,
    detail,
    code,
    because: body.because ?? null,
    errors: body.errors ?? [],
    event: body.event ?? null,
    sequence: body.asOf?.sequence ?? null,
  };
}

function recordedOf(body: Body): Recorded {
  const { id, sequence = null, status } = body;
  const events = [
    ...(id === undefined ? [] : [{ id, type: "Event", sequence }]),
    body.event,
    ...(body.further ?? []),
    ...(body.clusters ?? []).map(({ event }) => event),
  ];
  return {
    outcome: body.outcome ?? (status === "duplicate" ? "repeated" : "appended"),
    state: body.state ?? null,
    sequence: body.asOf?.sequence ?? sequence ?? 0,
    events: events.filter((event) => event !== null && event !== undefined),
    leftOut: body.leftOut ?? [],
  };
}
