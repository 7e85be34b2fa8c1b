import { messageOf } from "../../core/index.ts";
import type { Tensors } from "../../runtime/index.ts";
import type { Layer } from "../layers/index.ts";
import type { InspectedNet, View } from "../net/index.ts";
import { addColours, type ColourSums, samplePixels } from "./colour-sums.ts";
import type { DataPictures } from "./data-pictures.ts";
import { ScanProgram } from "./scan-program.ts";
import type { TopPatches } from "./top-patches.ts";

/** What has been looked through, and what was found. */
export interface Scan {
  /** Pictures done, from the first on. */
  done: number;
  /** The patches of each layer, in the layers' order. */
  tops: readonly TopPatches[];
  /** Pictures that could not be read. */
  failures: { name: string; message: string }[];
  /** Mean colour and covariance of colours, in 0…1, summed over pixels that were looked at. */
  colours: ColourSums;
}

export interface ScanOptions {
  signal?: AbortSignal;
  /** Told after each batch. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Runs the pictures through the net and offers each unit its largest activation in each of them. Goes on where `scan`
 * stands, and stops after a batch when the signal says so.
 */
export async function scanPictures(
  net: InspectedNet,
  layers: readonly Layer[],
  pictures: DataPictures,
  scan: Scan,
  { signal, onProgress }: ScanOptions = {},
): Promise<void> {
  const program = await ScanProgram.compile(net, layers);
  const { batch } = program;
  const total = pictures.names.length;
  const read = (from: number) => readBatch(net, pictures, from, Math.min(from + batch, total));
  let next: Promise<Read[]> | undefined;
  try {
    while (scan.done < total && !signal?.aborted) {
      const from = scan.done;
      const views = await (next ?? read(from));
      const end = from + views.length;
      next = end < total ? read(end) : undefined;
      for (const [i, view] of views.entries()) if ("values" in view) program.put(i, view);
      const results = await program.run();
      // From here to the end of the batch without a pause: a scan is saved between batches.
      for (const [i, view] of views.entries()) {
        if ("values" in view) offerPicture(scan, from + i, i, view, results);
        else scan.failures.push(view);
      }
      scan.done = end;
      onProgress?.(end, total);
    }
  } finally {
    await next?.catch(() => {});
    await program.close();
  }
}

/** Picture `index` of the data, which is picture `at` of a batch, offered to all units. */
function offerPicture(
  { tops, colours }: Scan,
  index: number,
  at: number,
  { sample }: { sample: readonly number[] },
  results: Readonly<Tensors>,
): void {
  addColours(colours, sample);
  for (const [l, top] of tops.entries()) {
    const most = results[`most${l}`].data as Float32Array;
    const places = results[`places${l}`].data as BigInt64Array;
    for (let unit = 0; unit < top.units; unit++) {
      const i = at * top.units + unit;
      top.offer(unit, { picture: index, activation: most[i], place: Number(places[i]) });
    }
  }
}

type Read = (Pick<View, "values" | "content"> & { sample: number[] }) | { name: string; message: string };

async function readBatch(
  net: InspectedNet,
  pictures: DataPictures,
  from: number,
  end: number,
): Promise<Read[]> {
  const reads: Read[] = [];
  for (let i = from; i < end; i++) {
    try {
      const view = await net.view(await pictures.open(i));
      reads.push({ values: view.values, content: view.content, sample: samplePixels(view) });
    } catch (error) {
      reads.push({ name: pictures.names[i], message: messageOf(error) });
    }
  }
  return reads;
}
