/**
 * Rows of a few numbers behind each other in one list: as objects they would take more memory and be looked at whenever
 * garbage is collected. A plain list of numbers is as small as a typed one, and most have few.
 */

/** Throws a RangeError past the last. */
export function numberAt(numbers: readonly number[], index: number): number {
  const number = numbers[index];
  if (number !== undefined) return number;
  throw new RangeError(`index ${index} is outside ${numbers.length} numbers`);
}

/**
 * Of rows that are disjoint intervals by time, each beginning with its start and its end: the number of the first that ends after
 * the instant; how many there are if none does. `width` is how many numbers a row has.
 */
export function firstRowEndingAfter(
  numbers: readonly number[],
  width: number,
  instant: number,
): number {
  let low = 0;
  let high = numbers.length / width;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numberAt(numbers, width * middle + 1) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}
