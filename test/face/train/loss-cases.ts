import { grad } from "../../../src/autodiff/index.ts";
import { Random, type Tensor, tensor } from "../../../src/core/index.ts";
import { type BinaryHead, binaryLoss } from "../../../src/face/train/binary-head.ts";
import type { MiningName } from "../../../src/face/train/mining/index.ts";
import { NOISE, tripletLoss } from "../../../src/face/train/triplet-loss.ts";
import { Graph, type Value } from "../../../src/graph/index.ts";
import { Scope } from "../../../src/nn/index.ts";
import { compile } from "../../../src/runtime/index.ts";

/** A batch of encodings and what is computed of it, here and by PyTorch (tools/golden/face_losses.py). */
export interface LossCase {
  name: string;
  /** `[B]`. */
  people: number[];
  /** `[B][D]`. */
  encodings: number[][];
  /** `[B][B]` in [0, 1). */
  noise: number[][];
  triplet?: { mining: MiningName; margin: number };
  head?: BinaryHead & { weight: number[]; bias: number };
}

const SIZE = 6;
const minings: MiningName[] = ["random", "semi-hard", "batch-hard", "distance-weighted"];

/** Float32 numbers, so that both sides start from the same ones. */
function drawn(
  random: Random,
  people: readonly number[],
  { unit = true, positive = false } = {},
): number[][] {
  return people.map(() => {
    const row = Array.from({ length: SIZE }, () => (positive ? Math.abs(random.normal()) : random.normal()));
    const length = unit ? Math.hypot(...row) : 1;
    return row.map((value) => Math.fround(value / length));
  });
}

function caseOf(name: string, seed: number, people: number[], kind: { unit?: boolean; positive?: boolean }) {
  const random = new Random(seed, 0x7219);
  return {
    name,
    people,
    encodings: drawn(random, people, kind),
    noise: people.map(() => people.map(() => Math.fround(random.next()))),
  };
}

/** Three people with two to four pictures, and one with a single one. */
const PEOPLE = [0, 0, 0, 0, 1, 1, 2, 2, 2, 3];

function headCase(name: string, seed: number, form: BinaryHead["form"], split: boolean): LossCase {
  const random = new Random(seed, 0x4ead);
  const features = split ? 2 * SIZE : SIZE;
  const weight = Array.from({ length: features }, () => Math.fround(random.normal(-0.5, 0.5)));
  const positive = form === "chi2" && !split;
  return {
    ...caseOf(name, seed, PEOPLE, { positive }),
    head: { form, split, scale: 2.5, weight, bias: 0.75 },
  };
}

/** Encodings that differ by .6 or more in each number: |a − b| has a corner at 0, which finite steps must not cross. */
function farApart(): number[][] {
  const random = new Random(0xfa);
  const columns = Array.from({ length: SIZE }, () => random.shuffle([-0.9, -0.3, 0.3, 0.9]));
  return [0, 1, 2, 3].map((row) => columns.map((column) => Math.fround(column[row])));
}

/** The cases; PyTorch's values are stored by name. */
export const lossCases: readonly LossCase[] = [
  ...minings.flatMap((mining, i): LossCase[] => [
    { ...caseOf(`${mining}`, i, PEOPLE, {}), triplet: { mining, margin: 0.2 } },
    { ...caseOf(`${mining}, wide margin`, 10 + i, PEOPLE, {}), triplet: { mining, margin: 1.5 } },
  ]),
  {
    ...caseOf("semi-hard, long encodings", 21, PEOPLE, { unit: false }),
    triplet: { mining: "semi-hard", margin: 3 },
  },
  { ...caseOf("batch-hard, two people", 22, [5, 9, 5, 9], {}), triplet: { mining: "batch-hard", margin: 1 } },
  headCase("difference", 30, "difference", false),
  {
    ...headCase("difference, far apart", 33, "difference", false),
    people: [0, 0, 1, 1],
    encodings: farApart(),
  },
  headCase("chi2", 31, "chi2", false),
  headCase("chi2 of signed encodings", 32, "chi2", true),
];

/** What is computed of a case. */
export interface LossResults {
  loss: number;
  /** ∂loss/∂encodings, `[B · D]`. */
  gradient: number[];
  /** ∂loss/∂weight of a head. */
  weightGradient?: number[];
}

/** The loss of a case as a program: each call computes it, and its gradients, of other encodings where they are given. */
export async function openCase({ people, encodings, noise, triplet, head }: LossCase): Promise<{
  compute: (moved?: Tensor) => Promise<LossResults>;
  close: () => Promise<void>;
}> {
  const count = people.length;
  const given = tensor(encodings.flat(), [count, encodings[0].length]);
  const graph = new Graph();
  const x = graph.input("encodings", given.shape);
  const labels = graph.input("people", [count], "int32");
  let loss: Value;
  let weight: Value | undefined;
  const feeds: Record<string, Tensor> = { people: tensor(people, undefined, "int32") };
  if (triplet) {
    loss = tripletLoss(x, labels, triplet).sum;
    feeds[NOISE] = tensor(noise.flat(), [count, count]);
  } else {
    const scope = new Scope(graph, { training: true });
    ({ loss } = binaryLoss(scope, x, labels, head!));
    weight = scope.set.parameters.get("weight")!.value;
    feeds.weight = tensor(head!.weight, weight.dims);
    feeds.bias = tensor([head!.bias]);
  }
  const [gradient, weightGradient] = grad(loss, weight ? [x, weight] : [x]);
  const outputs = { loss, gradient: gradient!, ...(weightGradient && { weightGradient }) };
  const program = await compile({ outputs, threads: 1 });
  const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);
  return {
    async compute(moved = given) {
      const results = await program.run({ ...feeds, encodings: moved });
      return {
        loss: numbers(results.loss)[0],
        gradient: numbers(results.gradient),
        ...(results.weightGradient && { weightGradient: numbers(results.weightGradient) }),
      };
    },
    close: () => program.release(),
  };
}

/** The loss of a case by our graphs, and its gradients. */
export async function computeCase(test: LossCase): Promise<LossResults> {
  const { compute, close } = await openCase(test);
  const results = await compute();
  await close();
  return results;
}
