import { Resize } from "../../../graph/index.ts";
import { TfTensor } from "../tf-tensor.ts";
import type { Conversion, Converter } from "./conversion.ts";

/** Which pixel of the input a pixel of the result comes from, in ONNX's words. */
function coordinates({ attributes }: Conversion): string {
  if (attributes.flag("align_corners")) return "align_corners";
  return attributes.flag("half_pixel_centers") ? "half_pixel" : "asymmetric";
}

function resized(mode: "linear" | "nearest"): Converter {
  return (conversion) => {
    const { graph, inputs } = conversion;
    const [x, size] = inputs;
    const [height, width] = size.numbers("The size of a resized picture");
    const coordinate_transformation_mode = coordinates(conversion);
    const attributes = {
      mode,
      coordinate_transformation_mode,
      // TensorFlow takes the floor of (i + ½) · scale, which is the nearest of what ONNX computes, halves up.
      ...(mode === "nearest"
        ? { nearest_mode: coordinate_transformation_mode === "asymmetric" ? "floor" : "round_prefer_ceil" }
        : {}),
    };
    const sizes = graph.integers([x.dims[0], x.dims[3], height, width]);
    return [
      TfTensor.channelsFirst(graph.apply(Resize, [x.first, undefined, undefined, sizes], attributes)[0]),
    ];
  };
}

/** Enlarging and shrinking of maps. */
export const resizing: Readonly<Record<string, Converter>> = {
  ResizeBilinear: resized("linear"),
  ResizeNearestNeighbor: resized("nearest"),
};
