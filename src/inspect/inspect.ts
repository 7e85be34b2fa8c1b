import { existsSync } from "node:fs";
import { join } from "node:path";
import { FoveaError } from "../core/index.ts";
import { cutShown } from "./cut-shown.ts";
import { firstFilters } from "./first-filters.ts";
import type { Inspection, LayerFound, LayerPictures, ShownLayers, UnitFound } from "./inspection.ts";
import { chooseLayers, chooseUnits, type Layer, type UnitChoice } from "./layers/index.ts";
import { type MakingOptions, makeShown } from "./make-shown.ts";
import { InspectedNet, type NetOptions } from "./net/index.ts";
import { type DataPictures, openDataPictures, type Scan } from "./patches/index.ts";
import { loadScan, newScan, progressFolder, scanKey, scanPath } from "./progress-file.ts";
import { search } from "./search.ts";
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
    const units = layers.map((layer, i) => chooseUnits(layer, choice, (unit) => scan.tops[i].isAlive(unit)));
    const shown: ShownLayers = {
      found: layers.map((layer, i) => describe(layer, units[i], scan, i)),
      drawn: layers.map((layer, i) => emptyPictures(net, layer, units[i].length)),
    };
    await cutShown(net, layers, pictures, scan, shown, (done, total) =>
      onProgress?.("cutting", done, total, ""),
    );
    const making: MakingOptions = {
      ...options,
      key,
      seed,
      steps,
      onProgress: (done, total, layer) => onProgress?.("synthesis", done, total, layer),
    };
    const made = steps === 0 || (await makeShown(net, layers, scan, shown, making));
    const complete = made && scan.done === pictures.names.length;
    const inspection = { ...head(net, data, pictures, scan), layers: shown.found, complete };
    return { inspection, ...(await writeInspection(out, inspection, shown.drawn)) };
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
