import { activations } from "./activations.ts";
import { arithmetic, dataTypeOfTf } from "./arithmetic.ts";
import type { Conversion, Converter } from "./conversion.ts";
import { convolutions } from "./convolution.ts";
import { resizing } from "./resizing.ts";
import { selection } from "./selection.ts";
import { shaping } from "./shaping.ts";

export { type Conversion, type Converter, dataTypeOfTf };

/** How each operation of TensorFlow becomes nodes of an ONNX graph. */
export const converters: Readonly<Record<string, Converter>> = {
  ...activations,
  ...arithmetic,
  ...convolutions,
  ...resizing,
  ...selection,
  ...shaping,
};
