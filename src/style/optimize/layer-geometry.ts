import { type Tensor, tensor } from "../../core/index.ts";
import { Graph } from "../../graph/index.ts";
import type { PictureSize } from "../../image/index.ts";
import { resizePlanes } from "../planes/index.ts";
import type { Window } from "../tiles/index.ts";
import { type CostPlan, featureMaps, PIXELS } from "./cost-plan.ts";

/** Size and channels of a feature map. */
export interface MapSize extends PictureSize {
  channels: number;
}

/** Size and channels of feature maps of a picture. */
function mapSizes(
  plan: CostPlan,
  { width, height }: PictureSize,
  layers: Iterable<string>,
): Map<string, MapSize> {
  const picture = new Graph().input("picture", [1, 3, height, width]);
  return new Map(
    [...featureMaps(plan, picture, layers)].map(([layer, { dims }]) => [
      layer,
      { channels: dims[1], height: dims[2], width: dims[3] },
    ]),
  );
}

/** Where elements of feature maps lie in a picture and in the windows that it is cut into. */
export class LayerGeometry {
  readonly picture: PictureSize;
  /** Maps of the whole picture. */
  readonly whole: ReadonlyMap<string, MapSize>;
  /** Maps of a window. */
  readonly part: ReadonlyMap<string, MapSize>;
  readonly #strides: ReadonlyMap<string, number>;

  constructor(plan: CostPlan, picture: PictureSize, window: PictureSize, layers: Iterable<string>) {
    const names = [...layers];
    this.picture = picture;
    this.whole = mapSizes(plan, picture, names);
    this.part = mapSizes(plan, window, names);
    const strideOf = (layer: string) => (layer === PIXELS ? 1 : plan.net.strideOf(layer));
    this.#strides = new Map(names.map((name) => [name, strideOf(name)]));
  }

  /** The left and top element of a window in the whole picture's map. */
  placeOf(layer: string, { x, y }: Pick<Window, "x" | "y">): { x: number; y: number } {
    const stride = this.#strides.get(layer)!;
    return { x: x / stride, y: y / stride };
  }

  /**
   * A window's weights at a layer, `[1, 1, h, w]`: a region's, or 1, where the window answers for a position, else 0.
   *
   * @param mask of the whole picture at the layer's size
   */
  coreWeights(layer: string, window: Window, mask?: Float32Array): Tensor {
    const { width, height } = this.part.get(layer)!;
    const whole = this.whole.get(layer)!;
    const stride = this.#strides.get(layer)!;
    const { x, y } = this.placeOf(layer, window);
    const { left, top, right, bottom } = window.core;
    const data = new Float32Array(width * height);
    for (let row = 0; row < height; row++) {
      if (!isWithin((y + row) * stride, top, bottom, this.picture.height)) continue;
      for (let column = 0; column < width; column++) {
        if (!isWithin((x + column) * stride, left, right, this.picture.width)) continue;
        data[row * width + column] = mask ? mask[(y + row) * whole.width + x + column] : 1;
      }
    }
    return tensor(data, [1, 1, height, width]);
  }

  /** A region's mask at the size of a layer's map of the whole picture. */
  layerMask(layer: string, mask: Float32Array): Float32Array {
    return resizePlanes(mask, this.picture, this.whole.get(layer)!, 1);
  }
}

/** Whether a position counts among those from `from` up to before `to`; the last also has what lies beyond the edge. */
function isWithin(at: number, from: number, to: number, end: number): boolean {
  return at >= from && (at < to || to === end);
}
