import { describe, expect, it } from "vitest";
import { Random, type Tensor, tensor } from "../../../src/core/index.ts";
import { drawRegions } from "../../../src/detect/rcnn/draw-regions.ts";
import {
  encodeBoxes,
  headMatching,
  headSampling,
  headWeights,
  matchBoxes,
  rpnWeights,
} from "../../../src/detect/rcnn/index.ts";
import { poolRegions } from "../../../src/detect/rcnn/pool-regions.ts";
import { selectRegions } from "../../../src/detect/rcnn/select-regions.ts";
import { clipBox, nms, type Xyxy } from "../../../src/geometry/index.ts";
import { Graph } from "../../../src/graph/index.ts";
import { compile } from "../../../src/runtime/index.ts";
import { expectClose } from "../../graph/closeness.ts";
import { decodeBoxes } from "./oracles.ts";

const input = { width: 96, height: 64 };

/** Boxes that overlap in groups, some beyond the input. */
function drawBoxes(random: Random, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [20 * (i % 5) - 4 + random.uniform(-1, 1), 16 * (i % 4) - 4 + random.uniform(-1, 1)];
    return [x, y, x + random.uniform(20, 24), y + random.uniform(20, 24)];
  }).flat();
}

describe("selectRegions", () => {
  async function select(objectness: number[], codes: number[], anchors: number[], after: number) {
    const graph = new Graph();
    const count = objectness.length;
    const regions = selectRegions(
      graph.input("objectness", [count]),
      graph.input("codes", [count, 4]),
      graph.input("anchors", [count, 4]),
      input,
      { before: 30, after },
    );
    const program = await compile({ outputs: { ...regions }, threads: 1 });
    const { boxes, valid } = await program.run({
      objectness: tensor(objectness, [count]),
      codes: tensor(codes, [count, 4]),
      anchors: tensor(anchors, [count, 4]),
    });
    const found = { boxes: [...(boxes.data as Float32Array)], valid: [...(valid.data as Float32Array)] };
    await program.release();
    return found;
  }

  it("decodes, clips and suppresses as the plain functions do", async () => {
    const random = new Random(5);
    const anchors = drawBoxes(random, 60);
    const codes = Array.from({ length: 240 }, () => random.uniform(-0.06, 0.06));
    const objectness = Array.from({ length: 60 }, () => random.uniform(-6, 6));
    const order = objectness.map((_, i) => i).sort((a, b) => objectness[b] - objectness[a]).slice(0, 30); // biome-ignore format: one thing
    const decoded = decodeBoxes(codes, anchors, rpnWeights);
    const clipped = order.map((i) =>
      clipBox([...decoded.subarray(4 * i, 4 * i + 4)] as unknown as Xyxy, 96, 64),
    );
    const kept = nms(clipped.flat(), order.map((_, rank) => -rank), { iouThreshold: 0.7 }); // biome-ignore format: one thing
    expect(kept.length).toBeGreaterThan(12);
    expect(kept.length).toBeLessThan(30);

    const few = await select(objectness, codes, anchors, 12);
    expectClose(few.boxes, kept.slice(0, 12).flatMap((i) => [...clipped[i]]), { relative: 1e-4, ofLargest: 1e-5 }, "boxes"); // biome-ignore format: one thing
    expect(few.valid).toEqual(new Array(12).fill(1));

    const many = await select(objectness, codes, anchors, 30);
    expect(many.valid).toEqual(Array.from({ length: 30 }, (_, i) => Number(i < kept.length)));
  });

  it("keeps boxes within the input and at least a pixel large, wherever they are", async () => {
    const anchors = [-50, -50, -40, -40, 200, 200, 210, 210, 10, 10, 10.1, 10.1];
    const { boxes } = await select([3, 2, 1], new Array(12).fill(0), anchors, 3);
    for (let i = 0; i < 12; i += 4) {
      const [x1, y1, x2, y2] = boxes.slice(i, i + 4);
      expect(x2 - x1).toBeGreaterThanOrEqual(0.999);
      expect(y2 - y1).toBeGreaterThanOrEqual(0.999);
      expect(x1 >= 0 && y1 >= 0 && x2 <= 96 && y2 <= 64).toBe(true);
    }
  });
});

describe("drawRegions", () => {
  const room = 6;
  const classes = 3;

  async function draw(
    proposals: number[],
    valid: number[],
    objects: number[],
    labels: number[],
    random: number[],
  ) {
    const graph = new Graph();
    const [p, g] = [valid.length, room];
    const drawn = drawRegions(
      { boxes: graph.input("proposals", [p, 4]), valid: graph.input("valid", [p]) },
      { boxes: graph.input("objects", [g, 4]), labels: graph.input("objectLabels", [g, classes]) },
      graph.input("random", [p + g]),
    );
    const program = await compile({ outputs: { ...drawn }, threads: 1 });
    const found = await program.run({
      proposals: tensor(proposals, [p, 4]),
      valid: tensor(valid, [p]),
      objects: tensor([...objects, ...new Array(4 * g - objects.length).fill(0)], [g, 4]),
      objectLabels: tensor([...labels, ...new Array(classes * g - labels.length).fill(0)], [g, classes]),
      random: tensor(random, [p + g]),
    });
    const rows = (name: keyof typeof found, width: number) =>
      Array.from({ length: headSampling.count }, (_, i) => [
        ...(found[name].data as Float32Array).slice(width * i, width * (i + 1)),
      ]);
    const result = { boxes: rows("boxes", 4), labels: rows("labels", classes), targets: rows("targets", 4) };
    await program.release();
    return result;
  }

  const random = new Random(11);
  const objects = [10, 10, 40, 40, 50, 20, 80, 60];
  const labels = [0, 0, 1, 0, 1, 0]; // of class 2 and class 1
  const near = Array.from({ length: 80 }, (_, i) => objects.slice(4 * (i % 2), 4 * (i % 2) + 4).map((v) => v + random.uniform(-5, 5))); // biome-ignore format: one thing
  const far = Array.from({ length: 150 }, () => {
    const [x, y] = [random.uniform(0, 60), random.uniform(0, 40)];
    return [x, y, x + random.uniform(4, 12), y + random.uniform(4, 12)];
  });
  const proposals = [...near, ...far].map((box) => box.map(Math.fround));
  const draws = () => Array.from({ length: proposals.length + room }, () => random.next());
  const all = proposals.map(() => 1);

  it("labels and codes what it draws as the plain functions do", async () => {
    const found = await draw(proposals.flat(), all, objects, labels, draws());
    const positives = headSampling.count * headSampling.positiveShare;
    const matches = matchBoxes(found.boxes.flat(), objects, headMatching);
    for (const [i, match] of matches.entries()) {
      expect(i < positives).toBe(match >= 0);
      if (match < 0) {
        expect(found.labels[i]).toEqual([1, 0, 0]);
        expect(found.targets[i]).toEqual([0, 0, 0, 0]);
      } else {
        expect(found.labels[i]).toEqual(labels.slice(3 * match, 3 * match + 3));
        const expected = encodeBoxes(objects.slice(4 * match, 4 * match + 4), found.boxes[i], headWeights);
        expectClose(found.targets[i], [...expected], { relative: 1e-4, ofLargest: 1e-4 }, `region ${i}`);
      }
    }
    expect(new Set(found.boxes.map((box) => box.join())).size).toBe(headSampling.count); // none twice
  });

  it("draws others by other random numbers", async () => {
    const numbers = draws();
    const first = await draw(proposals.flat(), all, objects, labels, numbers);
    expect(await draw(proposals.flat(), all, objects, labels, numbers)).toEqual(first);
    expect(await draw(proposals.flat(), all, objects, labels, draws())).not.toEqual(first);
  });

  it("takes the objects themselves where no proposal meets one, and leaves places empty", async () => {
    const found = await draw(far.flat(), far.map(() => 1), objects, labels, draws().slice(-far.length - room)); // biome-ignore format: one thing
    const positives = found.labels.filter(
      ([background, ...classes]) => background === 0 && Math.max(...classes) > 0,
    );
    expect(positives.length).toBe(2);
    for (const target of found.targets) expect(Math.max(...target.map(Math.abs))).toBeLessThan(1e-5);
    expect(found.labels.filter((label) => label.every((v) => v === 0)).length).toBe(30);
  });

  it("draws background only without objects, and nothing without proposals", async () => {
    const without = await draw(proposals.flat(), all, [], [], draws());
    expect(without.labels.filter(([background]) => background === 1).length).toBe(96);
    expect(without.targets.flat().every((v) => v === 0)).toBe(true);
    const nothing = await draw(proposals.flat(), proposals.map(() => 0), [], [], draws()); // biome-ignore format: one thing
    expect(nothing.labels.flat().every((v) => v === 0)).toBe(true);
    expect(nothing.targets.flat().every((v) => v === 0)).toBe(true);
  });
});

describe("poolRegions", () => {
  const levels = [8, 16, 32];
  const sizes = [112, 56, 28];

  async function pool(boxes: readonly number[], strides: readonly number[]): Promise<number[]> {
    const graph = new Graph();
    const maps = levels.map((stride, i) => ({
      stride,
      value: graph.input(`map${i}`, [1, 2, sizes[i], sizes[i]]),
    }));
    const regions = graph.input("regions", [boxes.length / 4, 4]);
    const pooled = poolRegions(
      maps.filter(({ stride }) => strides.includes(stride)),
      [regions],
      3,
    );
    const program = await compile({ outputs: { pooled }, threads: 1 });
    const feeds: Record<string, Tensor> = { regions: tensor([...boxes], [boxes.length / 4, 4]) };
    for (const [i, side] of sizes.entries()) {
      const random = new Random(i);
      const values = Array.from({ length: 2 * side * side }, () => random.uniform(-1, 1));
      if (strides.includes(levels[i])) feeds[`map${i}`] = tensor(values, [1, 2, side, side]);
    }
    const { data } = (await program.run(feeds)).pooled;
    await program.release();
    return [...(data as Float32Array)];
  }

  it("takes each region from the map that suits its size", async () => {
    // k = floor(4 + log2(side / 112)), and 3, 4 and 5 are the maps of strides 8, 16 and 32.
    const cases: [box: number[], stride: number][] = [
      [[10, 10, 30, 40], 8],
      [[0, 0, 111, 111], 8],
      [[0, 0, 113, 113], 16],
      [[50, 0, 100, 400], 16],
      [[0, 0, 225, 225], 32],
      [[0, 0, 896, 896], 32],
      [[5, 5, 5, 5], 8],
    ];
    const pooled = await pool(
      cases.flatMap(([box]) => box),
      levels,
    );
    for (const [i, [box, stride]] of cases.entries()) {
      const own = pooled.slice(18 * i, 18 * (i + 1));
      expectClose(own, await pool(box, [stride]), { relative: 1e-6, ofLargest: 1e-6 }, `box ${box}`);
    }
  });
});
