/** What a reader sees of a page. */

/** The text of a page, roughly: without tags, scripts and what only pointing shows; blanks that do not break are ordinary ones. */
export function textOf(page: string): string {
  return page
    .replaceAll("\u00a0", " ")
    .replaceAll(/<(script|style|title|noscript)[^>]*>[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

/** The part of a page that is one panel. */
export function panelOf(page: string, id: string): string {
  const [, rest = ""] = page.split(`data-fragment="${id}"`);
  return rest.split("data-fragment=")[0] ?? "";
}
