import { type Pads, samePads } from "../../same-padding.ts";
import { type Conversion, unsupported } from "./conversion.ts";

/** Window, strides and padding of a convolution or pool over the two axes of pictures. */
export interface Window {
  strides: [number, number];
  dilations: [number, number];
  /** Before rows, before columns, after rows, after columns: ONNX's order. */
  pads: Pads;
}

/**
 * Reads a node's geometry. "SAME" puts the odd row or column of padding at the end, as ONNX's SAME_UPPER.
 *
 * @param size rows and columns of the input; @param kernel those of the window
 * @throws `operator-unsupported` for other orders of axes than NHWC
 */
export function windowOf(
  conversion: Pick<Conversion, "op" | "name" | "attributes">,
  size: readonly number[],
  kernel: readonly number[],
): Window {
  const { attributes } = conversion;
  const format = attributes.text("data_format", "NHWC");
  if (format !== "NHWC") throw unsupported(conversion, `data_format "${format}"`);
  const [, strideY = 1, strideX = 1] = attributes.integers("strides");
  const [, dilationY = 1, dilationX = 1] = attributes.integers("dilations");
  const strides: [number, number] = [strideY, strideX];
  const dilations: [number, number] = [dilationY, dilationX];
  return { strides, dilations, pads: padsOf(conversion, size, kernel, strides, dilations) };
}

function padsOf(
  conversion: Pick<Conversion, "op" | "name" | "attributes">,
  size: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): Pads {
  const padding = conversion.attributes.text("padding", "VALID");
  if (padding === "VALID") return [0, 0, 0, 0];
  if (padding === "EXPLICIT") {
    const [, , top, bottom, left, right] = conversion.attributes.integers("explicit_paddings");
    return [top, left, bottom, right];
  }
  if (padding !== "SAME") throw unsupported(conversion, `padding "${padding}"`);
  return samePads(size, kernel, strides, dilations);
}
