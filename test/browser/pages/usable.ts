/** What keeps a page from being used by everybody: rules of accessibility, width, targets for fingers. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

/** What axe finds, in words. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then((all) => all.violations)",
  )) as readonly Violation[];
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help}: ${JSON.stringify(target)} ${failureSummary ?? ""}`,
    ),
  );
}

/**
 * Controls that a finger would miss: lower or narrower than 44 pixels. Links within a sentence have its line's height, and what is drawn has a
 * list beside it.
 */
function tooSmall(): string[] {
  const controls = "button, select, input, summary, nav a, table a, .tools a";
  const small: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>(controls)) {
    if (element.matches("[type=hidden], [disabled]") || element.closest("svg, .skip") !== null)
      continue;
    const target = element.matches("[type=checkbox], [type=radio]")
      ? (element.closest("label") ?? element)
      : element;
    const { width, height } = target.getBoundingClientRect();
    const isShown = width > 1 && height > 1 && getComputedStyle(element).visibility === "visible";
    if (!isShown || (Math.round(height) >= 44 && Math.round(width) >= 44)) continue;
    small.push(
      `${element.tagName} ${element.className} "${element.textContent?.trim().slice(0, 30)}" ${Math.round(width)} × ${Math.round(height)}`,
    );
  }
  return small;
}

/** How far the page scrolls sideways, in pixels. */
const sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** In both themes, on a wide screen and on a phone. */
export const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  [1_440, 390].map((width) => ({ colorScheme, width })),
);

export type Look = (typeof looks)[number];

/** How a browser is set up for a look. The page's own policy would keep the checker out. */
export function visitOf({ colorScheme, width }: Look) {
  return {
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: "reduce",
    bypassCSP: true,
    hasTouch: width === 390,
    isMobile: width === 390,
  } as const;
}

/** Why the page as it stands cannot be used by everybody; nothing if it can. */
export async function hurdles(page: Page, { colorScheme, width }: Look): Promise<string[]> {
  const beyond = await page.evaluate<number>(sideways);
  const small = width === 390 ? await page.evaluate(tooSmall) : [];
  const found = [
    ...(beyond > 0 ? [`it scrolls sideways by ${beyond} px`] : []),
    ...small.map((each) => `too small for a finger: ${each}`),
    ...(await violations(page)),
  ];
  return found.map((each) => `${colorScheme}, ${width} px: ${each}`);
}
