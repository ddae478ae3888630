/**
 * Names as parts of an address. A name may have any printable character, `/`, `?`, `#` and `%` among them, which are written as
 * `%XX`. The names `.` and `..` cannot be written so: browsers and other clients take `%2E%2E` for a step up, too. They are
 * written with a tilde before them, and so are names that would be read as one of these, such as `~..`.
 */
const dots = /^~*\.{1,2}$/;

/** A name as it stands between two slashes of an address. */
export function pathSegment(name: string): string {
  return dots.test(name) ? `~${name}` : encodeURIComponent(name);
}

/** The name that a part of an address, with its `%XX` read, stands for. */
export function nameOfSegment(segment: string): string {
  return segment.startsWith("~") && dots.test(segment) ? segment.slice(1) : segment;
}
