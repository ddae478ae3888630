/** Templates: text in which `{a.b}` stands for a member of what is observed, and `{a.b|text}` has a default. */

/** A text as it stands, or a path with its default. */
type Piece = string | { readonly path: readonly string[]; readonly otherwise: string };

const placeholder = /\{([^{}|]+)(?:\|([^{}]*))?\}/g;

/** Why a template is malformed, as the rest of a sentence; `null` if it is not. */
export function templateError(template: string): string | null {
  const rest = template.replaceAll(placeholder, "");
  return /[{}]/.test(rest)
    ? `must have each { closed by a }, with a name in between, such as {labels.instance} or {labels.rack|none}`
    : null;
}

function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(placeholder)) {
    const [whole, path = "", otherwise = ""] = match;
    pieces.push(template.slice(end, match.index), { path: pathOf(path), otherwise });
    end = match.index + whole.length;
  }
  pieces.push(template.slice(end));
  return pieces;
}

/** The steps of a path such as `metadata.labels.kubernetes\.io/hostname`: `\.` is a dot within a name. */
export function pathOf(text: string): string[] {
  return text.split(/(?<!\\)\./).map((step) => step.replaceAll("\\.", "."));
}

/** The template with every member of `observed` put in; a member that is missing or no plain value is its default. */
export function fillTemplate(template: string, observed: unknown): string {
  return piecesOf(template)
    .map((piece) =>
      typeof piece === "string" ? piece : textAt(observed, piece.path) || piece.otherwise,
    )
    .join("");
}

/** The text of a member; empty if it is missing or not a plain value. */
export function textAt(observed: unknown, path: readonly string[]): string {
  const value = memberAt(observed, path);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

export function memberAt(observed: unknown, path: readonly string[]): unknown {
  let value = observed;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
