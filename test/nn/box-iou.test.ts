import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.ts";
import { Random } from "../../src/core/index.ts";
import { ciou, cxcywhToXyxy, diou, giou, iou, type Xyxy } from "../../src/geometry/index.ts";
import { Graph, reduceSum } from "../../src/graph/index.ts";
import { type BoxTensors, boxIou, type IouKind } from "../../src/nn/index.ts";
import { evaluate } from "../autodiff/evaluate.ts";
import { expectClose } from "../graph/closeness.ts";

const kinds: Record<IouKind, (a: Xyxy, b: Xyxy) => number> = { iou, giou, diou, ciou };
const parts = ["cx", "cy", "width", "height"] as const;
type Columns = Record<(typeof parts)[number], number[]>;

function randomBoxes(random: Random, count: number): Columns {
  const draw = (low: number, high: number) => Array.from({ length: count }, () => random.uniform(low, high));
  return { cx: draw(0, 60), cy: draw(0, 60), width: draw(1, 50), height: draw(1, 50) };
}

function corners(columns: Columns): Xyxy[] {
  return columns.cx.map((cx, i) => cxcywhToXyxy([cx, columns.cy[i], columns.width[i], columns.height[i]]));
}

/** The graph's measures of boxes against boxes, and the variant's gradient by the first ones. */
async function measure(a: Columns, b: Columns, kind: IouKind) {
  const graph = new Graph();
  const tensors = (side: string) =>
    Object.fromEntries(
      parts.map((part) => [part, graph.input(side + part, [a.cx.length])]),
    ) as unknown as BoxTensors;
  const [first, second] = [tensors("a"), tensors("b")];
  const measures = boxIou(first, second, kind);
  const [cx, cy, width, height] = grad(
    reduceSum(measures.variant, undefined, false),
    parts.map((part) => first[part]),
  ).map((gradient) => gradient!);
  const feeds = Object.fromEntries(
    parts.flatMap((part) => [
      [`a${part}`, a[part]],
      [`b${part}`, b[part]],
    ]),
  );
  return evaluate({ ...measures, cx, cy, width, height }, feeds);
}

describe.each(Object.entries(kinds))("boxIou: %s", (name, plain) => {
  const kind = name as IouKind;

  it("is geometry's on random boxes", async () => {
    const random = new Random(5);
    const [a, b] = [randomBoxes(random, 500), randomBoxes(random, 500)];
    const [aCorners, bCorners] = [corners(a), corners(b)];
    const result = await measure(a, b, kind);
    const close = { relative: 1e-5, ofLargest: 1e-6 };
    expectClose(
      result.iou,
      aCorners.map((box, i) => iou(box, bCorners[i])),
      close,
      "iou",
    );
    expectClose(
      result.variant,
      aCorners.map((box, i) => plain(box, bCorners[i])),
      close,
      name,
    );
    expect(result.iou.filter((value) => value === 0).length, "boxes apart").toBeGreaterThan(50);
    expect(result.iou.filter((value) => value > 0.2).length, "boxes that meet").toBeGreaterThan(50);
  });

  it("is 1 for a box with itself", async () => {
    const a = randomBoxes(new Random(6), 50);
    const { variant } = await measure(a, a, kind);
    expectClose(
      variant,
      a.cx.map(() => 1),
      { relative: 1e-5, ofLargest: 0 },
      name,
    );
  });

  it(`${kind === "iou" ? "cannot pull" : "pulls"} together boxes that do not meet`, async () => {
    const a: Columns = { cx: [10], cy: [10], width: [4], height: [6] };
    const b: Columns = { cx: [30], cy: [10], width: [5], height: [5] };
    const { cx, variant } = await measure(a, b, kind);
    if (kind === "iou") {
      expect([...cx, ...variant]).toEqual([0, 0]);
    } else {
      expect(cx[0], "a step to the right helps").toBeGreaterThan(1e-3);
      expect(variant[0]).toBeLessThan(0);
    }
  });
});
