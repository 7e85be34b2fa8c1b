import { existsSync } from "node:fs";
import { join } from "node:path";
import { FoveaError } from "../core/index.ts";
import { firstFilters } from "./first-filters.ts";
import type { Inspection, LayerFound, LayerPictures, UnitFound } from "./inspection.ts";
import { chooseLayers, chooseUnits, type Layer, type UnitChoice } from "./layers/index.ts";
import { loadMade, saveMade } from "./made-pictures.ts";
import { InspectedNet, type NetOptions } from "./net/index.ts";
import {
  cutPatches,
  type DataPictures,
  openDataPictures,
  type Scan,
  type WantedPatch,
} from "./patches/index.ts";
import { loadScan, newScan, progressFolder, scanKey, scanPath } from "./progress-file.ts";
import { search } from "./search.ts";
import { colourSpaceOf, synthesize } from "./synthesis/index.ts";
import { FIGURES, type InspectionFiles, sheetFolder, writeInspection } from "./write-inspection.ts";

/** What is being done. */
export type InspectionStage = "patches" | "cutting" | "synthesis";

export interface InspectOptions extends NetOptions {
  /** The .onnx file, or its address. */
  model: string;
  /** Folder or tar file of pictures. */
  data: string;
  /** Folder for `report.html`, `inspect.json` and `layers/`. */
  out: string;
  /** Names of layers, or "all"; default: ten from the first to the last. */
  layers?: "all" | readonly string[];
  /** Units of each layer: so many, spread over those that answer; a list; "all". Default 24. */
  units?: UnitChoice;
  /** At most so many pictures of the data, drawn by the seed. */
  limit?: number;
  seed?: number;
  /** Steps of a synthesised picture; 0 makes none. Default 160. */
  steps?: number;
  /** Goes on where a stopped run in `out` stands. */
  resume?: boolean;
  /** Ends the search, keeping what there is. */
  signal?: AbortSignal;
  onProgress?: (stage: InspectionStage, done: number, total: number, text: string) => void;
}

/** What was found, and where it was written. */
export interface InspectionRun extends InspectionFiles {
  inspection: Inspection;
}

const USUAL_UNITS = 24;

/**
 * Looks into a net: for each layer the patches of the data that move its units most (Zeiler & Fergus 2014), and pictures
 * made for them by gradient ascent. When the signal ends it, what there is makes a report, and `resume` goes on.
 *
 * @throws FoveaError what opening the model and the data throws; `layer-unknown`, `unit-range`, `output-exists`,
 *   `checkpoint-missing`, `resume-mismatch`
 */
export async function inspectNet(options: InspectOptions): Promise<InspectionRun> {
  const { model, data, out, seed = 0, limit, units: choice = USUAL_UNITS, steps = 160, onProgress } = options;
  const net = await InspectedNet.open(model, options);
  try {
    const layers = chooseLayers(net, options.layers);
    for (const layer of layers) chooseUnits(layer, choice); // a wrong unit is told before hours of work
    const without = [sheetFolder(out), progressFolder(out)]; // which may lie among the data
    const pictures = await openDataPictures(data, { seed, limit, without });
    const key = scanKey(net.digest, net.preparation, layers, pictures.fingerprint);
    const scan = await startScan(options, key, layers);
    await search(net, layers, pictures, scan, {
      ...options,
      key,
      onProgress: (done, total) => onProgress?.("patches", done, total, pictures.names[done - 1]),
    });
    const shown = layers.map((layer, i) => chooseUnits(layer, choice, (unit) => scan.tops[i].isAlive(unit)));
    const drawn = layers.map((layer, i) => emptyPictures(net, layer, shown[i].length));
    const found = layers.map((layer, i) => describe(layer, shown[i], scan, i));
    await cut(net, pictures, layers, scan, found, drawn, onProgress);
    const made =
      steps === 0 || (await make(net, layers, scan, found, drawn, { ...options, key, seed, steps }));
    const complete = made && scan.done === pictures.names.length;
    const inspection = { ...head(net, data, pictures, scan), layers: found, complete };
    return { inspection, ...(await writeInspection(out, inspection, drawn)) };
  } finally {
    await net.close();
  }
}

async function startScan(
  { out, resume }: InspectOptions,
  key: string,
  layers: readonly Layer[],
): Promise<Scan> {
  if (resume) return loadScan(out, key, layers);
  const remedy = existsSync(scanPath(out))
    ? "one that was stopped: go on with --resume, or name a new folder"
    : existsSync(join(out, FIGURES)) && "one already: name a new folder";
  if (!remedy) return newScan(layers);
  throw new FoveaError("output-exists", `${out} holds an inspection, ${remedy}.`);
}

function emptyPictures(net: InspectedNet, layer: Layer, count: number): LayerPictures {
  return {
    patches: Array.from({ length: count }, () => []),
    synthesised: new Array(count).fill(undefined),
    filters: firstFilters(layer, net.pixels.bgr),
  };
}

function head(
  net: InspectedNet,
  data: string,
  pictures: DataPictures,
  scan: Scan,
): Omit<Inspection, "layers" | "complete"> {
  const { name, card, preparation, layout } = net;
  return {
    model: name,
    ...(typeof card.task === "string" && { task: card.task }),
    preparation,
    input: { width: layout.width, height: layout.height },
    data,
    pictures: pictures.names.length,
    looked: scan.done,
    failures: scan.failures,
  };
}

/** What the search says of a layer; boxes of patches come when they are cut. */
function describe(layer: Layer, shown: readonly number[], scan: Scan, index: number): LayerFound {
  const { name, output, units, height, width, figures, gated } = layer;
  const top = scan.tops[index];
  const read = Math.max(1, scan.done - scan.failures.length);
  const all = Array.from({ length: units }, (_, unit) => unit);
  return {
    name,
    tensor: output.name,
    units,
    height,
    width,
    field: figures,
    gated,
    silent: all.filter((unit) => !top.isAlive(unit)).length,
    shown: shown.map((unit): UnitFound => {
      const { fired, sum } = top.totals(unit);
      return { unit, patches: [], fires: fired / read, meanActivation: sum / read };
    }),
  };
}

/** Cuts the patches of the shown units out of the pictures. */
async function cut(
  net: InspectedNet,
  pictures: DataPictures,
  layers: readonly Layer[],
  { tops }: Scan,
  found: readonly LayerFound[],
  drawn: readonly LayerPictures[],
  onProgress: InspectOptions["onProgress"],
): Promise<void> {
  const wanted = layers.flatMap((layer, l) =>
    found[l].shown.flatMap((unit, i) =>
      tops[l].of(unit.unit).map((patch, rank): WantedPatch => {
        return {
          layer,
          patch,
          put(tile, box) {
            drawn[l].patches[i][rank] = tile;
            const { picture, activation } = patch;
            unit.patches[rank] = { picture: pictures.names[picture], activation, box };
          },
        };
      }),
    ),
  );
  await cutPatches(net, pictures, wanted, (done, total) => onProgress?.("cutting", done, total, ""));
  for (const [l, { shown }] of found.entries()) {
    for (const [i, unit] of shown.entries()) {
      drawn[l].patches[i] = drawn[l].patches[i].filter(Boolean);
      unit.patches = unit.patches.filter(Boolean);
    }
  }
}

/** Makes a picture for each shown unit; false where it was stopped. */
async function make(
  net: InspectedNet,
  layers: readonly Layer[],
  { tops, colours }: Scan,
  found: readonly LayerFound[],
  drawn: readonly LayerPictures[],
  {
    out,
    key,
    steps,
    seed,
    signal,
    onProgress,
  }: InspectOptions & { key: string; steps: number; seed: number },
): Promise<boolean> {
  const costs = layers.map((layer, l) => costOf(net, layer) * found[l].shown.length);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  let before = 0;
  for (const [l, layer] of layers.entries()) {
    if (signal?.aborted) return false;
    const wishes = found[l].shown.map(({ unit }) => {
      return { unit, reference: Math.max(tops[l].of(unit)[0]?.activation ?? 0, 1e-3) };
    });
    const by = { key, steps, seed, wishes };
    const kept = await loadMade(out, l, by);
    const made =
      kept ??
      (await synthesize(net, layer, wishes, {
        colours: colourSpaceOf(colours),
        steps,
        seed,
        signal,
        onProgress: (done, of) =>
          onProgress?.("synthesis", before + (costs[l] * done) / of, total, layer.name),
      }));
    for (const [i, { picture, activation }] of made.entries()) {
      drawn[l].synthesised[i] = picture;
      found[l].shown[i].synthesised = activation;
    }
    if (made.length < wishes.length) return false;
    if (!kept) await saveMade(out, l, made, by);
    before += costs[l];
  }
  return true;
}

/** About how much work a unit's picture is: the layer's depth times its pixels. */
function costOf({ layout }: InspectedNet, { figures }: Layer): number {
  const side = Math.min(128, figures.size + 2 * figures.stride, Math.max(layout.width, layout.height));
  return (side + 32) ** 2 * Math.log2(2 + figures.size);
}
