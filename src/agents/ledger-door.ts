/** The door of a ledger through which an agent tells what it sees. */
import { agentRequestMs } from "../limits/agents.ts";

export interface AgentOptions {
  /** The ledger's address, without a trailing slash. */
  readonly ledger: string;
  /** The key, read anew for each request, since it may be rotated; `null` where the ledger needs none. */
  readonly key: () => Promise<string | null>;
  /** The name of the source in the ledger's configuration. */
  readonly source: string;
  readonly say: (line: string) => void;
  /** Ends the agent. */
  readonly signal: AbortSignal;
}

/** Whether something came through: `refused` will be refused again, `later` has to be sent again. */
type Delivery = "taken" | "refused" | "later";

export class LedgerDoor {
  readonly #options: AgentOptions;
  #wasAway = false;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  async send(body: string, contentType: string): Promise<Delivery> {
    return await this.#post("", body, contentType);
  }

  async beat(): Promise<Delivery> {
    return await this.#post("/heartbeat", null, null);
  }

  /** Says what goes wrong once, and once that it is well again. */
  async #post(path: string, body: string | null, contentType: string | null): Promise<Delivery> {
    const { ledger, source, signal, say } = this.#options;
    const address = `${ledger}/v1/sources/${encodeURIComponent(source)}${path}`;
    try {
      const key = await this.#options.key();
      const answer = await fetch(address, {
        method: "POST",
        headers: {
          ...(contentType === null ? {} : { "content-type": contentType }),
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(agentRequestMs)]),
      });
      const text = await answer.text();
      if (answer.ok) {
        if (this.#wasAway) say(`the ledger at ${ledger} takes payloads again`);
        this.#wasAway = false;
        return "taken";
      }
      const isForLater = answer.status >= 500 || answer.status === 429 || answer.status === 401;
      if (!isForLater || !this.#wasAway)
        say(`the ledger answers ${answer.status}: ${text.slice(0, 500)}`);
      this.#wasAway ||= isForLater;
      return isForLater ? "later" : "refused";
    } catch (error) {
      if (signal.aborted) return "later";
      if (!this.#wasAway) say(`the ledger at ${ledger} cannot be reached: ${wordsOf(error)}`);
      this.#wasAway = true;
      return "later";
    }
  }
}

/** What an error of `fetch` says, with its cause. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
