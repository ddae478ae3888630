/** A list of sequences in little memory: four bytes each, but for the last few. */
const leastTail = 64;
const none = new Uint32Array(0);

export class Sequences {
  #head = none;
  #tail: number[] = [];

  get length(): number {
    return this.#head.length + this.#tail.length;
  }

  /** 0 where there is none. */
  at(index: number): number {
    const inTail = index - this.#head.length;
    return (inTail < 0 ? this.#head[index] : this.#tail[inTail]) ?? 0;
  }

  push(sequence: number): void {
    this.#tail.push(sequence);
    if (this.#tail.length > leastTail + (this.#head.length >> 2)) this.#settle();
  }

  insert(index: number, sequence: number): void {
    const inTail = index - this.#head.length;
    if (inTail >= 0) {
      this.#tail.splice(inTail, 0, sequence);
      return;
    }
    const head = new Uint32Array(this.#head.length + 1);
    head.set(this.#head.subarray(0, index));
    head[index] = sequence;
    head.set(this.#head.subarray(index), index + 1);
    this.#head = head;
  }

  remove(index: number): void {
    const inTail = index - this.#head.length;
    if (inTail >= 0) {
      this.#tail.splice(inTail, 1);
      return;
    }
    const head = new Uint32Array(this.#head.length - 1);
    head.set(this.#head.subarray(0, index));
    head.set(this.#head.subarray(index + 1), index);
    this.#head = head;
  }

  /** Index of the first of a rising list that is greater than `value`. */
  indexAfter(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  copy(): Sequences {
    const copied = new Sequences();
    copied.#head = this.#head;
    copied.#tail = [...this.#tail];
    return copied;
  }

  #settle(): void {
    const head = new Uint32Array(this.length);
    head.set(this.#head);
    head.set(this.#tail, this.#head.length);
    this.#head = head;
    this.#tail = [];
  }
}
