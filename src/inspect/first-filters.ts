import { fromFloat16 } from "../graph/index.ts";
import type { Picture } from "../image/index.ts";
import { constantBehind, type Layer } from "./layers/index.ts";

/**
 * The filters of a layer that looks at the picture itself, as pictures: each one scaled so that 0 is mid-grey and its
 * largest weight full colour. Undefined for other layers, whose filters have other inputs than colours.
 */
export function firstFilters({ convolution, figures }: Layer, bgr = false): Picture[] | undefined {
  const filters = convolution && constantBehind(convolution.inputs[1]!);
  const given = filters?.constant;
  if (!convolution || !given || given.shape.length !== 4) return undefined;
  const { data, shape } = given.dtype === "float16" ? fromFloat16(given) : given;
  const [count, channels, height, width] = shape;
  const seesColours = channels === convolution.inputs[0]?.dims[1] && (channels === 3 || channels === 1);
  if (!seesColours || figures.size !== width) return undefined;
  const area = height * width;
  return Array.from({ length: count }, (_, unit): Picture => {
    const weights = Array.from(data.subarray(unit * channels * area, (unit + 1) * channels * area), Number);
    const largest = Math.max(...weights.map(Math.abs), 1e-12);
    const pixels = new Uint8Array(3 * area);
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) {
        const channel = channels === 1 ? 0 : bgr ? 2 - c : c;
        pixels[3 * i + c] = Math.round(127.5 + (127.5 * weights[channel * area + i]) / largest);
      }
    }
    return { width, height, data: pixels };
  });
}
