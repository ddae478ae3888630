/** Verifies the proof of the page's event in the browser, and shows each step with its hashes. */
import type { Island } from "../page/island.ts";
import type { Proof, Step } from "./verify-proof.ts";
import { verifyProof } from "./verify-proof.ts";

export function start(element: HTMLElement): Island {
  if ((globalThis.crypto as Crypto | undefined)?.subtle === undefined) {
    element.replaceChildren(
      made(
        "p",
        "problem",
        "This address is not secure (neither HTTPS nor this machine), so the browser has no cryptography here. Verify the proof with the command line:",
      ),
    );
    return {};
  }
  const button = made("button", "", "Verify in this browser");
  button.type = "button";
  const verdict = made("p", "proof-verdict");
  verdict.setAttribute("role", "status");
  const list = made("ol", "proof-steps");
  element.replaceChildren(button, verdict, list);
  button.addEventListener("click", () => void verify());

  const verify = async () => {
    button.disabled = true;
    verdict.textContent = "Verifying …";
    list.replaceChildren();
    try {
      await show();
    } catch (error) {
      verdict.className = "proof-verdict bad";
      verdict.textContent = error instanceof Error ? error.message : String(error);
    }
    button.disabled = false;
    button.textContent = "Verify again";
  };

  const show = async () => {
    const { proof: address = "", event = "", key: name = "" } = element.dataset;
    const [proof, said, key] = await Promise.all([
      json<Proof>(address),
      json<object>(event),
      name === "" ? "" : text("/v1/audit/key"),
    ]);
    const steps = await verifyProof(said, proof, key.trim());
    list.replaceChildren(...steps.map(line));
    const last = steps.at(-1);
    const isGood = last?.failure === null;
    verdict.className = `proof-verdict ${isGood ? "good" : "bad"}`;
    verdict.textContent = !isGood
      ? `Not proven: it fails at the step "${last?.name}". ${last?.failure}`
      : key === ""
        ? `The hashes lead from this event to the root over ${count(proof.treeSize)} events. Nobody has signed that root: the ledger has no key.`
        : `Proven: this event is number ${count(proof.leafIndex + 1)} of the ${count(proof.treeSize)} events whose root is signed.`;
  };
  return {};
}

function line({ name, words, inputs, result, failure }: Step): HTMLElement {
  const item = made("li", failure === null ? "good" : "bad");
  const head = made("p", "proof-step");
  head.append(made("b", "", name), " ", made("span", "sub", words));
  item.append(head);
  for (const [side, hash] of inputs) item.append(hashLine(side, hash));
  if (result !== null) item.append(hashLine(name === "Root" ? "root" : "hash", result));
  if (failure !== null) item.append(made("p", "problem", failure));
  return item;
}

function hashLine(words: string, hash: string): HTMLElement {
  const row = made("p", "proof-hash");
  row.append(made("span", "sub", words), " ", made("code", "", hash));
  return row;
}

async function json<T>(address: string): Promise<T> {
  return JSON.parse(await text(address)) as T;
}

/** The answer, or an error in the words of its problem document. */
async function text(address: string): Promise<string> {
  const answer = await fetch(address, { cache: "no-store" });
  const body = await answer.text();
  if (answer.ok) return body;
  const problem = readProblem(body);
  throw new Error(
    problem === null
      ? `The ledger answered ${answer.status}.`
      : `${problem.title}: ${problem.detail}`,
  );
}

function readProblem(body: string): { readonly title: string; readonly detail: string } | null {
  try {
    return JSON.parse(body) as { readonly title: string; readonly detail: string };
  } catch {
    return null;
  }
}

function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  words = "",
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}

function count(value: number): string {
  return value.toLocaleString("en-GB");
}
