/**
 * Lists and watches of nodes, taken in parts while they arrive: memory is that of one part, whatever the list. What was
 * appended before a fault of the form stays, and sending the list again doubles nothing.
 */
import type { Readable } from "node:stream";
import { LedgerError } from "../../../errors.ts";
import { maxListedBytes, maxNodeListBytes, nodesPerPart } from "../../../limits/sources.ts";
import { type Answer, addAnswers } from "../../../sources/intake/answer.ts";
import type { BodyIntake } from "../../bodies/body-intake.ts";
import { bodyParts } from "../../bodies/body-reading.ts";
import { ListItems } from "../../bodies/list-items.ts";
import { LineSplitter } from "../../bodies/ndjson-lines.ts";
import type { ApiRequest } from "../../server/api.ts";
import { payloadJson } from "../../bodies/payload-text.ts";
import { lineTypes, mediaTypeOf } from "./payload-body.ts";

type TakePart = (body: unknown) => Promise<Answer>;

/** Throws `too-large`, `malformed-json`, and what `take` throws. */
export async function takeNodeList(
  bodies: BodyIntake,
  request: ApiRequest,
  take: TakePart,
): Promise<Answer> {
  const isWatch = lineTypes.includes(mediaTypeOf(request));
  const parts = new NodeParts(take, isWatch);
  if (request.body === undefined || request.body === null)
    throw new LedgerError("invalid-request", "The request has no body.");
  const source = bodyParts(bodies, request.raw, request.body as Readable);
  const lines = new LineSplitter(maxListedBytes);
  const items = new ListItems(maxListedBytes);
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxNodeListBytes)
      throw new LedgerError("too-large", `The list is larger than ${maxNodeListBytes} bytes.`);
    const found = isWatch ? linesIn(lines.push(chunk)) : items.push(chunk);
    for (const each of found) await parts.add(payloadJson(textOf(each)));
    source.done(chunk.length);
  }
  if (isWatch) {
    for (const each of linesIn(lines.end())) await parts.add(payloadJson(textOf(each)));
    return await parts.finish(null);
  }
  return await parts.finish(payloadJson(textOf(items.end())));
}

function linesIn(lines: readonly { readonly content: Buffer | string | null }[]) {
  return lines.map(({ content }) => {
    if (content !== null) return content;
    throw new LedgerError("too-large", `A line is larger than ${maxListedBytes} bytes.`);
  });
}

function textOf(bytes: Buffer | string): string {
  return typeof bytes === "string" ? bytes : bytes.toString("utf8");
}

class NodeParts {
  readonly #take: TakePart;
  readonly #isWatch: boolean;
  #waiting: unknown[] = [];
  #taken = 0;
  #answer: Answer | null = null;

  constructor(take: TakePart, isWatch: boolean) {
    this.#take = take;
    this.#isWatch = isWatch;
  }

  async add(node: unknown): Promise<void> {
    this.#waiting.push(node);
    if (this.#waiting.length >= nodesPerPart) await this.#flush();
  }

  /** `shell` is the list without its items, or the body itself where it is no list. */
  async finish(shell: unknown): Promise<Answer> {
    if (this.#waiting.length > 0) await this.#flush();
    if (this.#answer !== null) return this.#answer;
    return await this.#take(this.#isWatch ? [] : shell);
  }

  async #flush(): Promise<void> {
    const nodes = this.#waiting;
    this.#waiting = [];
    const body = this.#isWatch ? nodes : { kind: "NodeList", items: nodes };
    const answer = await this.#take(body);
    this.#answer = addAnswers(this.#answer, answer, (path) => this.#shifted(path));
    this.#taken += nodes.length;
  }

  /** A path into a part, as one into the whole. */
  #shifted(path: string): string {
    return path.replace(/^(\/items)?\/(\d+)/, (_, list: string | undefined, index: string) => {
      return `${list ?? ""}/${Number(index) + this.#taken}`;
    });
  }
}
