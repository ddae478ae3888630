/** Checks of what must be true: a wrong figure is worse than a crash. */

/** The element at an index that must be there. Throws a RangeError for any other index, instead of a value made up. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const element = list[index];
  if (element === undefined) {
    throw new RangeError(`index ${index} is outside a list of ${list.length} elements`);
  }
  return element;
}

/** The same for loops over millions of elements: it sees one kind of list only, so that it is compiled to a plain access. */
export function doubleAt(list: Float64Array, index: number): number {
  const element = list[index];
  if (element === undefined) {
    throw new RangeError(`index ${index} is outside a list of ${list.length} elements`);
  }
  return element;
}

/** The same for loops over whole numbers. */
export function intAt(list: Int32Array, index: number): number {
  const element = list[index];
  if (element === undefined) {
    throw new RangeError(`index ${index} is outside a list of ${list.length} elements`);
  }
  return element;
}

/** The same for loops over numbers that are not negative. */
export function wordAt(list: Uint32Array, index: number): number {
  const element = list[index];
  if (element === undefined) {
    throw new RangeError(`index ${index} is outside a list of ${list.length} elements`);
  }
  return element;
}

/** The same for loops over small whole numbers, such as codes. */
export function byteAt(list: Uint8Array, index: number): number {
  const element = list[index];
  if (element === undefined) {
    throw new RangeError(`index ${index} is outside a list of ${list.length} elements`);
  }
  return element;
}

/** The default of a switch over every member of a union: a member without a case does not compile, and an unknown value throws. */
export function assertNever(value: never, what: string): never {
  throw new TypeError(`unknown ${what}: ${JSON.stringify(value)}`);
}
