import { sizeOf, type Tensor } from "../../core/index.ts";
import { Graph, type Value } from "../../graph/index.ts";
import { compile, type Program, type Tensors } from "../../runtime/index.ts";
import { batchOrOne } from "../batch-or-one.ts";
import type { InspectedNet } from "../net/index.ts";

/** Pixels that one batch holds about. */
const BATCH_PIXELS = 300_000;
const MOST_AT_ONCE = 16;

/** A computation of pictures that runs over as many of them as are given, several at once where the net allows it. */
export class Batched {
  readonly #program: Program;
  readonly #feed: Tensor;
  readonly #size: number;
  readonly #batch: number;

  private constructor(program: Program, shape: readonly number[]) {
    this.#program = program;
    this.#batch = shape[0];
    this.#size = sizeOf(shape) / shape[0];
    this.#feed = { dtype: "float32", shape, data: new Float32Array(sizeOf(shape)) };
  }

  /** @param build the results, each with the batch as its first axis */
  static async compile(
    net: InspectedNet,
    count: number,
    build: (pictures: Value) => Record<string, Value>,
  ): Promise<Batched> {
    const { width, height } = net.layout;
    const wanted = Math.max(1, Math.min(count, MOST_AT_ONCE, Math.floor(BATCH_PIXELS / (width * height))));
    const { batch, outputs } = await batchOrOne(wanted, (batch) => {
      return { batch, outputs: build(new Graph().input("pictures", net.shape(batch))) };
    });
    return new Batched(await compile({ outputs, ...net.device }), net.shape(batch));
  }

  /**
   * Runs over pictures 0 … count − 1.
   * @param fill writes one picture's worth of values
   * @param take gets the results of one picture
   * @param signal asks to stop: what is left then is not computed
   * @returns whether all were computed
   */
  async run(
    count: number,
    fill: (index: number, values: Float32Array) => void,
    take: (index: number, result: (name: string) => Float32Array) => void,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const data = this.#feed.data as Float32Array;
    for (let from = 0; from < count; from += this.#batch) {
      if (signal?.aborted) return false;
      const end = Math.min(from + this.#batch, count);
      for (let i = from; i < end; i++)
        fill(i, data.subarray((i - from) * this.#size, (i - from + 1) * this.#size));
      const results: Tensors = await this.#program.run({ pictures: this.#feed });
      for (let i = from; i < end; i++) {
        take(i, (name) => {
          const all = results[name].data as Float32Array;
          const each = all.length / this.#batch;
          return all.subarray((i - from) * each, (i - from + 1) * each);
        });
      }
    }
    return true;
  }

  close(): Promise<void> {
    return this.#program.release();
  }
}
