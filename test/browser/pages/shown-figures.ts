/** The figures that a page shows, and what the interface answers at the same position. */
import type { Page } from "playwright-core";

export interface ShownFigure {
  readonly source: string;
  readonly path: string;
  readonly raw: string;
  readonly asOf: string;
}

/** Runs in the page. */
function collect(): {
  readonly at: string;
  readonly figures: ShownFigure[];
  readonly homeless: string[];
} {
  const figures: ShownFigure[] = [];
  const homeless: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>("[data-figure]")) {
    const source = element.closest<HTMLElement>("[data-source]")?.dataset["source"];
    const { figure = "", raw = "", asOf = "" } = element.dataset;
    if (source === undefined) homeless.push(figure);
    else figures.push({ source, path: figure, raw, asOf });
  }
  return { at: document.documentElement.dataset["at"] ?? "", figures, homeless };
}

/** Addresses that answer about an instant, too. */
const aboutInstants = /^\/v1\/((nodes|faults|nfz(?!\/cost)|rollouts|impact|clusters)\b|jobs$)/;

/** How each figure of the page differs from what its source answers at the page's position and instant; none if all agree. */
export async function differences(page: Page, origin: string): Promise<string[]> {
  const { at, figures, homeless } = await page.evaluate(collect);
  const found = homeless.map((path) => `${path} has no source`);
  const answers = new Map<string, unknown>();
  for (const { source, path, raw, asOf } of figures) {
    const address = new URL(source, origin);
    // What a process has heard of its sources is at no position.
    if (address.pathname !== "/v1/sources") address.searchParams.set("asOf", asOf);
    if (aboutInstants.test(address.pathname)) {
      address.searchParams.set("at", new Date(Number(at)).toISOString());
    }
    let answer = answers.get(address.href);
    if (answer === undefined) {
      const response = await fetch(address, { headers: { accept: "application/json" } });
      answer = response.ok ? await response.json() : { failed: await response.text() };
      answers.set(address.href, answer);
    }
    const value = path
      .split(".")
      .reduce<unknown>(
        (part, name) => (part as Record<string, unknown> | undefined)?.[name],
        answer,
      );
    if (String(value) !== raw)
      found.push(`${path}: ${raw} on the page, ${String(value)} from ${address.href}`);
  }
  if (figures.length === 0) found.push("the page shows no figure");
  return found;
}
