import type { Tensor } from "../../core/index.ts";
import { cut, encodeModel, type Value } from "../../graph/index.ts";
import type { Picture } from "../../image/index.ts";
import type { PixelConvention } from "../../models/index.ts";
import { type DeviceOptions, Program } from "../../runtime/index.ts";
import { type Fit, fitPicture } from "./fit-picture.ts";
import type { PictureEntry } from "./picture-path.ts";
import { toNetValues, toPixels } from "./picture-tensor.ts";
import type { PixelBox, View } from "./view.ts";

/** Makes views of pictures. */
export interface Preparation {
  /** Whether something may be put around pictures. */
  readonly pads: boolean;
  view(picture: Picture): Promise<View>;
  close(): Promise<void>;
}

/** For nets that take pictures of one size: cropped, padded or stretched to it. */
export function prepareByFitting({ layout }: PictureEntry, fit: Fit, values: PixelConvention): Preparation {
  return {
    pads: fit === "pad",
    async view(picture) {
      const { pixels, content } = await fitPicture(picture, layout, fit);
      return { pixels, content, values: toNetValues(pixels, layout, values) };
    },
    close: async () => {},
  };
}

/** For files that prepare pictures themselves: what they do before the net begins, done as they do it. */
export async function prepareByFile(
  image: Value,
  { picture, layout }: PictureEntry,
  device: DeviceOptions,
): Promise<Preparation> {
  const front = cut({ picture }, { [image.name]: image });
  const program = await Program.load(encodeModel({ outputs: front.outputs }), device);
  const run = async ({ width, height, data }: Picture): Promise<Float32Array> => {
    const feed: Tensor = { dtype: "uint8", shape: [height, width, 3], data };
    const results = await program.run({ [image.name]: feed });
    return Float32Array.from(results.picture.data as Float32Array);
  };
  const boxes = new Map<string, PixelBox>();
  /** What changes between a black and a white picture shows the picture. */
  const contentOf = async ({ width, height }: Picture): Promise<PixelBox> => {
    const key = `${width}×${height}`;
    let box = boxes.get(key);
    if (!box) {
      const plain = (value: number) => ({
        width,
        height,
        data: new Uint8Array(3 * width * height).fill(value),
      });
      box = changedBox(await run(plain(0)), await run(plain(255)), layout);
      boxes.set(key, box);
    }
    return box;
  };
  return {
    pads: true,
    async view(given) {
      const values = await run(given);
      const content = await contentOf(given);
      return { pixels: toPixels({ dtype: "float32", shape: [], data: values }, layout), values, content };
    },
    close: () => program.release(),
  };
}

/** The smallest box around the pixels at which two pictures differ; all of it where none does. */
function changedBox(
  a: Float32Array,
  b: Float32Array,
  { width, height, channels, channelsLast }: PictureEntry["layout"],
): PixelBox {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * (channelsLast ? channels : 1);
      if (a[at] === b[at]) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
  }
  return left < right ? [left, top, right, bottom] : [0, 0, width, height];
}
