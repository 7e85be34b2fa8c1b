import type { Node, Value } from "./graph.ts";

/** The nodes that read each tensor, in their order; a node that reads one twice is there once. */
export type Readers = ReadonlyMap<Value, readonly Node[]>;

/** What reads the tensors of some nodes, among these nodes. */
export function readersOf(nodes: readonly Node[]): Readers {
  const readers = new Map<Value, Node[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      if (!input) continue;
      const found = readers.get(input);
      if (found) found.push(node);
      else readers.set(input, [node]);
    }
  }
  return readers;
}
