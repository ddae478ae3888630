/** What a read model needs of the store that it follows. */
import type { LeafStore } from "../../store/leaf-store.ts";

export type ViewedStore = Pick<
  LeafStore,
  "head" | "readAll" | "subscribe" | "findByIds" | "storedLeaves"
>;
