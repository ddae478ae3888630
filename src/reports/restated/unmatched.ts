/** What one document has and another lacks or has with another value; parts that are equal are skipped. */
import type { Steps } from "../../turns.ts";
import {
  identitiesOf,
  isIdList,
  isList,
  isMembers,
  isRecord,
  notFigures,
} from "./document-figures.ts";
import type { Json, JsonRecord } from "./document-figures.ts";

/** How many parts are compared in one step. */
const partsPerStep = 500;

interface UnmatchedFigure {
  readonly figure: string;
  readonly own: Json;
  /** `undefined` if the other document does not have the figure. */
  readonly other: Json | undefined;
}

export class Unmatched {
  /** In the document's order; without the figures of members that the other document lacks. */
  readonly figures: UnmatchedFigure[] = [];
  /** The outermost list members that the other document lacks. */
  readonly members: { readonly figure: string; readonly own: Json }[] = [];
  #parts = 0;

  *inDocument(own: Json, other: Json): Steps<void> {
    if (!isRecord(own)) return;
    for (const [key, value] of Object.entries(own))
      if (!notFigures.has(key)) yield* this.#visit(value, memberOf(other, key), key);
  }

  *#visit(own: Json, other: Json | undefined, path: string): Steps<void> {
    if (++this.#parts % partsPerStep === 0) yield;
    if (isRecord(own)) {
      for (const key in own) {
        const value = own[key];
        const otherValue = memberOf(other, key);
        if (value !== undefined && value !== otherValue)
          yield* this.#visit(value, otherValue, `${path}.${key}`);
      }
    } else if (isList(own) && other !== undefined && isAlike(own, other)) return;
    else if (isList(own) && isIdList(path)) this.#ids(own, other, path);
    else if (isMembers(own)) yield* this.#list(own, other, path);
    // An empty list is reported through the members that it lacks.
    else if (!isList(own) || own.length > 0) this.#figure(own, other, path);
  }

  #ids(own: readonly Json[], other: Json | undefined, path: string): void {
    const known = new Set(other !== undefined && isList(other) ? other : []);
    for (const id of own) {
      if (typeof id !== "string" || known.has(id)) continue;
      known.add(id);
      this.members.push({ figure: `${path}[${id}]`, own: id });
    }
  }

  *#list(own: readonly JsonRecord[], other: Json | undefined, path: string): Steps<void> {
    const others = other !== undefined && isMembers(other) ? other : [];
    const byIdentity = new Map<string, JsonRecord>();
    for (const [i, identity] of identitiesOf(others).entries()) {
      const member = others[i];
      if (member !== undefined) byIdentity.set(identity, member);
    }
    const identities = identitiesOf(own);
    for (const [i, member] of own.entries()) {
      const identity = identities[i] ?? "";
      const figure = `${path}[${identity}]`;
      const same = byIdentity.get(identity);
      if (same === undefined) this.members.push({ figure, own: member });
      else yield* this.#visit(member, same, figure);
    }
  }

  #figure(own: Json, other: Json | undefined, figure: string): void {
    const isFigure = other !== undefined && !isRecord(other) && !isMembers(other);
    const isThere = isFigure && !(isList(other) && other.length === 0);
    if (isThere && isAlike(own, other)) return;
    this.figures.push({ figure, own, other: isThere ? other : undefined });
  }
}

function memberOf(record: Json | undefined, key: string): Json | undefined {
  return record !== undefined && isRecord(record) && Object.hasOwn(record, key)
    ? record[key]
    : undefined;
}

function isAlike(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isList(a)) {
    if (!isList(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isAlike(a[i] ?? null, b[i] ?? null)) return false;
    return true;
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isAlike(a[key] ?? null, b[key] ?? null));
}
