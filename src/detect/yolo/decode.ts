import { tensor } from "../../core/index.ts";
import { add, clip, concat, exp, mul, reshape, sigmoid, split, type Value } from "../../graph/index.ts";
import type { BoxTensors } from "../../nn/index.ts";
import { answersPerAnchor, type YoloConfig } from "./config.ts";

/** One grid's answers, taken apart: all `[N, anchors, …, rows, columns]`. */
export interface GridAnswers {
  /** Logit of Pc, `[…, 1, …]`; none where the classes' scores tell finds from nothing. */
  confidence?: Value;
  /** Boxes in input pixels, each part `[…, 1, …]`. */
  boxes: BoxTensors;
  /** Logits of the classes, `[…, classes, …]`. */
  classes: Value;
}

/** Limit of the size logits: e⁵ = 148 times the anchor either way. */
const SIZE_LIMIT = 5;

/** Cells that a centre may lie in where neighbours answer: ±1 cell, and half a cell more, which the logistic needs. */
const NEIGHBOURHOOD_REACH = 4;

/**
 * Reads boxes off the raw answers of grid `index`, in the textbook's order: (Pc,) bx, by, bh, bw, classes.
 * The centre lies in its cell by the logistic function (YOLO9000, Redmon & Farhadi 2017, eq. 3); where
 * neighbours answer, too, its range is wider. Sizes are e^t times the anchor.
 */
export function decodeGrid(raw: Value, config: YoloConfig, index: number): GridAnswers {
  const { stride, anchors } = config.grids[index];
  const [, , , rows, columns] = raw.dims;
  const { graph } = raw;
  const ones = Array.from({ length: answersPerAnchor(config) - config.classes.length }, () => 1);
  const parts = [...split(raw, 2, [...ones, config.classes.length])];
  const confidence = config.head.score === "confidence" ? parts.shift() : undefined;
  const [tx, ty, th, tw, classes] = parts;
  const range = config.head.positives === "centre" ? 1 : NEIGHBOURHOOD_REACH;
  const along = (count: number, shape: number[]) =>
    graph.constant(
      tensor(
        Array.from({ length: count }, (_, i) => (i - (range - 1) / 2) * stride),
        shape,
      ),
    );
  const sides = (side: 0 | 1) =>
    graph.constant(
      tensor(
        anchors.map((anchor) => anchor[side]),
        [1, anchors.length, 1, 1, 1],
      ),
    );
  const centre = (t: Value, first: Value) => add(mul(sigmoid(t), range * stride), first);
  const size = (t: Value, anchor: Value) => mul(exp(clip(t, -SIZE_LIMIT, SIZE_LIMIT)), anchor);
  return {
    confidence,
    boxes: {
      cx: centre(tx, along(columns, [1, 1, 1, 1, columns])),
      cy: centre(ty, along(rows, [1, 1, 1, rows, 1])),
      width: size(tw, sides(0)),
      height: size(th, sides(1)),
    },
    classes,
  };
}

/** The classes' scores `[…, classes, …]` in 0 … 1: with a Pc, Pc · class probability. */
function scoresOf({ confidence, classes }: GridAnswers): Value {
  return confidence ? mul(sigmoid(confidence), sigmoid(classes)) : sigmoid(classes);
}

/** All grids' boxes as corners `[N, B, 4]` and scores `[N, classes, B]`. */
export function decodeAll(raws: readonly Value[], config: YoloConfig): { boxes: Value; scores: Value } {
  const count = config.classes.length;
  const grids = raws.map((raw, i) => {
    const [n, a, , rows, columns] = raw.dims;
    const answers = decodeGrid(raw, config, i);
    const { boxes } = answers;
    const cells = a * rows * columns;
    const corner = (centre: Value, side: Value, sign: number) =>
      reshape(add(centre, mul(side, sign / 2)), [n, cells, 1]);
    const corners = [-1, 1].flatMap((sign) => [
      corner(boxes.cx, boxes.width, sign),
      corner(boxes.cy, boxes.height, sign),
    ]);
    const byClass = split(
      scoresOf(answers), // [N, A, classes, rows, columns]
      2,
      Array.from({ length: count }, () => 1),
    ).map((one) => reshape(one, [n, 1, cells]));
    return { boxes: concat(corners, 2), scores: concat(byClass, 1) };
  });
  return {
    boxes: concat(
      grids.map((grid) => grid.boxes),
      1,
    ),
    scores: concat(
      grids.map((grid) => grid.scores),
      2,
    ),
  };
}
