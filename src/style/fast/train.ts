import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { FoveaError, packageVersion, Random } from "../../core/index.ts";
import { listPictures } from "../../image/index.ts";
import { adam } from "../../nn/index.ts";
import { recordsToCsv } from "../../report/index.ts";
import {
  type Ending,
  executeRun,
  type LoopNotes,
  type RunOptions,
  readRun,
  runPaths,
  TrainingStep,
} from "../../train/index.ts";
import { measureStyle, sizeWithSide } from "../optimize/index.ts";
import { planCost } from "../plan-cost.ts";
import { planesAt, readStyles } from "../read-inputs.ts";
import { planPicture } from "../tiles/index.ts";
import { batchCost } from "./batch-cost.ts";
import type { PainterCard } from "./card.ts";
import { exportPainter, TRANSFORMER } from "./export.ts";
import { PictureBatches } from "./picture-batches.ts";
import {
  makePainterRecipe,
  PAINTERS_BACKBONE,
  type PainterRecipe,
  type PainterRecipeOptions,
} from "./recipe.ts";
import { writePainterReport } from "./run-report.ts";
import { drawShift, SHIFT_SHAPE, shifted } from "./shift.ts";
import { transformer } from "./transformer.ts";

/** How to train a painter of one style. */
export interface TrainStyleOptions
  extends PainterRecipeOptions,
    Omit<RunOptions, "epochs" | "patience" | "workers"> {
  /** A picture file. */
  style: string;
  /** Folders, files or patterns of pictures to learn on; what they show matters little. */
  data: string | readonly string[];
  /** Steps to train, instead of `timeMs`; default: 40 minutes. */
  steps?: number;
}

/** A finished (or interrupted) run. */
export interface StyleRun {
  ending: Ending;
  /** Folder with the results. */
  out: string;
  /** Paths of the shipped files. */
  best: string;
  last: string;
  /** Path of the report; not after an interruption. */
  report?: string;
  recipe: PainterRecipe;
  notes: LoopNotes;
}

const USUAL_TIME_MS = 40 * 60_000;
/** Steps after which a record is written and the newest model kept. */
const STEPS_PER_RECORD = 100;

/**
 * Trains a net that paints in one style in a single pass (Johnson et al. 2016) and leaves in `out`: `best.onnx` (the
 * newest parameters' average), `checkpoint.fovea` to resume from, `results.csv`, `settings.json` and a report with samples.
 *
 * @throws FoveaError with one sentence on bad pictures or settings; `loss-not-finite` when training diverges
 */
export async function trainStyle(options: TrainStyleOptions): Promise<StyleRun> {
  const out = resolve(options.out);
  const saved = options.resume ? await readRun<PainterRecipe>(out, options) : undefined;
  const known = saved?.recipe;
  if (known && known.lightWeight === undefined) {
    throw new FoveaError(
      "checkpoint-mismatch",
      `The run in \`${out}\` was made by an older version, whose painters are other nets; start a new one.`,
    );
  }
  const plan = await planCost(
    known
      ? { ...known, ...known.cost, device: options.device, threads: options.threads }
      : { ...options, backbone: options.backbone ?? PAINTERS_BACKBONE },
  );
  const recipe = known ?? makePainterRecipe(basename(options.style), plan.recipe, plan.layers, options);
  const files = await pictureFiles(options.data);
  const [{ picture }] = await readStyles([{ picture: options.style }]);
  const shown = await planesAt(picture, sizeWithSide(picture, recipe.styleSize));
  const extent = plan.net.extent([...recipe.styleLayers, ...recipe.contentLayers].map(({ name }) => name));
  const targets = await measureStyle(plan, shown, planPicture(shown, extent, Number.MAX_SAFE_INTEGER));
  const { batchSize, size, width, seed } = recipe;
  const optimizer = adam();
  const step = await TrainingStep.compile(
    (scope) => {
      const pictures = scope.graph.input("pictures", [batchSize, 3, size, size]);
      const content = scope.graph.input("shown", [batchSize, 3, size, size]);
      const shift = scope.graph.input("shift", SHIFT_SHAPE);
      const painted = shifted(transformer(scope.at(TRANSFORMER), pictures, width), shift);
      const wanted = shifted(content, shift);
      const { cost, ...parts } = batchCost(plan, painted, wanted, targets, recipe.lightWeight);
      return { loss: cost, reports: parts };
    },
    { ...recipe, optimizer, ...plan.device },
  );
  const batches = new PictureBatches({
    files,
    batchSize,
    size,
    seed,
    colors: recipe.cost.matchColors ? shown : undefined,
    onProblem: options.onProblem,
  });
  const card: PainterCard = {
    task: "style",
    style: recipe.style,
    width,
    size,
    backbone: recipe.backbone,
    version: packageVersion(),
  };
  try {
    const { ending, notes } = await executeRun({
      ...options,
      out,
      recipe,
      budget: budgetOf(options, saved),
      data: {
        root: `${options.style}, ${options.data}`,
        fingerprint: fingerprint(shown.data, files),
        pictures: files.length,
      },
      saved,
      step,
      optimizer,
      seed,
      stepsPerEpoch: STEPS_PER_RECORD,
      async takeStep(state, { step: number, rates }) {
        const { pictures, shown } = await batches.batch(number);
        const shift = drawShift(new Random(seed, 0x5f1f, number));
        return step.run(state, { pictures, shown, shift }, rates);
      },
      // There is no measure of beauty: the newest counts as the best.
      measure: async (state) => ({
        fitness: Number.NaN,
        figures: {},
        model: exportPainter(state.parameters("average"), card),
      }),
      table: recordsToCsv,
    });
    const { best, last } = runPaths(out);
    const run: StyleRun = { ending, out, best, last, recipe, notes };
    if (ending !== "interrupted") {
      run.report = await writePainterReport({
        out,
        recipe,
        best,
        style: picture,
        files,
        records: notes.records,
        device: plan.device,
      });
    }
    return run;
  } finally {
    await step.release();
  }
}

function budgetOf(
  { steps, timeMs }: TrainStyleOptions,
  saved: { budget: { epochs: number } | { timeMs: number } } | undefined,
): { epochs: number } | { timeMs: number } {
  if (steps !== undefined) return { epochs: steps / STEPS_PER_RECORD };
  if (timeMs !== undefined) return { timeMs };
  return saved?.budget ?? { timeMs: USUAL_TIME_MS };
}

async function pictureFiles(data: string | readonly string[]): Promise<string[]> {
  const files = await listPictures(typeof data === "string" ? [data] : data, { recursive: true });
  if (files.length > 0) return files;
  throw new FoveaError(
    "dataset-empty",
    `\`${data}\` holds no pictures to learn on; name a folder of photographs.`,
  );
}

/** Says whether a run that is resumed has the same style and pictures. */
function fingerprint(style: Float32Array, files: readonly string[]): string {
  const hash = createHash("sha256").update(new Uint8Array(style.buffer, style.byteOffset, style.byteLength));
  for (const file of files) hash.update(`${basename(file)}\n`);
  return hash.digest("hex").slice(0, 16);
}
