/** Zeros around the two axes of pictures: before rows, before columns, after rows, after columns (ONNX's order). */
export type Pads = readonly [top: number, left: number, bottom: number, right: number];

/**
 * TensorFlow's padding "SAME": as many windows as strides fit into the input; an odd row or column goes to the end, as
 * in ONNX's SAME_UPPER.
 *
 * @param size rows and columns of the input; @param kernel those of the window
 */
export function samePads(
  size: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[] = [1, 1],
): Pads {
  const [rows, columns] = [0, 1].map((i) => {
    const windows = Math.ceil(size[i] / strides[i]);
    const reach = (windows - 1) * strides[i] + dilations[i] * (kernel[i] - 1) + 1;
    return Math.max(0, reach - size[i]);
  });
  const [top, left] = [rows >> 1, columns >> 1];
  return [top, left, rows - top, columns - left];
}
