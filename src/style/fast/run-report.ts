import { basename } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { type ContactTile, contactSheet, decodePicture, type Picture } from "../../image/index.ts";
import { lossChart, writeReport } from "../../report/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import type { EpochRecord } from "../../train/index.ts";
import { Painter } from "./painter.ts";
import type { PainterRecipe } from "./recipe.ts";

/** Pictures that a report shows, and their longer side in pixels. */
const SAMPLES = 6;
const SIDE = 384;

/**
 * The report of a painter's training: losses, and some of the pictures that it learned on, painted.
 * @throws FoveaError `model-missing` where the painter's file is gone: a finished run writes it no more
 */
export async function writePainterReport(options: {
  out: string;
  recipe: PainterRecipe;
  /** The painter's file. */
  best: string;
  style: Picture;
  files: readonly string[];
  records: readonly EpochRecord[];
  device: DeviceOptions;
}): Promise<string> {
  const { out, recipe, style, files, records } = options;
  const last = records.at(-1);
  return writeReport(
    out,
    {
      title: `A painter in the style of ${recipe.style}`,
      subtitle: `squares of ${recipe.size} pixels, ${files.length} pictures, features of ${recipe.backbone}, seed ${recipe.seed}`,
      summary: [
        { label: "steps", value: last?.step ?? 0 },
        { label: "minutes", value: ((last?.seconds ?? 0) / 60).toFixed(1) },
        { label: "loss", value: (last?.loss ?? Number.NaN).toFixed(4) },
      ],
    },
    [
      {
        title: "Samples",
        plots: [
          {
            name: "style",
            title: "The style",
            picture: await contactSheet([{ picture: style }], { columns: 1 }),
          },
          { name: "samples", title: "Before and after", picture: await samples(options) },
        ],
      },
      {
        title: "Training",
        plots: [
          {
            name: "losses",
            title: "Cost and its parts",
            svg: lossChart(records, { losses: ["loss", "content", "style", "variation", "light"] }),
          },
        ],
      },
    ],
  );
}

async function samples({
  best,
  files,
  device,
}: {
  best: string;
  files: readonly string[];
  device: DeviceOptions;
}): Promise<Picture> {
  const painter = await openPainter(best, device);
  const tiles: ContactTile[] = [];
  const every = Math.max(1, Math.floor(files.length / SAMPLES));
  // Spread over all files first; where some of those cannot be read, any that can.
  const candidates = new Set([...files.filter((_, i) => i % every === 0), ...files]);
  try {
    for (const file of candidates) {
      if (tiles.length >= 2 * SAMPLES) break;
      const picture = await decodePicture(file, { fitWithin: SIDE }).catch(() => undefined);
      if (!picture) continue; // was told of in training
      tiles.push({ picture, caption: basename(file) }, { picture: await painter.paint(picture) });
    }
  } finally {
    await painter.close();
  }
  return contactSheet(tiles, { columns: 4, tileWidth: SIDE / 2, tileHeight: SIDE / 2 });
}

async function openPainter(best: string, device: DeviceOptions): Promise<Painter> {
  try {
    return await Painter.load(best, device);
  } catch (cause) {
    if (!(cause instanceof FoveaError) || cause.code !== "model-missing") throw cause;
    throw new FoveaError(
      "model-missing",
      `The run is finished, but its painter \`${best}\` is gone, so that no report can be made; put the file back, train on with more steps, or start a new run.`,
      { cause },
    );
  }
}
