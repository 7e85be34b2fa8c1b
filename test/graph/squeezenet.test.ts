import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import { encodeModel, importModel, mul, reduceSum } from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { expectClose } from "./closeness.ts";
import { readNpz } from "./read-npz.ts";
import { pattern, SIZE, squeezenet } from "./squeezenet.ts";

const DATA = resolve(import.meta.dirname, "../../../shared/data");
const weights = join(DATA, "weights/squeezenet_v1.1_fp16.npz");
const present = existsSync(weights);
if (!present) console.log(`Skipped "SqueezeNet": there is no ${weights}.`);

/** ImageNet's classes that a picture may rightly be given. */
const pictures: readonly { file: string; what: string; classes: readonly number[] }[] = [
  { file: "style/golden_gate.jpg", what: "suspension bridge, pier", classes: [839, 718] },
  { file: "voc100/images/2007_000063.jpg", what: "a dog", classes: range(151, 268) },
  { file: "voc100/images/2007_000720.jpg", what: "a dog", classes: range(151, 268) },
];

describe.skipIf(!present)("SqueezeNet 1.1, built, written, read again", () => {
  const built = present ? squeezenet(readNpz(weights)) : undefined;
  const open = () => importModel(encodeModel({ outputs: { logits: built!.logits } }));

  it.each(pictures)("sees $what in $file", async ({ file, classes }) => {
    const { outputs } = open();
    const program = await compile({ outputs, threads: 1 });
    const { logits } = await program.run({ x: await inputOf(join(DATA, file)) });
    await program.release();
    const scores = toNumbers(logits);
    expect(classes).toContain(scores.indexOf(Math.max(...scores)));
  });

  it("has PyTorch's gradient by pixels, to 1e-3", async () => {
    const golden = JSON.parse(readFileSync(new URL("../golden/squeezenet.json", import.meta.url), "utf8"));
    const { inputs, outputs, graph } = open();
    const mix = graph.constant(
      tensor(
        Array.from({ length: 1000 }, (_, k) => Math.cos(k)),
        [1, 1000],
      ),
    );
    const [dx] = grad(reduceSum(mul(outputs.logits, mix), undefined, false), [inputs.x]);
    const program = await compile({ outputs: { logits: outputs.logits, dx: dx! }, threads: 1 });
    const results = await program.run({ x: pattern() });
    await program.release();
    const sampled = (values: number[], every: number) => values.filter((_, i) => i % every === 0);
    const gradient = toNumbers(results.dx);
    const close = { relative: 1e-3, ofLargest: 1e-3 };
    expectClose(sampled(toNumbers(results.logits), 25), golden.logits, close, "logits");
    expectClose(sampled(gradient, 997), golden.gradient, close, "gradient");
    const norm = Math.sqrt(gradient.reduce((sum, d) => sum + d * d, 0));
    expect(Math.abs(norm / golden.gradientNorm - 1)).toBeLessThan(1e-3);
  });
});

/** A picture cut to its middle square, as the net wants it. */
async function inputOf(path: string): Promise<Tensor> {
  const { data } = await sharp(path)
    .resize(SIZE, SIZE, { fit: "cover" })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const means = [104, 117, 123]; // B, G, R
  const planes = means.flatMap((mean, c) =>
    Array.from({ length: SIZE * SIZE }, (_, i) => data[3 * i + 2 - c] - mean),
  );
  return tensor(planes, [1, 3, SIZE, SIZE]);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
