import { FoveaError } from "../../core/index.ts";
import type { Layer } from "./list-layers.ts";

/** A layer by name, and what its term counts. */
export interface LayerWeight {
  name: string;
  /** λ, ≥ 0. */
  weight: number;
}

/** Which layers a cost looks at. */
export interface LayerChoice {
  style: readonly LayerWeight[];
  content: readonly LayerWeight[];
}

/** Style is not looked for beyond this stride: what lies deeper tells objects apart, not strokes. */
const COARSEST = 16;

/**
 * The layers that a transfer looks at where none are named. Style: on each stride the last layer of the net's main way,
 * which sees whole strokes where the first sees grain; on the coarsest, 16, the first, before a classifier begins.
 * Content: the last at stride 4, so that shapes stay while strokes are free to move.
 *
 * @throws FoveaError `backbone-no-convolution`
 */
export function chooseLayers(layers: readonly Layer[], net: string): LayerChoice {
  const main = layers.filter(({ main }) => main);
  const usable = main.length > 0 ? main : layers;
  if (usable.length === 0) {
    throw new FoveaError(
      "backbone-no-convolution",
      `Backbone ${net} has no convolution layers whose features could be compared; choose a convolutional classifier, or fovea-plain.`,
    );
  }
  const strides = [...new Set(usable.map(({ stride }) => stride))].filter((stride) => stride <= COARSEST);
  const at = (stride: number) => usable.filter((layer) => layer.stride === stride);
  const style = strides.map((stride) => (stride < COARSEST ? at(stride).at(-1)! : at(stride)[0]));
  const middle = strides.findLast((stride) => stride <= 4);
  const content = middle === undefined ? usable[0] : at(middle).at(-1)!;
  return {
    style: (style.length > 0 ? style : [usable[0]]).map(({ name }) => ({ name, weight: 1 })),
    content: [{ name: content.name, weight: 1 }],
  };
}
