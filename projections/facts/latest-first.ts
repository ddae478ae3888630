/**
 * A priority queue by sequence, latest first (a binary heap). An outdated member is dropped when it comes to the top.
 */
export class LatestFirst<T extends { readonly sequence: number }> {
  readonly #heap: T[] = [];
  readonly #members = new Set<T>();

  add(member: T): void {
    if (this.#members.has(member)) return;
    this.#members.add(member);
    let index = this.#heap.push(member) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#sequenceAt(parent) >= member.sequence) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** The latest member that is still valid. Later members that are not are dropped, until they are added again. */
  first(isRight: (member: T) => boolean): T | null {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined) return null;
      if (isRight(top)) return top;
      this.#removeTop(top);
    }
  }

  #removeTop(top: T): void {
    this.#members.delete(top);
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const larger = this.#sequenceAt(left + 1) > this.#sequenceAt(left) ? left + 1 : left;
      if (this.#sequenceAt(larger) <= last.sequence) return;
      this.#swap(index, larger);
      index = larger;
    }
  }

  #sequenceAt(index: number): number {
    return this.#heap[index]?.sequence ?? -1;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
