import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensor } from "../../src/core/index.ts";
import {
  type Attributes,
  add,
  batchNormalization,
  concat,
  conv,
  convTranspose,
  encodeModel,
  Graph,
  globalAveragePool,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  MaxPool,
  matmul,
  maxPool,
  pad,
  relu,
  reshape,
  tile,
  transpose,
  upsampleNearest,
  type Value,
} from "../../src/graph/index.ts";
import { normalizePixels, pixelConventions } from "../../src/models/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { chooseLayers, openFeatureNet } from "../../src/style/index.ts";
import { averageInstead } from "../../src/style/net/average-pooling.ts";
import { listLayers } from "../../src/style/net/list-layers.ts";
import { reach } from "../../src/style/net/reach.ts";
import { readNpz } from "../graph/read-npz.ts";
import { squeezenet } from "../graph/squeezenet.ts";
import { serveFile } from "../models/serve-file.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { wave } from "./small-net.ts";

const weights = resolve(import.meta.dirname, "../../../shared/data/weights/squeezenet_v1.1_fp16.npz");

/** Convolution with filters of any kind; `same` keeps the size. */
function unit(x: Value, channels: number, kernel = 3, stride = 1): Value {
  const w = x.graph.constant(wave([channels, x.dims[1], kernel, kernel], channels, 0.3));
  return conv(x, w, undefined, { padding: kernel >> 1, stride });
}

function input(side = 32): Value {
  return new Graph().input("x", [1, 3, side, side]);
}

const nameOf = ({ name }: Value) => name;

describe("layers are found by a rule", () => {
  it("in a plain net: its activations, the last on each stride for style", () => {
    const x = input();
    const a = relu(unit(x, 4));
    const b = relu(unit(a, 4));
    const c = relu(unit(maxPool(b, { kernelSize: 2 }), 6));
    const d = relu(unit(maxPool(c, { kernelSize: 2 }), 8));
    const e = relu(unit(d, 8));
    const layers = listLayers([e], x, nameOf);
    expect(layers.map(({ name, stride }) => [name, stride])).toEqual([
      [a.name, 1],
      [b.name, 1],
      [c.name, 2],
      [d.name, 4],
      [e.name, 4],
    ]);
    const { style, content } = chooseLayers(layers, "plain");
    expect(style.map(({ name }) => name)).toEqual([c.name, e.name, `${c.name}@2`, `${e.name}@2`]);
    const once = chooseLayers(layers, "plain", { looks: 1 });
    expect(once.style.map(({ name }) => name)).toEqual([b.name, c.name, e.name]);
    expect(content.map(({ name }) => name)).toEqual([e.name]);
  });

  it("in a residual net: blocks' ends, what is inside them only by name", () => {
    const x = input();
    const stem = relu(unit(x, 4));
    const inside = relu(unit(stem, 4));
    const end = relu(add(unit(inside, 4), stem));
    const second = relu(unit(end, 4));
    const linearEnd = add(unit(second, 4), end);
    const layers = listLayers([globalAveragePool(linearEnd)], x, nameOf);
    const main = (wanted: boolean) =>
      layers.filter((layer) => layer.main === wanted).map(({ value }) => value);
    expect(main(true)).toEqual([stem, end, linearEnd]);
    expect(main(false)).toEqual([inside, second]);
  });

  it("in a fire net: joined maps, not squeezed ones or halves", () => {
    const x = input();
    const stem = relu(unit(x, 8, 3, 2));
    const squeezed = relu(unit(stem, 3, 1));
    const joined = concat([relu(unit(squeezed, 5, 1)), relu(unit(squeezed, 5))], 1);
    const layers = listLayers([joined], x, nameOf);
    expect(layers.filter(({ main }) => main).map(({ value, stride }) => [value, stride])).toEqual([
      [stem, 2],
      [joined, 2],
    ]);
  });

  it.skipIf(!existsSync(weights))("in SqueezeNet (needs ../shared/data): its fire modules", () => {
    const { x, logits } = squeezenet(readNpz(weights));
    const layers = listLayers([logits], x, ({ name, producer }) => `${producer!.operator.opType} ${name}`);
    const { style, content } = chooseLayers(layers, "SqueezeNet", { looks: 1 });
    expect(style.map(({ name }) => name.split(" ")[0])).toEqual(["Relu", "Concat", "Concat", "Concat"]);
    const main = layers.filter(({ main, stride }) => main && stride === 4);
    expect(main.map(({ value }) => value.dims[1])).toEqual([128, 128]);
    expect(content).toEqual([{ name: main[1].name, weight: 1 }]);
  });

  it("and where there is no convolution, a sentence says so", () => {
    const x = input(4);
    const logits = matmul(reshape(x, [1, 48]), x.graph.constant(wave([48, 5], 0)));
    expect(() => chooseLayers(listLayers([relu(logits)], x, nameOf), "dense.onnx")).toThrow(
      /dense\.onnx has no convolution layers/,
    );
  });
});

describe("reach", () => {
  const weight = (x: Value, shape: readonly number[]) => x.graph.constant(wave(shape, 0.4));
  const channels = (x: Value) => weight(x, [x.dims[1]]);
  const batchNorm = (x: Value) => batchNormalization(x, channels(x), channels(x), channels(x), channels(x));
  const instanceNorm = (x: Value) => instanceNormalization(x, channels(x), channels(x));
  const channelNorm = (x: Value) =>
    transpose(layerNormalization(transpose(x, [0, 2, 3, 1]), channels(x)), [0, 3, 1, 2]);
  const dense = (x: Value, count: number) =>
    transpose(matmul(transpose(x, [0, 2, 3, 1]), weight(x, [x.dims[1], count])), [0, 3, 1, 2]);
  const shuffled = (x: Value) =>
    reshape(transpose(reshape(x, [1, 2, 2, 32, 32]), [0, 2, 1, 3, 4]), [1, 4, 32, 32]);
  const everywhere = (x: Value) => maxPool(x, { kernelSize: 32 });
  const transposed = (x: Value) =>
    convTranspose(x, weight(x, [x.dims[1], 2, 4, 4]), undefined, { stride: 2, padding: 1 });

  it.each([
    ["a 3×3 convolution", (x: Value) => unit(x, 2), 1],
    ["two of them", (x: Value) => unit(unit(x, 2), 2), 2],
    ["behind a pool", (x: Value) => unit(maxPool(unit(x, 2), { kernelSize: 2 }), 2), 1 + 1 + 2],
    ["a sum of a long and a short way", (x: Value) => add(unit(unit(x, 3), 3), unit(x, 3)), 2],
    [
      "a look at everything",
      (x: Value) => add(unit(x, 2), globalAveragePool(unit(x, 2))),
      Number.POSITIVE_INFINITY,
    ],
    ["a norm by running statistics", (x: Value) => batchNorm(unit(x, 2)), 1],
    ["a norm over the picture", (x: Value) => instanceNorm(unit(x, 2)), Number.POSITIVE_INFINITY],
    [
      "a norm over the picture of groups of channels",
      (x: Value) => groupNormalization(unit(x, 4), weight(x, [4]), weight(x, [4]), 2),
      Number.POSITIVE_INFINITY,
    ],
    ["a norm over channels", (x: Value) => unit(channelNorm(unit(x, 2)), 2), 2],
    [
      "a norm over channels and places",
      (x: Value) => layerNormalization(x, weight(x, [3, 32, 32]), undefined, 1),
      Number.POSITIVE_INFINITY,
    ],
    ["a dense layer at each place", (x: Value) => unit(dense(unit(x, 2), 5), 2), 2],
    ["channels that change places", (x: Value) => unit(shuffled(unit(x, 4)), 2), 2],
    ["one place for all", (x: Value) => add(x, everywhere(unit(x, 3))), Number.POSITIVE_INFINITY],
    ["a transposed convolution", (x: Value) => unit(transposed(maxPool(x, { kernelSize: 2 })), 2), 1 + 2 + 1],
    ["a border that is added", (x: Value) => unit(pad(x, [0, 0, 2, 2], [0, 0, 2, 2]), 2), 2 + 1],
    ["twice the size", (x: Value) => unit(upsampleNearest(unit(x, 2), 2), 2), 1 + 1 + 0.5],
    ["an operator that is not known", (x: Value) => tile(x, [1, 1, 2, 2]), Number.POSITIVE_INFINITY],
  ])("of %s", (_, build, expected) => {
    const x = input();
    expect(reach(build(x), x)).toBe(expected);
  });

  it("where channels are last", () => {
    const x = new Graph().input("x", [1, 32, 32, 3]);
    expect(reach(unit(transpose(x, [0, 3, 1, 2]), 2), x)).toBe(1);
  });

  it("behind smooth means, which are wider than the pool that they replace", () => {
    const x = input();
    expect(reach(unit(maxPool(unit(x, 2), { kernelSize: 2 }), 2), x, true)).toBe(1 + 2 + 2);
  });
});

describe("smooth means in place of maxima", () => {
  const kinds: Attributes[] = [
    {},
    { pads: [1, 0, 1, 1] },
    { auto_pad: "SAME_UPPER" },
    { auto_pad: "SAME_LOWER" },
    { ceil_mode: 1 },
  ];
  const shapes = [2, 3].flatMap((kernel) => kinds.map((attributes) => ({ kernel, attributes })));
  it.each(shapes)("keep the map's size: kernel $kernel, $attributes", ({ kernel, attributes }) => {
    for (const side of [31, 32, 33]) {
      const x = new Graph().input("x", [1, 3, side, side + 4]);
      const pool = { kernel_shape: [kernel, kernel], strides: [2, 2], ...attributes };
      const y = x.graph.apply(MaxPool, [x], pool)[0];
      const [means] = averageInstead(y.producer!, [x])!;
      expect(means.producer!.operator.opType).toBe("Conv");
      expect(means.dims).toEqual(y.dims);
    }
  });

  it("are means: what is even stays so, away from the edges", async () => {
    const x = new Graph().input("x", [1, 1, 9, 9]);
    const y = x.graph.apply(MaxPool, [x], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 })[0];
    const [means] = averageInstead(y.producer!, [x])!;
    const program = await compile({ outputs: { means }, threads: 1 });
    const { data } = (await program.run({ x: tensor(new Float32Array(81).fill(0.7), [1, 1, 9, 9]) })).means;
    await program.release();
    for (const value of data) expect(Number(value)).toBeCloseTo(0.7, 5);
  });

  it("are plain ones where windows are apart", () => {
    const x = new Graph().input("x", [1, 3, 32, 32]);
    const pool = { kernel_shape: [2, 2], strides: [2, 2], dilations: [2, 2] };
    const y = x.graph.apply(MaxPool, [x], pool)[0];
    const [means] = averageInstead(y.producer!, [x])!;
    expect([means.producer!.operator.opType, means.dims]).toEqual(["AveragePool", y.dims]);
  });
});

describe("what a net expects of pixels", () => {
  async function normalized(name: string): Promise<number[]> {
    const graph = new Graph();
    const y = normalizePixels(graph.input("x", [1, 3, 1, 1]), pixelConventions[name]);
    const program = await compile({ outputs: { y }, threads: 1 });
    const { data } = (await program.run({ x: tensor([1, 0.5, 0], [1, 3, 1, 1]) })).y;
    await program.release();
    return Array.from(data as Float32Array);
  }
  it.each([
    ["0-1", [1, 0.5, 0]],
    ["0-255", [255, 127.5, 0]],
    ["-1-1", [1, 0, -1]],
    ["caffe", [0 - 103.939, 127.5 - 116.779, 255 - 123.68]],
    ["imagenet", [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, (0 - 0.406) / 0.225]],
  ])("%s", async (name, expected) => {
    for (const [i, value] of (await normalized(name)).entries()) expect(value).toBeCloseTo(expected[i], 4);
  });
});

describe("backbones", () => {
  useTemporaryCache();
  const address = serveFile("served.onnx", () => encodeModel({ outputs: { a: relu(unit(input(), 4)) } }));
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fovea-style-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("fovea-plain has layers of every stride, and says which name was meant", async () => {
    const net = await openFeatureNet("fovea-plain");
    const names = (looks: 1 | 2) => net.usualLayers(looks).style.map(({ name }) => name);
    expect(names(1)).toEqual(["stage1.0", "stage2.1", "stage3.1", "stage4.2", "stage5.0"]);
    expect(names(2)).toEqual([
      ...["stage2.1", "stage3.1", "stage4.2"],
      ...["stage2.1@2", "stage3.1@2", "stage4.2@2", "stage5.0@2"],
    ]);
    expect(() => net.find("stage3.9")).toThrow(/did you mean "stage3\.[01]"/);
    const graph = new Graph();
    const maps = net.maps(graph.input("p", [1, 3, 40, 24]), ["stage3.1"]);
    expect(maps.get("stage3.1")!.dims).toEqual([1, 96, 10, 6]);
  });

  it("a layer looks at the picture at half its size, as if it had been given that", async () => {
    const net = await openFeatureNet("fovea-plain");
    const graph = new Graph();
    const picture = graph.input("picture", [1, 3, 64, 48]);
    const half = graph.input("half", [1, 3, 32, 24]);
    const both = net.maps(picture, ["stage2.1", "stage2.1@2"]);
    expect(both.get("stage2.1")!.dims).toEqual([1, 48, 32, 24]);
    const outputs = {
      reduced: both.get("stage2.1@2")!,
      given: net.maps(half, ["stage2.1"]).get("stage2.1")!,
    };
    const program = await compile({ outputs, threads: 1 });
    // A picture that is flat in squares of 8 is so in squares of 4 at half the size, but for where squares meet.
    const flat = (square: number, [height, width]: readonly [number, number]) =>
      Array.from({ length: 3 * height * width }, (_, i) => {
        const [row, column] = [Math.floor(i / width) % height, i % width];
        return row < 4 * square && column < 3 * square ? 0.25 : 0.75;
      });
    const { reduced, given } = await program.run({
      picture: tensor(flat(8, [64, 48]), [1, 3, 64, 48]),
      half: tensor(flat(4, [32, 24]), [1, 3, 32, 24]),
    });
    await program.release();
    expect(reduced.shape).toEqual(given.shape);
    const [row, column] = [4, 4]; // of 16 × 12: far from where the squares meet and from the edges
    for (let channel = 0; channel < 48; channel++) {
      const at = (channel * 16 + row - 2) * 12 + column - 2;
      expect(reduced.data[at]).toBeCloseTo(Number(given.data[at]), 4);
    }
    expect(net.strideOf("stage2.1@2")).toBe(4);
    expect(net.extent(["stage2.1@2"]).reach).toBe(2 * net.extent(["stage2.1"]).reach + 4);
    expect(() => net.find("stage3.9@2")).toThrow(/did you mean "stage3\.[01]"/);
  });

  it("an .onnx file of any make, at other sizes than its own, though it ends in a dense layer", async () => {
    const x = input();
    const a = relu(unit(x, 4));
    const b = relu(unit(maxPool(a, { kernelSize: 2 }), 4));
    const logits = matmul(reshape(b, [1, 4 * 16 * 16]), x.graph.constant(wave([4 * 16 * 16, 3], 0)));
    const path = join(folder, "net.onnx");
    await writeFile(
      path,
      encodeModel({ outputs: { logits, a, b }, metadata: { "fovea.pixels": '"caffe"' } }),
    );
    const net = await openFeatureNet(path);
    expect(net.layers.map(({ name }) => name)).toEqual(["a", "b"]);
    const maps = net.maps(new Graph().input("p", [1, 3, 50, 20]), ["b"]);
    expect(maps.get("b")!.dims).toEqual([1, 4, 25, 10]);
    expect(() => net.maps(new Graph().input("p", [1, 3, 1, 20]), ["b"])).toThrow(
      /1 pixels is too small|too small/,
    );
    await expect(openFeatureNet(path, { pixels: "tiff" })).rejects.toThrow(/choose one of 0-1/);
  });

  it("an .onnx file at an address", async () => {
    expect((await openFeatureNet(address())).layers.map(({ name }) => name)).toEqual(["a"]);
  });

  it("an .onnx file that takes channels last", async () => {
    const graph = new Graph();
    const pictures = graph.input("pictures", [1, 64, 64, 3]);
    const x = transpose(pictures, [0, 3, 1, 2]);
    const a = relu(unit(x, 4));
    const b = relu(unit(maxPool(a, { kernelSize: 2 }), 4));
    const c = relu(unit(maxPool(b, { kernelSize: 2 }), 4));
    const path = join(folder, "last.onnx");
    await writeFile(path, encodeModel({ outputs: { c, a, b } }));
    const net = await openFeatureNet(path);
    expect(net.layers.map(({ name, stride }) => [name, stride])).toEqual([["a", 1], ["b", 2], ["c", 4]]); // biome-ignore format: pairs
    expect(net.strideOf("c@2")).toBe(8);
    expect(net.extent(["c"]).stride).toBe(4);
  });

  it("an .onnx file whose first convolution skips pixels looks at an enlarged picture", async () => {
    const x = input();
    const stem = relu(unit(x, 4, 3, 2));
    const b = relu(unit(maxPool(stem, { kernelSize: 2 }), 4));
    const path = join(folder, "coarse.onnx");
    await writeFile(path, encodeModel({ outputs: { b, stem } }));
    const net = await openFeatureNet(path);
    expect(net.layers.map(({ name, stride }) => [name, stride])).toEqual([["stem", 1], ["b", 2]]); // biome-ignore format: pairs
    const maps = net.maps(new Graph().input("p", [1, 3, 40, 24]), ["stem", "b@2"]);
    expect(maps.get("stem")!.dims).toEqual([1, 4, 40, 24]);
    expect(maps.get("b@2")!.dims).toEqual([1, 4, 10, 6]);
  });

  it("says itself how it takes pixels", async () => {
    await expect(openFeatureNet("fovea-plain", { pixels: "caffe" })).rejects.toThrow(
      /fovea-plain .* leave `pixels` out/,
    );
  });

  it("refuses files that take no pictures", async () => {
    const graph = new Graph();
    const path = join(folder, "series.onnx");
    await writeFile(path, encodeModel({ outputs: { y: relu(graph.input("series", [1, 3, 9])) } }));
    await expect(openFeatureNet(path)).rejects.toThrow(/takes no pictures: .*series \(float32 \[1,3,9\]\)/);
  });

  it("refuses names that are none", async () => {
    await expect(openFeatureNet("vgg")).rejects.toThrow(/"vgg" does not ship/);
  });
});
