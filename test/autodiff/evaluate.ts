import { type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import type { Value } from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";

/** Computes tensors of a graph; the feeds are lists of numbers, as long as the inputs they name. */
export async function evaluate(
  outputs: Readonly<Record<string, Value>>,
  feeds: Readonly<Record<string, readonly number[]>> = {},
): Promise<Record<string, number[]>> {
  const program = await compile({ outputs, threads: 1 });
  const { inputs } = Object.values(outputs)[0].graph;
  const given = inputs
    .filter(({ name }) => program.inputNames.includes(name))
    .map(({ name, dims, dtype }): [string, Tensor] => [name, tensor(feeds[name], dims, dtype)]);
  const results = await program.run(Object.fromEntries(given));
  await program.release();
  return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, toNumbers(result)]));
}
