/** The bytes of `/v1/node-states`: a head of 24 bytes, then a byte a cell. */

const stateNames = ["in service", "unobserved", "maintenance", "down", "no member"] as const;
type StateName = (typeof stateNames)[number];

export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly nodesPerRow: number;
  readonly binMs: number;
  readonly cells: Uint8Array;
  /** The worst state of a cell, and its share of the node-time of members in it. */
  cell(row: number, column: number): { readonly state: StateName; readonly share: number };
  /** When a column begins and ends, milliseconds since the epoch. */
  span(column: number): readonly [number, number];
  /** The column that an instant lies in; `null` if none does. */
  columnAt(at: number): number | null;
}

const magic = 0x464c4e53;
const headBytes = 24;

/** `from` is the start of the window that was asked for, milliseconds since the epoch. */
export function readGrid(buffer: ArrayBuffer, from: number): Grid {
  const view = new DataView(buffer);
  if (view.getUint32(0, false) !== magic) throw new Error("not a map of node states");
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  const nodesPerRow = view.getUint32(12, true);
  const binMs = view.getFloat64(16, true);
  const cells = new Uint8Array(buffer, headBytes, width * height);
  return {
    width,
    height,
    nodesPerRow,
    binMs,
    cells,
    cell: (row, column) => {
      const byte = cells[row * width + column] ?? 0;
      return { state: stateNames[byte >> 5] ?? "no member", share: (byte & 31) / 31 };
    },
    columnAt: (at) => {
      const column = Math.floor((at - from) / binMs);
      return column >= 0 && column < width ? column : null;
    },
    span: (column) => [from + column * binMs, from + (column + 1) * binMs],
  };
}
