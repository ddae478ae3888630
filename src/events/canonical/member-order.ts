/** Members of objects in the order of their canonical text. */

/** The value as its canonical text is parsed, in objects of its own: members in canonical order, which makes the text quick to write. */
export function inCanonicalOrder(value: unknown): unknown {
  // JSON has one zero.
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inCanonicalOrder);
  const ordered: Record<string, unknown> = {};
  const fields = value as Record<string, unknown>;
  for (const key of sorted(Object.keys(fields))) ordered[key] = inCanonicalOrder(fields[key]);
  return ordered;
}

/** Sorts in place: insertion is the quickest way for the few members of an event. */
function sorted(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? "";
    let at = i;
    for (let before = keys[at - 1]; at > 0 && before !== undefined && before > key;) {
      keys[at--] = before;
      before = keys[at - 1];
    }
    keys[at] = key;
  }
  return keys;
}
