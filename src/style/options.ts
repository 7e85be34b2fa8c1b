import type { Picture, PictureSource } from "../image/index.ts";
import type { DeviceOptions } from "../runtime/index.ts";
import type { CostRecipe } from "./cost/index.ts";
import type { LayerWeight } from "./net/index.ts";

/** A picture in memory, a path, or the bytes of a picture file. */
export type PictureInput = Picture | PictureSource;

/** A picture whose manner is taken. */
export interface StyleInput {
  picture: PictureInput;
  /** How much it counts beside the others, > 0; default 1. */
  weight?: number;
  /**
   * Where it goes: white for wholly, black for not at all; any size. Styles without a mask share what the masks of
   * the others leave, or everything where there are none.
   */
  mask?: PictureInput;
}

/** What is compared, and how. */
export interface CostOptions extends DeviceOptions, Partial<CostRecipe> {
  /** The net whose features are compared: a backbone of Fovea's by name, or an .onnx file. Default "fovea-plain". */
  backbone?: string;
  /** How an .onnx file takes pixels: 0-1, -1-1, 0-255, imagenet or caffe; default: what it says itself, else imagenet. */
  pixels?: string;
  /** "fovea" (default), or "gatys" for the textbook's cost; the parts of a recipe may be changed one by one. */
  recipe?: string;
  /** λ of the style layers by name; default: chosen by a rule. */
  styleLayers?: readonly LayerWeight[];
  contentLayers?: readonly LayerWeight[];
}

/** How to paint; everything has a default that was chosen by eye. */
export interface StyleOptions extends CostOptions {
  /** Longer side of the result in pixels; default 512. */
  size?: number;
  /** "lbfgs" (default) or "adam". */
  optimizer?: "lbfgs" | "adam";
  /** Steps, over all scales together; default 300. There are never more scales than steps. */
  iterations?: number;
  /** Milliseconds, instead of `iterations`. */
  timeMs?: number;
  /** Sizes that the picture grows through, each twice the one before; default: from about 128 pixels. */
  scales?: number;
  /** What the first picture is. */
  init?: "content" | "noise" | "style";
  /** Size of a style's strokes relative to the picture: 1 shows it as large as the picture itself. */
  styleScale?: number;
  /** The content's own colours: of the style only lightness and strokes are taken. */
  keepColors?: boolean;
  /** Seed of the noise. */
  seed?: number;
  /**
   * Side of the windows in which a large picture is computed, in pixels; it says how much memory is needed, and
   * how far around its own part a window sees. Default: 512 for pictures above 900,000 pixels, which otherwise go in one piece.
   */
  tile?: number;
  /** Told after each step. */
  onProgress?: (progress: StyleProgress) => void;
  /** Given the picture so far after every `snapshotEvery` steps. */
  onSnapshot?: (picture: Picture, progress: StyleProgress) => void | Promise<void>;
  /** Default 50. */
  snapshotEvery?: number;
  /** Asks to stop; the picture so far is the result. */
  signal?: AbortSignal;
}

/** Where a transfer stands. */
export interface StyleProgress {
  /** Steps done, of how many; the latter follows from the pace where time is given. */
  iteration: number;
  iterations: number;
  /** Share that is done, 0…1. */
  progress: number;
  /** The scale under way, from 1, its picture's size, and how many there are. */
  scale: number;
  scales: number;
  width: number;
  height: number;
  /** J before the step, and its parts with their weights. */
  cost: number;
  content: number;
  style: number;
  variation: number;
  elapsedMs: number;
}

/** What a transfer gives. */
export interface StyleResult {
  picture: Picture;
  /** Of the last step; undefined where there was none. */
  last: StyleProgress | undefined;
  interrupted: boolean;
  /** J and its parts before each step. Where the last one's `scale` is below its `scales`, the picture was enlarged. */
  history: readonly StyleProgress[];
}
