import { FoveaError, nearestNames } from "../../core/index.ts";
import { copyGraph, transpose, upsampleNearest, type Value } from "../../graph/index.ts";
import { normalizePixels, type PixelConvention } from "../../models/index.ts";
import { averageInstead, halved } from "./average-pooling.ts";
import { chooseLayers, type LayerChoice, withOneLook } from "./choose-layers.ts";
import { isChannelsLast, type Layer, strideBetween } from "./list-layers.ts";
import { reach } from "./reach.ts";
import { reducedLayer } from "./reduced-layers.ts";

/** What a {@link FeatureNet} is made of. */
export interface FeatureNetParts {
  name: string;
  /** The net's picture at some size; maps at other sizes are built from the same nodes. */
  input: Value;
  layers: readonly Layer[];
  /** How the net takes pixels. */
  pixels: PixelConvention;
  /** Enlarges pictures by this whole number first, for nets that begin with a coarse stride. Default 1. */
  enlarge?: number;
  /** Tensors that may be named besides the listed layers. */
  tensors?: ReadonlyMap<string, Value>;
  /** The layers that serve best, where it is known; default: by rule. */
  preferred?: LayerChoice;
}

/** A trained net of which inner feature maps can be had, for pictures of any size. */
export class FeatureNet {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly #parts: FeatureNetParts;

  constructor(parts: FeatureNetParts) {
    this.name = parts.name;
    this.layers = parts.layers;
    this.#parts = parts;
  }

  /**
   * The feature maps of pictures by layer names, as nodes of the pictures' graph. A name may say that its layer looks at
   * the picture at half its size or less: `stage3.1@2`.
   *
   * @param pictures `[N, 3, H, W]` in 0…1
   * @throws FoveaError `layer-unknown`, `picture-too-small`
   */
  maps(pictures: Value, names: readonly string[], averagePooling = false): Map<string, Value> {
    try {
      return this.#mapsOf(pictures, names, averagePooling);
    } catch (cause) {
      if (!(cause instanceof FoveaError) || cause.code !== "shape-mismatch") throw cause;
      const [, , height, width] = pictures.dims;
      throw new FoveaError(
        "picture-too-small",
        `A picture of ${width}×${height} pixels is too small for the layers ${names.join(", ")} of ${this.name}; make it larger, or choose layers nearer to the pixels.`,
        { cause },
      );
    }
  }

  #mapsOf(pictures: Value, names: readonly string[], averagePooling: boolean): Map<string, Value> {
    const maps = new Map<string, Value>();
    const most = Math.max(1, ...names.map((name) => reducedLayer(name).reduction));
    let seen = pictures;
    for (let reduction = 1; reduction <= most; reduction *= 2) {
      if (reduction > 1) seen = halved(seen);
      const own = names.filter((name) => reducedLayer(name).reduction === reduction);
      if (own.length === 0) continue;
      for (const [name, map] of this.#mapsAt(seen, own, averagePooling)) maps.set(name, map);
    }
    return maps;
  }

  #mapsAt(pictures: Value, names: readonly string[], averagePooling: boolean): Map<string, Value> {
    const { input, pixels, enlarge = 1 } = this.#parts;
    const wanted = Object.fromEntries(names.map((name) => [name, this.find(name)]));
    const large = enlarge > 1 ? upsampleNearest(pictures, enlarge) : pictures;
    const normalized = normalizePixels(large, pixels);
    const entering = isChannelsLast(input) ? transpose(normalized, [0, 2, 3, 1]) : normalized;
    const { outputs } = copyGraph(wanted, {
      into: pictures.graph,
      replaced: new Map([[input, entering]]),
      rewrite: averagePooling ? averageInstead : undefined,
    });
    return new Map(Object.entries(outputs));
  }

  /**
   * The layers that a transfer looks at where none are named; throws `backbone-no-convolution`.
   * @param looks sizes at which the picture is looked at
   */
  usualLayers(looks: 1 | 2 = 2): LayerChoice {
    const { preferred, enlarge } = this.#parts;
    if (preferred) return looks === 1 ? withOneLook(preferred) : preferred;
    return chooseLayers(this.layers, this.name, { enlarge, looks });
  }

  /**
   * A tensor of the net by the name of its layer, whatever the size of the picture that it looks at, or its name in the
   * file; throws `layer-unknown`.
   */
  find(wanted: string): Value {
    const { layer: name } = reducedLayer(wanted);
    const found = this.layers.find((layer) => layer.name === name)?.value ?? this.#parts.tensors?.get(name);
    if (found && found.rank === 4) return found;
    const names = this.layers.map((layer) => layer.name);
    const [nearest] = nearestNames(name, names);
    throw new FoveaError(
      "layer-unknown",
      `Backbone ${this.name} has no layer "${name}"; did you mean "${nearest}"? Its layers are ${names.join(", ")}, each also at half the picture's size and less: ${nearest}@2, @4, @8, @16.`,
    );
  }

  /** Pixels of the picture to each side that an element of these layers sees, and the coarsest stride among them. */
  extent(names: readonly string[], averagePooling = false): { reach: number; stride: number } {
    const { input, enlarge = 1 } = this.#parts;
    const reachOf = (name: string) => {
      const { reduction } = reducedLayer(name);
      const around = reduction > 1 ? 2 * reduction : 0; // what the smooth means add
      return Math.ceil((reach(this.find(name), input, averagePooling) * reduction) / enlarge) + around;
    };
    return {
      reach: Math.max(0, ...names.map(reachOf)),
      stride: Math.max(1, ...names.map((name) => this.strideOf(name))),
    };
  }

  /** Pixels of the picture for each element of a layer's map. */
  strideOf(name: string): number {
    const { input, enlarge = 1 } = this.#parts;
    const { reduction } = reducedLayer(name);
    const stride = strideBetween(input, this.find(name));
    return Math.max(1, (stride * reduction) / enlarge);
  }
}
