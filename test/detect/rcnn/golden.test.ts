import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { grad } from "../../../src/autodiff/index.ts";
import { Random, type Tensor, tensor } from "../../../src/core/index.ts";
import {
  type DetectionLoss,
  decodeInGraph,
  encodeBoxes,
  encodeInGraph,
  gridAnchors,
  headLoss,
  matchBoxes,
  rpnLoss,
  sampleBoxes,
} from "../../../src/detect/rcnn/index.ts";
import { add, Graph, mul, type Value } from "../../../src/graph/index.ts";
import { compile } from "../../../src/runtime/index.ts";
import { expectClose } from "../../graph/closeness.ts";
import { cases } from "./cases.ts";
import { cellAnchors, decodeBoxes } from "./oracles.ts";

interface Loss {
  classes: number;
  boxes: number;
  gradients: Record<string, number[]>;
}

/** What torchvision computes: see tools/golden/README.md. */
const golden: {
  coder: Record<string, { encoded: number[]; decoded: number[] }>;
  anchors: Record<string, { cell: number[]; grid: number[] }>;
  matching: Record<string, number[]>;
  sampling: Record<string, { positives: number; negatives: number }>;
  rpnLoss: Record<string, Loss>;
  headLoss: Record<string, Loss>;
} = JSON.parse(readFileSync(new URL("../../golden/rcnn.json", import.meta.url), "utf8"));

const close = { relative: 1e-5, ofLargest: 1e-6 };

describe.each(cases.coder)("box codes, $name", ({ name, boxes, references, codes, weights }) => {
  const { encoded, decoded } = golden.coder[name];

  it("are torchvision's", () => {
    expectClose(encodeBoxes(boxes, references, weights), encoded, close, "encoded");
    expectClose(decodeBoxes(codes, references, weights), decoded, close, "decoded");
  });

  it("are the same as nodes", async () => {
    const graph = new Graph();
    const input = (key: string) => graph.input(key, [6, 4]);
    const [b, r, c] = [input("boxes"), input("references"), input("codes")];
    const outputs = { encoded: encodeInGraph(b, r, weights), decoded: decodeInGraph(c, r, weights) };
    const program = await compile({ outputs, threads: 1 });
    const feed = (values: number[]) => tensor(values, [6, 4]);
    const found = await program.run({ boxes: feed(boxes), references: feed(references), codes: feed(codes) });
    expectClose(found.encoded.data, encoded, { relative: 1e-4, ofLargest: 1e-5 }, "encoded");
    expectClose(found.decoded.data, decoded, { relative: 1e-4, ofLargest: 1e-5 }, "decoded");
    await program.release();
  });

  it("decode to what was encoded", () => {
    const back = decodeBoxes(encodeBoxes(boxes, references, weights), references, weights);
    expectClose(back, boxes, close, "boxes");
  });
});

describe.each(cases.anchors)("anchors of $name", ({ name, sizes, ratios, rows, columns, stride }) => {
  it("are torchvision's", () => {
    const cell = cellAnchors(sizes, ratios);
    expect([...cell]).toEqual(golden.anchors[name].cell);
    expect([...gridAnchors(cell, rows, columns, stride)]).toEqual(golden.anchors[name].grid);
  });
});

it.each(cases.matching)("matches as torchvision does: $name", ({ name, boxes, objects, options }) => {
  expect([...matchBoxes(boxes, objects, options)]).toEqual(golden.matching[name]);
});

it.each(cases.sampling)("draws as many as torchvision does: $name", (sampling) => {
  const { positives, negatives, between } = sampling;
  const matches = Int32Array.from([
    ...new Array(positives).fill(3),
    ...new Array(negatives).fill(-1),
    ...new Array(between).fill(-2),
  ]);
  const drawn = sampleBoxes(matches, sampling, new Random(1));
  const { positives: wanted, negatives: rest } = golden.sampling[sampling.name];
  expect([drawn.positives.length, drawn.negatives.length]).toEqual([wanted, rest]);
});

/** The parts of a loss, and the gradients of classes + 2 · boxes. */
async function compute(
  inputs: Record<string, Value>,
  { classes, boxes }: DetectionLoss,
  feeds: Record<string, Tensor>,
) {
  const names = Object.keys(inputs);
  const gradients = grad(add(classes, mul(boxes, 2)), Object.values(inputs));
  const flowing = Object.fromEntries(names.map((name, i) => [`d_${name}`, gradients[i]!]));
  const program = await compile({ outputs: { classes, boxes, ...flowing }, threads: 1 });
  const found = await program.run(feeds);
  const copies = Object.fromEntries(
    Object.entries(found).map(([name, { data }]) => [name, [...(data as Float32Array)]]),
  );
  await program.release();
  return copies;
}

function expectLoss(found: Record<string, number[]>, expected: Loss): void {
  expectClose(found.classes, [expected.classes], close, "classes");
  expectClose(found.boxes, [expected.boxes], close, "boxes");
  for (const [name, values] of Object.entries(expected.gradients)) {
    expectClose(found[`d_${name}`], values, { ...close, absolute: 1e-7 }, `∂loss/∂${name}`);
  }
}

it.each(cases.rpnLoss)("has torchvision's loss of the net that proposes: $name", async (of) => {
  const [n, b] = of.shape;
  const graph = new Graph();
  const objectness = graph.input("objectness", [n, b]);
  const codes = graph.input("codes", [n, b, 4]);
  const labels = graph.input("labels", [n, b]);
  const targets = graph.input("targets", [n, b, 4]);
  const loss = rpnLoss({ objectness, codes, labels, targets }, of.beta);
  const found = await compute({ objectness, codes }, loss, {
    objectness: tensor(of.objectness, [n, b]),
    codes: tensor(of.codes, [n, b, 4]),
    labels: tensor(of.labels, [n, b]),
    targets: tensor(of.targets, [n, b, 4]),
  });
  expectLoss(found, golden.rpnLoss[of.name]);
});

it.each(cases.headLoss)("has torchvision's loss of the heads: $name", async (of) => {
  const [regions, classes] = of.shape;
  const graph = new Graph();
  const logits = graph.input("logits", [regions, classes]);
  const codes = graph.input("codes", [regions, classes * 4]);
  const labels = graph.input("labels", [regions, classes]);
  const targets = graph.input("targets", [regions, 4]);
  const loss = headLoss({ logits, codes, labels, targets }, of.beta);
  const oneHot = of.labels.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)));
  const found = await compute({ logits, codes }, loss, {
    logits: tensor(of.logits, [regions, classes]),
    codes: tensor(of.codes, [regions, classes * 4]),
    labels: tensor(oneHot, [regions, classes]),
    targets: tensor(of.targets, [regions, 4]),
  });
  expectLoss(found, golden.headLoss[of.name]);
});
