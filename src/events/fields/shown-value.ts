/** A sender's value as a message shows it: short, and without characters that hide or move what stands beside them. */

const maxShown = 60;

/** Controls, marks of direction, and others without a shape of their own. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  const short = text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
  return short.toWellFormed().replaceAll(unseen, escaped);
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
