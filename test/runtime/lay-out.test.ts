import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random, sizeOf, type Tensor, toNumbers } from "../../src/core/index.ts";
import {
  type ConvOptions,
  conv,
  encodeModel,
  Graph,
  mul,
  orderedNodes,
  reduceSum,
  type Value,
} from "../../src/graph/index.ts";
import { channelBlock } from "../../src/runtime/blocked-layout.ts";
import { compile, Program, type Tensors } from "../../src/runtime/index.ts";
import { layOutForCpu } from "../../src/runtime/lay-out.ts";
import { expectClose } from "../graph/closeness.ts";

/** A convolution that is large enough to be laid out anew. */
interface Case {
  what: string;
  x: readonly number[];
  w: readonly number[];
  options?: ConvOptions;
  bias?: boolean;
}

const cases: readonly Case[] = [
  { what: "a picture", x: [3, 16, 24, 23], w: [32, 16, 3, 3], options: { padding: 1 } },
  { what: "with a bias", x: [3, 16, 24, 23], w: [32, 16, 3, 3], options: { padding: 1 }, bias: true },
  { what: "at stride 2", x: [7, 16, 33, 32], w: [16, 16, 3, 3], options: { padding: 1, stride: 2 } },
  { what: "dilated", x: [4, 16, 24, 24], w: [16, 16, 3, 3], options: { padding: 2, dilation: 2 } },
  {
    what: "padded unevenly, strides of two kinds",
    x: [4, 16, 41, 24],
    w: [16, 16, 5, 2],
    options: { padding: [2, 0], paddingEnd: [1, 1], stride: [2, 1] },
  },
  {
    what: "few channels",
    x: [3, 3, 33, 32],
    w: [32, 3, 7, 7],
    options: { padding: 3, stride: 2 },
    bias: true,
  },
  { what: "few filters", x: [4, 32, 24, 24], w: [4, 32, 3, 3], options: { padding: 1 } },
  { what: "few filters of a volume", x: [3, 16, 9, 11, 12], w: [2, 16, 3, 3, 3], options: { padding: 1 } },
  { what: "pointwise", x: [4, 32, 20, 20], w: [16, 32, 1, 1] },
  { what: "depthwise", x: [2, 32, 9, 9], w: [32, 1, 3, 3], options: { padding: 1, groups: 32 }, bias: true },
  {
    what: "depthwise at stride 2",
    x: [2, 32, 9, 8],
    w: [32, 1, 3, 3],
    options: { padding: 1, groups: 32, stride: 2 },
  },
  {
    what: "depthwise at strides 2 and 3, dilated and padded unevenly",
    x: [2, 16, 11, 13],
    w: [16, 1, 3, 2],
    options: { padding: [1, 0], paddingEnd: [2, 1], groups: 16, stride: [2, 3], dilation: [2, 1] },
  },
  { what: "a sequence", x: [16, 16, 110], w: [32, 16, 5], options: { padding: 2 }, bias: true },
  { what: "a depthwise sequence", x: [3, 16, 50], w: [16, 1, 7], options: { padding: 3, groups: 16 } },
  { what: "a volume", x: [2, 16, 10, 11, 12], w: [16, 16, 3, 3, 3], options: { padding: 1 }, bias: true },
  {
    what: "a volume at stride 2, unpadded in depth",
    x: [6, 16, 17, 16, 15],
    w: [16, 16, 3, 3, 3],
    options: { padding: [0, 1, 1], stride: 2 },
  },
  {
    what: "a volume, dilated in depth and padded at its end",
    x: [3, 16, 9, 10, 12],
    w: [32, 16, 2, 3, 1],
    options: { padding: [1, 1, 0], paddingEnd: [2, 0, 0], dilation: [2, 1, 1] },
  },
  { what: "a full block of pictures", x: [16, 16, 12, 11], w: [32, 16, 3, 3], options: { padding: 1 } },
  {
    what: "two blocks of pictures, many filters",
    x: [32, 8, 9, 9],
    w: [64, 8, 3, 3],
    options: { padding: 1 },
  },
  {
    what: "a block of pictures at stride 2",
    x: [16, 6, 12, 13],
    w: [16, 6, 3, 3],
    options: { padding: 1, stride: 2 },
  },
  {
    what: "a block of colour pictures",
    x: [16, 3, 17, 16],
    w: [16, 3, 7, 7],
    options: { padding: 3, stride: 2 },
  },
  {
    what: "a block of pictures, dilated",
    x: [16, 16, 13, 13],
    w: [16, 16, 3, 3],
    options: { padding: 2, dilation: 2 },
  },
  {
    what: "a block of pictures, strides that leave elements unseen",
    x: [16, 5, 14, 15],
    w: [16, 5, 3, 2],
    options: { padding: [0, 1], stride: [3, 4], paddingEnd: [1, 0] },
  },
  {
    what: "a block of pictures, strides and dilations",
    x: [16, 16, 15, 16],
    w: [32, 16, 3, 2],
    options: { padding: [1, 0], stride: [2, 3], dilation: [1, 2] },
  },
  { what: "half a block of pictures", x: [8, 16, 12, 11], w: [64, 16, 3, 3], options: { padding: 1 } },
  {
    what: "one and a half blocks of pictures at stride 2",
    x: [24, 3, 16, 15],
    w: [32, 3, 5, 5],
    options: { padding: 2, stride: 2 },
  },
  {
    what: "two pictures in parts, dilated and unevenly padded",
    x: [2, 16, 30, 9],
    w: [16, 16, 3, 2],
    options: { padding: [3, 0], paddingEnd: [1, 1], dilation: [2, 1] },
  },
  { what: "a block of volumes", x: [16, 3, 5, 6, 7], w: [32, 3, 3, 3, 3], options: { padding: 1 } },
  {
    what: "a block of volumes, strides and dilations",
    x: [16, 6, 9, 8, 7],
    w: [16, 6, 2, 3, 2],
    options: { padding: [1, 0, 1], stride: [2, 1, 2], dilation: [2, 1, 1] },
  },
  {
    what: "volumes in blocks",
    x: [3, 16, 6, 7, 8],
    w: [32, 16, 3, 3, 3],
    options: { padding: 1 },
    bias: true,
  },
  { what: "a block of sequences", x: [16, 1, 40], w: [64, 1, 7], options: { padding: 3 } },
  { what: "a block of planes", x: [4, 2, 8, 9, 9], w: [16, 2, 3, 3, 3], options: { padding: 1 } },
  {
    what: "a block of planes at stride 2",
    x: [4, 1, 11, 9, 9],
    w: [16, 1, 5, 5, 5],
    options: { stride: 2, padding: [0, 2, 1] },
  },
  {
    what: "at stride 2, odd sizes",
    x: [3, 16, 17, 15],
    w: [16, 16, 3, 3],
    options: { padding: 1, stride: 2 },
  },
  {
    what: "at strides 3 and 2",
    x: [3, 16, 17, 18],
    w: [32, 16, 5, 4],
    options: { padding: [2, 1], stride: [3, 2] },
  },
  { what: "a sequence at stride 2", x: [4, 16, 41], w: [16, 16, 5], options: { padding: 2, stride: 2 } },
  { what: "pointwise at stride 2", x: [4, 16, 16, 16], w: [32, 16, 1, 1], options: { stride: 2 } },
  { what: "narrow maps", x: [9, 64, 3, 3], w: [128, 64, 3, 3], options: { padding: 1 }, bias: true },
  {
    what: "narrow maps, unevenly padded",
    x: [12, 16, 7, 3],
    w: [32, 16, 2, 2],
    options: { padding: [1, 0], paddingEnd: [0, 1], stride: [2, 1] },
  },
  {
    what: "narrow maps, dilated",
    x: [30, 16, 3, 3],
    w: [16, 16, 3, 3],
    options: { padding: 2, dilation: 2 },
  },
  { what: "few positions", x: [5, 64, 2, 2], w: [128, 64, 3, 3], options: { padding: 1 }, bias: true },
  {
    what: "few positions at stride 2",
    x: [5, 64, 4, 4],
    w: [128, 64, 3, 3],
    options: { padding: 1, stride: 2 },
  },
  { what: "few positions, pointwise", x: [5, 256, 3, 3], w: [256, 256, 1, 1] },
  {
    what: "few positions, pointwise at stride 2",
    x: [5, 256, 5, 5],
    w: [256, 256, 1, 1],
    options: { stride: 2 },
  },
  { what: "few positions of a volume", x: [3, 64, 2, 2, 2], w: [64, 64, 3, 3, 3], options: { padding: 1 } },
  { what: "few positions of a sequence", x: [3, 128, 6], w: [256, 128, 3], options: { padding: 1 } },
  { what: "many channels on small maps", x: [6, 64, 6, 5], w: [96, 64, 3, 3], options: { padding: 1 } },
  {
    what: "many channels in two groups",
    x: [6, 64, 4, 4],
    w: [256, 32, 3, 3],
    options: { padding: 1, groups: 2 },
  },
];

const close = { relative: 1e-4, ofLargest: 1e-5 };

function draw(random: Random, shape: readonly number[]): Tensor {
  return {
    dtype: "float32",
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  };
}

/** The nodes as they are, without a layout. */
async function runPlain(outputs: Readonly<Record<string, Value>>, feeds: Tensors): Promise<Tensors> {
  const program = await Program.load(encodeModel({ outputs, shapes: false }), { threads: 1 });
  const results = await program.run(feeds);
  await program.release();
  return results;
}

async function run(outputs: Readonly<Record<string, Value>>, feeds: Tensors): Promise<Tensors> {
  const program = await compile({ outputs, threads: 1 });
  const results = await program.run(feeds);
  await program.release();
  return results;
}

function build({ x, w, options, bias }: Case) {
  const graph = new Graph();
  const inputs = { x: graph.input("x", x), w: graph.input("w", w) };
  const b = bias ? graph.input("b", [w[0]]) : undefined;
  return { graph, ...inputs, y: conv(inputs.x, inputs.w, b, options) };
}

describe.each(cases)("a convolution laid out for the processor: $what", (each) => {
  const random = new Random(7, each.x.length, each.w[0]);
  const feeds = { x: draw(random, each.x), w: draw(random, each.w), b: draw(random, [each.w[0]]) };

  it("computes what ONNX Runtime's own does", async () => {
    const { y } = build(each);
    const [laidOut, plain] = [await run({ y }, feeds), await runPlain({ y }, feeds)];
    expect(laidOut.y.shape).toEqual(plain.y.shape);
    expectClose(toNumbers(laidOut.y), toNumbers(plain.y), close, each.what);
  });

  // The convolution is linear in x and in w: its gradient's product with any direction is its value there.
  it("has gradients that hold for a random direction", async () => {
    const { graph, x, w, y } = build({ ...each, bias: false });
    const weights = graph.input("weights", y.dims);
    const loss = reduceSum(mul(y, weights), undefined, false);
    const [dx, dw] = grad(loss, [x, w]);
    const given = { ...feeds, weights: draw(random, y.dims) };
    const gradients = await run({ dx: dx!, dw: dw! }, given);
    for (const [name, gradient] of [
      ["x", gradients.dx],
      ["w", gradients.dw],
    ] as const) {
      const direction = draw(random, feeds[name].shape);
      const { value } = await runPlain({ value: loss }, { ...given, [name]: direction });
      const product = toNumbers(gradient).reduce((sum, d, i) => sum + d * Number(direction.data[i]), 0);
      const size = Math.sqrt(toNumbers(gradient).reduce((sum, d) => sum + d * d, 0)); // of the product, for a direction of unit variance
      expect(Math.abs(product - Number(value.data[0])) / size, name).toBeLessThan(1e-3);
    }
  });
});

it("takes the kernels in blocks for the gradients, too", async () => {
  const block = (await channelBlock()) || 16;
  const { x, w, y } = build({ what: "", x: [16, 16, 12, 11], w: [16, 16, 3, 3], options: { padding: 1 } });
  const [dx, dw] = grad(reduceSum(mul(y, y), undefined, false), [x, w]);
  const types = (value: Value) => orderedNodes([value]).map(({ operator }) => operator.opType);
  expect(types(dx!)).toContain("ConvInputGradient");
  expect(types(dw!)).toContain("ConvFilterGradient");
  const outputs = layOutForCpu({ dx: dx!, dw: dw! }, block);
  expect([...types(outputs.dx), ...types(outputs.dw)].filter((type) => /Gradient/.test(type))).toEqual([]);
});

it("takes the kernels in blocks where the processor has them", async () => {
  const block = await channelBlock();
  expect([0, 8, 16]).toContain(block);
  const { y } = build(cases[0]);
  const outputs = layOutForCpu({ y }, block || 16);
  expect(outputs.y.producer?.operator.opType).toBe("ReorderOutput");
  expect(layOutForCpu({ y }, 0).y.producer?.operator.opType).toBe("Conv");
});
