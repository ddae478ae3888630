/** One place at which two documents differ: its path and both values. */
export interface Difference {
  readonly path: string;
  readonly oracle: unknown;
  readonly document: unknown;
}

/** Objects whose keys are figures' names given by the events: none may be added. Others may carry further fields. */
const maps = /\.(byCause|byComponent|attribution|findings)$/;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first place at which a document says something else than the oracle; null if it agrees in every field of the oracle. */
export function firstDifference(oracle: unknown, document: unknown, path = ""): Difference | null {
  if (Array.isArray(oracle) && Array.isArray(document)) {
    const length = Math.max(oracle.length, document.length);
    for (let place = 0; place < length; place += 1) {
      const found = firstDifference(oracle[place], document[place], `${path}[${place}]`);
      if (found) return found;
    }
    return null;
  }
  if (isObject(oracle) && isObject(document)) {
    const keys = maps.test(path)
      ? [...new Set([...Object.keys(oracle), ...Object.keys(document)])]
      : Object.keys(oracle);
    for (const key of keys) {
      const [mine, theirs] = [oracle, document].map((side) =>
        Object.hasOwn(side, key) ? side[key] : undefined,
      );
      const found = firstDifference(mine, theirs, `${path}.${key}`);
      if (found) return found;
    }
    return null;
  }
  return Object.is(oracle, document) ? null : { path, oracle, document };
}
