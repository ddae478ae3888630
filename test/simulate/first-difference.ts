/**
 * The first path at which a document differs from the books, with both values; `null` if it has
 * everything that the books have. Fields that only the document has are passed over.
 */
export function firstDifference(document: unknown, books: unknown, path = ""): string | null {
  if (Array.isArray(books)) {
    if (!Array.isArray(document)) return told(path, document, books);
    if (document.length !== books.length) {
      return `${path}/length: ${told(path, document, books)}`;
    }
  }
  if (typeof books !== "object" || books === null) {
    return Object.is(document, books) ? null : told(path, document, books);
  }
  if (typeof document !== "object" || document === null) return told(path, document, books);
  const theirs = new Map(Object.entries(document));
  const ours = Object.entries(books);
  // Records by cause, component or kind must not have more than the books either.
  if (/\/(byCause|byComponent|attribution)$/.test(path) && theirs.size !== ours.length) {
    return told(path, document, books);
  }
  for (const [key, value] of ours) {
    const found = firstDifference(theirs.get(key), value, `${path}/${key}`);
    if (found !== null) return found;
  }
  return null;
}

function told(path: string, document: unknown, books: unknown): string {
  return `${path}: document ${JSON.stringify(document)}, books ${JSON.stringify(books)}`;
}
