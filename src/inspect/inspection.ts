import type { Picture } from "../image/index.ts";
import type { PixelBox } from "./net/index.ts";

/** One of the patches that move a unit most. */
export interface PatchFound {
  /** Name of the picture in the data. */
  picture: string;
  activation: number;
  /** What the unit saw, in pixels of the net's input. */
  box: PixelBox;
}

/** What was found of a unit. */
export interface UnitFound {
  unit: number;
  /** By falling activation, one of a picture at most. */
  patches: PatchFound[];
  /** Share of the pictures that move it above 0 somewhere, of those that can be read. */
  fires: number;
  /** Mean over these pictures of its largest activation. */
  meanActivation: number;
  /** Its activation by the picture that was made for it, before the activation function. */
  synthesised?: number;
}

/** What was found of a layer. */
export interface LayerFound {
  name: string;
  /** Name of its map in the file. */
  tensor: string;
  units: number;
  /** Places of the map. */
  height: number;
  width: number;
  /**
   * Receptive field in pixels of the net's input, along the width (along the height where only that is not seen from end
   * to end): where the first begins, how far apart, how large; and whether each place sees the whole picture.
   */
  field: { offset: number; stride: number; size: number; whole: boolean };
  /** Whether gates or norms let each place know of the whole picture besides. */
  gated: boolean;
  /** Units that no picture moved above 0. */
  silent: number;
  shown: UnitFound[];
}

/** What was found of a net. */
export interface Inspection {
  model: string;
  /** What the file says it is for, where Fovea made it. */
  task?: string;
  /** How pictures are brought in, in words. */
  preparation: string;
  input: { width: number; height: number };
  data: string;
  /** Pictures of the data, and how many were looked at, those that cannot be read among them. */
  pictures: number;
  looked: number;
  failures: { name: string; message: string }[];
  layers: LayerFound[];
  /** Whether all that was asked for is there. */
  complete: boolean;
}

/** The pictures of a layer, in the order of its shown units. */
export interface LayerPictures {
  /** Tiles of one size; undefined where a patch could not be read again. */
  patches: (Picture | undefined)[][];
  synthesised: (Picture | undefined)[];
  /** The layer's filters, where it looks at colours. */
  filters: Picture[] | undefined;
}

/** What is shown of some layers, in their order: first without patches and made pictures, which are added one after the other. */
export interface ShownLayers {
  found: LayerFound[];
  drawn: LayerPictures[];
}
