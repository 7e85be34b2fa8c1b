import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/core/index.ts";
import { compareSliding, SlidingClassifier } from "../../../src/detect/windows/index.ts";
import {
  conv,
  denseToConvolution,
  encodeModel,
  Graph,
  gemm,
  relu,
  reshape,
  summarize,
} from "../../../src/graph/index.ts";
import { compile } from "../../../src/runtime/index.ts";
import {
  asFile,
  averaging,
  CLASSES,
  drawPicture,
  textbook,
  trainSmall,
  windows,
} from "./trained-classifiers.ts";

/** A window of a picture, as a picture of its own. */
function cut({ dtype, shape, data }: Tensor, left: number, top: number, side: number): Tensor {
  const [, channels, height, width] = shape;
  const part =
    dtype === "uint8" ? new Uint8Array(channels * side * side) : new Float32Array(channels * side * side);
  for (let i = 0; i < part.length; i++) {
    const [channel, y, x] = [Math.floor(i / side / side), Math.floor(i / side) % side, i % side];
    part[i] = Number(data[(channel * height + top + y) * width + left + x]);
  }
  return { dtype, shape: [1, channels, side, side], data: part };
}

describe("the textbook's example", () => {
  it("gives 2×2×4 for 16×16×3 and 8×8×4 for 28×28×3, in one pass", async () => {
    const { x, scores, loss } = await trainSmall(textbook);
    expect(loss).toBeLessThan(0.7); // it has learned: ln 4 = 1.39 at first
    for (const [side, cells] of [
      [14, 1],
      [16, 2],
      [28, 8],
    ]) {
      const map = denseToConvolution({ scores }, x, [1, 3, side, side]).outputs.scores;
      expect(map.shape).toEqual([1, CLASSES, cells, cells]);
    }
    const classifier = SlidingClassifier.of(x, scores, { threads: 1 });
    const { rows, columns } = await classifier.convolve(drawPicture(28, 28, "float32"));
    expect([rows, columns]).toEqual([8, 8]);
    await classifier.close();
  });
});

describe.each([textbook, averaging, windows])("sliding $name, trained", (net) => {
  it("says in one pass of every window what the window's own pass says", async () => {
    const { x, scores, loss } = await trainSmall(net);
    expect(loss).toBeLessThan(1);
    const classifier = SlidingClassifier.open(asFile(scores), { threads: 1 });
    expect(classifier).toMatchObject({
      stride: net.stride,
      exact: true,
      classes: CLASSES,
      window: { width: net.side, height: net.side },
    });
    const [width, height] = [net.side + 5 * net.stride + 1, net.side + 3 * net.stride];
    const picture = drawPicture(width, height, net.dtype);
    const map = await classifier.convolve(picture);
    expect([map.rows, map.columns]).toEqual([4, 6]);
    const alone = await compile({ outputs: { scores }, threads: 1 });
    let spread = 0;
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 6; column++) {
        const crop = cut(picture, column * net.stride, row * net.stride, net.side);
        const own = (await alone.run({ [x.name]: crop })).scores.data;
        for (let k = 0; k < CLASSES; k++) {
          const there = map.scores[(k * 4 + row) * 6 + column];
          expect(Math.abs(there - Number(own[k])), `window ${row}, ${column}`).toBeLessThan(1e-5);
          spread = Math.max(spread, Math.abs(there - map.scores[k * 24]));
        }
      }
    }
    expect(spread).toBeGreaterThan(0.01); // the windows do differ

    const naive = await classifier.slide(picture);
    expect([naive.rows, naive.columns]).toEqual([4, 6]);
    for (const [i, score] of naive.scores.entries())
      expect(Math.abs(score - map.scores[i])).toBeLessThan(1e-5);
    await Promise.all([classifier.close(), alone.release()]);
  });
});

describe("SlidingClassifier", () => {
  /** A net with a padded convolution, in whose windows a border is seen that is not there. */
  function padded() {
    const g = new Graph();
    const x = g.input("x", [1, 3, 8, 8]);
    const ones = (shape: number[]) => {
      const size = shape.reduce((a, b) => a * b);
      return g.constant({ dtype: "float32", shape, data: new Float32Array(size).fill(1 / size) });
    };
    const y = relu(conv(x, ones([4, 3, 3, 3]), undefined, { padding: 1, stride: 2 })); // [1, 4, 4, 4]
    return { x, scores: gemm(reshape(y, [-1, 64]), ones([64, 2])) };
  }

  it("knows that windows of a padded net see a border that the picture does not have", async () => {
    const { x, scores } = padded();
    const classifier = SlidingClassifier.of(x, scores, { threads: 1 });
    expect(classifier).toMatchObject({ exact: false, stride: 2 });
    const comparison = await compareSliding(classifier, drawPicture(24, 20, "float32"), 1);
    expect(comparison.exact).toBe(false);
    expect(comparison.largestDifference).toBeGreaterThan(1e-4);
    await classifier.close();
  });

  it("counts windows and operations", async () => {
    const { x, scores } = padded();
    const classifier = SlidingClassifier.of(x, scores, { threads: 1 });
    const { windows, naiveFlops, convolutionalFlops } = classifier.costOf(24, 20);
    expect(windows).toBe(9 * 7);
    expect(naiveFlops).toBe(windows * summarize([scores]).flops);
    const once = denseToConvolution({ scores }, x, [1, 3, 20, 24]).outputs.scores;
    expect(convolutionalFlops).toBe(summarize([once]).flops);
    expect(convolutionalFlops).toBeLessThan(naiveFlops);
    await classifier.close();
  });

  it("refuses a picture smaller than its window, with both sizes", async () => {
    const { x, scores } = padded();
    const classifier = SlidingClassifier.of(x, scores, { threads: 1 });
    const small = drawPicture(20, 7, "float32");
    for (const refused of [classifier.convolve(small), classifier.slide(small)]) {
      await expect(refused).rejects.toMatchObject({
        code: "window-too-large",
        message: expect.stringMatching(/window of 8×8 .* picture of 20×7/),
      });
    }
    await classifier.close();
  });

  it("refuses nets that are no classifiers of pictures", () => {
    const g = new Graph();
    const x = g.input("x", [1, 12]);
    const y = relu(x);
    expect(() => SlidingClassifier.open(encodeModel({ outputs: { y } }))).toThrow(
      /one input \[N, 3, height, width\]/,
    );
    const h = new Graph();
    const map = relu(h.input("x", [1, 3, 8, 8]));
    expect(() => SlidingClassifier.open(encodeModel({ outputs: { map } }))).toThrow(/output \[N, classes\]/);
  });

  it("convolves a picture of one window's size after it slid over one: each way has programs of its own", async () => {
    const { x, scores } = padded();
    const classifier = SlidingClassifier.of(x, scores, { threads: 1 });
    const picture = drawPicture(8, 8, "float32");
    const slid = await classifier.slide(picture);
    const convolved = await classifier.convolve(picture);
    expect(Math.min(...slid.scores)).toBeGreaterThan(0.01);
    for (const [k, score] of convolved.scores.entries()) expect(score).toBeCloseTo(slid.scores[k], 5);
    await classifier.close();
  });

  it("looks at many pictures at once, of more sizes than programs are kept for", async () => {
    const { x, scores } = padded();
    const classifier = SlidingClassifier.of(x, scores, { threads: 1 });
    const pictures = Array.from({ length: 60 }, (_, i) => drawPicture(8 + (i >> 1), 12, "float32"));
    const together = await Promise.all(pictures.map((picture) => classifier.convolve(picture)));
    for (const i of [0, 1, 17, 59]) expect(await classifier.convolve(pictures[i])).toEqual(together[i]);
    await classifier.close();
  });

  it("slides over pictures of many sizes, one after the other and again", async () => {
    const { x, scores } = padded();
    const classifier = SlidingClassifier.of(x, scores, { threads: 1 });
    const first = await classifier.convolve(drawPicture(16, 16, "float32"));
    for (let side = 8; side < 40; side++) await classifier.convolve(drawPicture(side, 12, "float32"));
    expect(await classifier.convolve(drawPicture(16, 16, "float32"))).toEqual(first);
    await classifier.close();
  });
});
