import { type Tensor, zeros } from "../core/index.ts";
import { add, type Graph, mul, type Value } from "../graph/index.ts";
import type { Group } from "./layout.ts";
import { bufferName } from "./state.ts";

/**
 * Sums of gradients over the batches of one step, in buffers of their own: between steps nothing is left in
 * them, so they are no part of the state.
 */
export class Accumulation {
  /** Batches in a step. */
  readonly count: number;
  readonly #groups: readonly Group[];
  #read: Record<string, Tensor>;
  #written: Record<string, Tensor>;

  constructor(groups: readonly Group[], count: number) {
    this.count = count;
    this.#groups = groups;
    const room = () =>
      Object.fromEntries(groups.map((group) => [bufferName(group, "sum"), zeros([group.size])] as const));
    this.#read = room();
    this.#written = room();
  }

  /** Adds this batch's share to the sums, which become outputs, and returns them. */
  collect(graph: Graph, gradients: readonly Value[], outputs: Record<string, Value>): Value[] {
    return gradients.map((gradient, i) => {
      const name = bufferName(this.#groups[i], "sum");
      const before = graph.input(name, [this.#groups[i].size]);
      const sum = add(before, mul(gradient, 1 / this.count));
      outputs[`next/${name}`] = sum;
      return sum;
    });
  }

  /** What batch `index` of a step reads and where it writes; call it for 0, 1, … in turn. 0 forgets all before. */
  part(index: number): { feeds: Record<string, Tensor>; into: Record<string, Tensor> } {
    [this.#read, this.#written] = [this.#written, this.#read];
    if (index === 0) for (const { data } of Object.values(this.#read)) (data as Float32Array).fill(0);
    const into = Object.fromEntries(
      Object.entries(this.#written).map(([name, buffer]) => [`next/${name}`, buffer]),
    );
    return { feeds: this.#read, into };
  }
}
