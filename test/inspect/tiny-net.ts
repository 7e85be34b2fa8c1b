import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Tensor, tensor } from "../../src/core/index.ts";
import {
  cast,
  conv,
  encodeModel,
  Graph,
  globalAveragePool,
  maxPool,
  relu,
  reshape,
  softmax,
  type Value,
} from "../../src/graph/index.ts";
import { encodePicture, type Picture } from "../../src/image/index.ts";
import { letterboxGraph } from "../../src/models/index.ts";

/** Side of the tiny net's pictures. */
export const SIDE = 24;

/**
 * A net whose units are known: "edges" has one for light left of dark, one for light above dark, one for red, and one
 * that never answers; "corners" looks for the first two together, and for red, within 8 pixels. Two classes: the means.
 */
export function tinyNet(metadata: Record<string, string> = {}): Uint8Array {
  const graph = new Graph();
  const pictures = graph.input("pictures", [1, 3, SIDE, SIDE]);
  const edges = new Float32Array(4 * 3 * 9);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < 9; i++) {
      const [x, y] = [i % 3, Math.floor(i / 3)];
      edges[(0 * 3 + c) * 9 + i] = 1 - x;
      edges[(1 * 3 + c) * 9 + i] = 1 - y;
      edges[(2 * 3 + c) * 9 + i] = c === 0 ? 1 : -0.6;
      edges[(3 * 3 + c) * 9 + i] = -1;
    }
  }
  const corners = new Float32Array(2 * 4 * 9);
  for (let i = 0; i < 9; i++) {
    corners[i] = 1;
    corners[9 + i] = 1;
    corners[(4 + 2) * 9 + i] = 1;
  }
  const weights = (name: string, shape: number[], data: Float32Array): Value => {
    const value: Tensor = tensor(data, shape);
    return graph.constant(value, `net.${name}.weight`);
  };
  const a = relu(conv(pictures, weights("edges", [4, 3, 3, 3], edges), undefined, { padding: 1 }));
  const pooled = maxPool(a, { kernelSize: 2 });
  const b = relu(conv(pooled, weights("corners", [2, 4, 3, 3], corners), undefined, { padding: 1 }));
  const probabilities = softmax(reshape(globalAveragePool(b), [-1, 2]), 1);
  return encodeModel({ outputs: { probabilities }, metadata });
}

/** A file that letterboxes pictures of any size in grey (114) and then asks how bright 3×3 pixels are: one unit. */
export function letterboxedNet(): Uint8Array {
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const { pictures } = letterboxGraph(image, { width: SIDE, height: SIDE });
  const filter = graph.constant(tensor(new Float32Array(27).fill(1 / 27), [1, 3, 3, 3]), "bright.weight");
  const map = relu(conv(cast(pictures, "float32"), filter, undefined, { padding: 1 }));
  return encodeModel({ outputs: { mean: reshape(globalAveragePool(map), [1]) } });
}

/** A grey picture with a disc of a colour in it. */
export function disc(index: number, [red, green, blue]: readonly [number, number, number]): Picture {
  const data = new Uint8Array(3 * SIDE * SIDE).fill(96);
  const [cx, cy] = [7 + (index % 3) * 5, 7 + (Math.floor(index / 3) % 3) * 5];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if ((x - cx) ** 2 + (y - cy) ** 2 < 25) data.set([red, green, blue], 3 * (y * SIDE + x));
    }
  }
  return { width: SIDE, height: SIDE, data };
}

/** The net and pictures of discs, light ones and red ones, in folders of their own. */
export async function writeTinySet(folder: string, count = 14): Promise<{ model: string; data: string }> {
  const model = join(folder, "tiny.onnx");
  const data = join(folder, "discs");
  await mkdir(join(data, "red"), { recursive: true });
  await mkdir(join(data, "light"), { recursive: true });
  await writeFile(model, tinyNet());
  for (let i = 0; i < count; i++) {
    const isRed = i % 2 === 1;
    const level = 150 + Math.floor((100 * i) / count);
    const picture = disc(i, isRed ? [level, 20, 20] : [level, level, level]);
    const file = join(data, isRed ? "red" : "light", `${String(i).padStart(2, "0")}.png`);
    await writeFile(file, await encodePicture(picture, "png"));
  }
  return { model, data };
}
