import type { Picture } from "../../image/index.ts";
import type { Layer } from "../layers/index.ts";
import type { InspectedNet } from "../net/index.ts";
import { Batched } from "./batched.ts";

/** A layer's map `[units, height, width]` of one picture. */
export async function activationsOf(
  net: InspectedNet,
  layer: Layer,
  values: Float32Array,
): Promise<Float32Array> {
  const program = await Batched.compile(
    net,
    1,
    (pictures) => net.rebuild({ map: layer.output }, pictures).outputs,
  );
  try {
    let map = new Float32Array(0);
    await program.run(
      1,
      (_, into) => into.set(values),
      (_, result) => {
        map = Float32Array.from(result("map"));
      },
    );
    return map;
  } finally {
    await program.close();
  }
}

/** Each unit's map in grey, from black (0, or its smallest value where it has negative ones) to white (its largest). */
export function activationPictures(map: Float32Array, { units, width, height }: Layer): Picture[] {
  const area = width * height;
  return Array.from({ length: units }, (_, unit): Picture => {
    const values = map.subarray(unit * area, (unit + 1) * area);
    const low = Math.min(
      0,
      values.reduce((a, b) => Math.min(a, b), 0),
    );
    const high = values.reduce((a, b) => Math.max(a, b), low);
    const data = new Uint8Array(3 * area);
    for (let i = 0; i < area; i++) {
      data.fill(high > low ? Math.round((255 * (values[i] - low)) / (high - low)) : 0, 3 * i, 3 * i + 3);
    }
    return { width, height, data };
  });
}
