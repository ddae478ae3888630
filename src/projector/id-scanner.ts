/** Finds the ids that the data of an event name, in their bytes: no text and no object is made. */
import { tags } from "./data-codec.ts";
import type { Dictionary } from "./data-codec.ts";

/** Members that hold ids: a text or a list of texts. */
export type IdMember = "faultId" | "faultIds" | "maintenanceId";

export class IdScanner {
  readonly bytes: Buffer;
  /** Where the id read last begins and ends. */
  begin = 0;
  end = 0;
  /** Two hashes of it, of 32 bits each. */
  high = 0;
  low = 0;
  readonly #shapes: Dictionary["shapes"];
  /** By the number of a shape: the place of the member in it; -1 where it is not there. */
  readonly #memberPlaces: { readonly [M in IdMember]: number[] };
  #place = 0;

  constructor(bytes: Buffer, { shapes }: Dictionary) {
    this.bytes = bytes;
    this.#shapes = shapes;
    this.#memberPlaces = { faultId: [], faultIds: [], maintenanceId: [] };
  }

  /** Goes to the ids of the object that begins at a place; gives how many there are, 0 for no such member. */
  seek(place: number, member: IdMember): number {
    // The tag of the object.
    this.#place = place + 1;
    const shape = this.#whole();
    const places = this.#memberPlaces[member];
    const memberPlace = (places[shape] ??= this.#shapes[shape]?.indexOf(member) ?? -1);
    if (memberPlace === -1) return 0;
    for (let i = 0; i < memberPlace; i++) this.#skip();
    if (this.bytes[this.#place] !== tags.list) return 1;
    this.#place++;
    return this.#whole();
  }

  /** Reads the next id; `false` if it does not stand in place, byte by byte. */
  next(): boolean {
    if (this.bytes[this.#place++] !== tags.latin1) return false;
    const sizeBytes = this.#whole();
    this.begin = this.#place;
    this.end = this.#place += sizeBytes;
    let a = 0x811c9dc5;
    let b = 0x9747b28c;
    for (let i = this.begin; i < this.end; i++) {
      const byte = this.bytes[i] ?? 0;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x85ebca6b);
      b ^= b >>> 15;
    }
    this.high = a;
    this.low = b;
    return true;
  }

  #skip(): void {
    const tag = this.bytes[this.#place++];
    switch (tag) {
      case tags.word:
      case tags.whole:
      case tags.negative:
        while ((this.bytes[this.#place++] ?? 0) >= 0x80);
        break;
      case tags.latin1:
      case tags.utf16: {
        const sizeBytes = this.#whole();
        this.#place += sizeBytes;
        break;
      }
      case tags.number:
        this.#place += 8;
        break;
      case tags.list: {
        for (let rest = this.#whole(); rest > 0; rest--) this.#skip();
        break;
      }
      case tags.object: {
        const shape = this.#whole();
        for (let rest = this.#shapes[shape]?.length ?? 0; rest > 0; rest--) this.#skip();
        break;
      }
      default:
    }
  }

  #whole(): number {
    let byte = this.bytes[this.#place++] ?? 0;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = this.bytes[this.#place++] ?? 0;
      value += (byte & 0x7f) * scale;
    }
    return value;
  }
}
