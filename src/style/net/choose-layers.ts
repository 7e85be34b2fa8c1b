import { FoveaError } from "../../core/index.ts";
import type { Layer } from "./list-layers.ts";
import { reducedLayer, reducedName } from "./reduced-layers.ts";

/** A layer by name, and what its term counts. */
export interface LayerWeight {
  /** `stage3.1`, or `stage3.1@2` where it looks at the picture at half its size; 2, 4, 8 or 16. */
  name: string;
  /** λ, ≥ 0. */
  weight: number;
}

/** Which layers a cost looks at. */
export interface LayerChoice {
  style: readonly LayerWeight[];
  content: readonly LayerWeight[];
}

/** How a net is used. */
export interface ChooseOptions {
  /** How many times larger than the picture what it looks at is; default 1. */
  enlarge?: number;
  /** Sizes at which it looks at the picture: 2 (default), or 1 as in the textbook. */
  looks?: 1 | 2;
}

/** Style is not looked for beyond this stride: what lies deeper tells objects apart, not strokes. */
const COARSEST = 16;

/** Nor before this one, where a net looks twice: single pixels make grain. */
const FINEST = 2;

/**
 * The layers that a transfer looks at where none are named. A net looks at the picture twice. As it is, for the grain of
 * strokes: the last layer of the main way on each stride of its own from 2 to 8, which sees whole strokes where the
 * first sees specks. And at half the size, for what a net of small pictures knows only when it is small: the same, and
 * the first layer on stride 16, before a classifier begins. Content: the last layer at stride 4 of the picture, so that
 * shapes stay while strokes are free to move.
 *
 * @throws FoveaError `backbone-no-convolution`
 */
export function chooseLayers(
  layers: readonly Layer[],
  net: string,
  options: ChooseOptions = {},
): LayerChoice {
  const { enlarge = 1, looks = 2 } = options;
  const main = layers.filter(({ main }) => main);
  const usable = main.length > 0 ? main : layers;
  if (usable.length === 0) {
    throw new FoveaError(
      "backbone-no-convolution",
      `Backbone ${net} has no convolution layers whose features could be compared; choose a convolutional classifier, or fovea-plain.`,
    );
  }
  const at = (stride: number) => usable.filter((layer) => layer.stride * enlarge === stride);
  const chosen = (stride: number) => (stride < COARSEST ? at(stride).at(-1)! : at(stride)[0]).name;
  const strides = [...new Set(usable.map(({ stride }) => stride * enlarge))].filter((s) => s <= COARSEST);
  const coarse = strides.some((s) => s >= FINEST) ? strides.filter((s) => s >= FINEST) : strides;
  const fine = coarse.filter((stride) => stride < COARSEST);
  const style =
    looks === 1
      ? strides.map(chosen)
      : [...fine.map(chosen), ...coarse.map((stride) => reducedName(chosen(stride), 2))];
  const content = usable.findLast(({ stride }) => stride <= 4) ?? usable[0];
  return {
    style: (style.length > 0 ? style : [usable[0].name]).map((name) => ({ name, weight: 1 })),
    content: [{ name: content.name, weight: 1 }],
  };
}

/** A choice whose layers all look at the picture as it is. */
export function withOneLook({ style, content }: LayerChoice): LayerChoice {
  const once = new Map(style.map(({ name, weight }) => [reducedLayer(name).layer, weight]));
  return { style: [...once].map(([name, weight]) => ({ name, weight })), content };
}
