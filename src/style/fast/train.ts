import { basename, resolve } from "node:path";
import { FoveaError, packageVersion, Random } from "../../core/index.ts";
import { adam } from "../../nn/index.ts";
import { recordsToCsv } from "../../report/index.ts";
import {
  type Ending,
  executeRun,
  type LoopNotes,
  type RunOptions,
  readRun,
  runPaths,
} from "../../train/index.ts";
import { type CostPlan, type MeasuredStatistics, measureStyle, sizeWithSide } from "../optimize/index.ts";
import { planCost } from "../plan-cost.ts";
import type { Planes } from "../planes/index.ts";
import { planesAt, readStyles } from "../read-inputs.ts";
import { planPicture } from "../tiles/index.ts";
import type { PainterCard } from "./card.ts";
import { compileStep } from "./compile-step.ts";
import { exportPainter } from "./export.ts";
import { PictureBatches } from "./picture-batches.ts";
import {
  makePainterRecipe,
  PAINTERS_BACKBONE,
  type PainterRecipe,
  type PainterRecipeOptions,
} from "./recipe.ts";
import { writePainterReport } from "./run-report.ts";
import { drawShift } from "./shift.ts";
import { fingerprintPictures, pictureFiles } from "./training-pictures.ts";

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
 * newest parameters' average) and `last.onnx`, which is the same, `checkpoint.fovea` to resume from, `results.csv`,
 * `settings.json` and a report with samples.
 *
 * @throws FoveaError with one sentence on bad pictures or settings; `loss-not-finite` when training diverges
 */
export async function trainStyle(options: TrainStyleOptions): Promise<StyleRun> {
  const out = resolve(options.out);
  const saved = options.resume ? await readRun<PainterRecipe>(out, options) : undefined;
  const budget = budgetOf(options, saved);
  const { plan, recipe } = await planTraining(options, saved?.recipe);
  const files = await pictureFiles(options.data);
  const [{ picture }] = await readStyles([{ picture: options.style }]);
  const shown = await planesAt(picture, sizeWithSide(picture, recipe.styleSize));
  const { batchSize, size, seed } = recipe;
  const optimizer = adam();
  const step = await compileStep(plan, recipe, await statisticsOf(shown, plan), optimizer);
  try {
    const batches = new PictureBatches({
      files,
      batchSize,
      size,
      seed,
      colors: recipe.cost.matchColors ? shown : undefined,
      onProblem: options.onProblem,
    });
    const { ending, notes } = await executeRun({
      ...options,
      out,
      recipe,
      budget,
      data: {
        root: `${options.style}, ${options.data}`,
        fingerprint: await fingerprintPictures(shown.data, files),
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
        model: exportPainter(state.parameters("average"), cardFor(recipe)),
      }),
      table: recordsToCsv,
    });
    const { best, last } = runPaths(out);
    const run: StyleRun = { ending, out, best, last, recipe, notes };
    if (ending === "interrupted") return run;
    const { records } = notes;
    const { device } = plan;
    run.report = await writePainterReport({ out, recipe, best, style: picture, files, records, device });
    return run;
  } finally {
    await step.release();
  }
}

/** What is compared how, and the recipe: the one of the run that is resumed, or a new one. */
async function planTraining(
  options: TrainStyleOptions,
  known: PainterRecipe | undefined,
): Promise<{ plan: CostPlan; recipe: PainterRecipe }> {
  if (!known) {
    const plan = await planCost({ ...options, backbone: options.backbone ?? PAINTERS_BACKBONE });
    return { plan, recipe: makePainterRecipe(basename(options.style), plan.recipe, plan.layers, options) };
  }
  if (known.lightWeight === undefined) {
    throw new FoveaError(
      "checkpoint-mismatch",
      `The run in \`${resolve(options.out)}\` was made by an older version, whose painters are other nets; start a new one.`,
    );
  }
  const { device, threads } = options;
  return { plan: await planCost({ ...known, ...known.cost, device, threads }), recipe: known };
}

/** The style's statistics by layer, measured in one piece. */
function statisticsOf(style: Planes, plan: CostPlan): Promise<Map<string, MeasuredStatistics>> {
  const extent = plan.net.extent([...plan.layers.style, ...plan.layers.content].map(({ name }) => name));
  return measureStyle(plan, style, planPicture(style, extent, Number.MAX_SAFE_INTEGER));
}

function cardFor({ style, width, size, backbone }: PainterRecipe): PainterCard {
  return { task: "style", style, width, size, backbone, version: packageVersion() };
}

/** How long to train. Throws `argument-range` where both steps and time are told. */
function budgetOf(
  { steps, timeMs }: TrainStyleOptions,
  saved: { budget: { epochs: number } | { timeMs: number } } | undefined,
): { epochs: number } | { timeMs: number } {
  if (steps !== undefined && timeMs !== undefined) {
    throw new FoveaError(
      "argument-range",
      `trainStyle: \`steps\` (=${steps}) and \`timeMs\` (=${timeMs}) both say how long to train; give one of them.`,
    );
  }
  if (steps !== undefined) return { epochs: steps / STEPS_PER_RECORD };
  if (timeMs !== undefined) return { timeMs };
  return saved?.budget ?? { timeMs: USUAL_TIME_MS };
}
