import { join, resolve } from "node:path";
import { oncePerFile } from "../../data/index.ts";
import { adamW } from "../../nn/index.ts";
import { recordsToCsv } from "../../report/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import {
  budgetOf,
  epochsForSteps,
  executeRun,
  type RunNotes,
  type RunOptions,
  type RunTask,
  readRun,
  TrainingStep,
} from "../../train/index.ts";
import { chooseRecipe, type RecipeChoice } from "./choose-recipe.ts";
import { CollapseWatch } from "./collapse-watch.ts";
import { FACES } from "./encoder-task.ts";
import type { FaceRun } from "./face-run.ts";
import { figuresOf, fitnessOf, scaleOf } from "./figures.ts";
import { NotedFaces } from "./find-faces.ts";
import { finishRun } from "./finish-run.ts";
import { Measure } from "./measure.ts";
import { measuredPeople } from "./measured-people.ts";
import { faceObjective, stepFeeds } from "./objective.ts";
import { type OpenTask, openTask } from "./open-task.ts";
import { loadPeople, type People } from "./people.ts";
import { type PersonBatches, personBatches } from "./person-batches.ts";
import type { FaceSet } from "./prepare.ts";
import type { FaceRecipe } from "./recipe.ts";

/**
 * How to train a face encoder. Without `epochs` or `timeMs` about 3,000 steps, 20 to 100 epochs; on a trained encoder 10 to
 * 30.
 */
export interface TrainFaceOptions extends RecipeChoice, RunOptions, DeviceOptions {
  /** Folder with a folder of pictures for each person. */
  data: string;
  /** Hears how many pictures are read, and their faces found. */
  onPrepare?: (done: number, total: number) => void;
}

/** Steps of a training, where neither epochs nor time are given. */
const USUAL_STEPS = 3000;

/** Fewest and most epochs then: few people are soon known by heart, and a trained encoder has little to learn. */
const USUAL_EPOCHS = { none: [20, 100], backbone: [20, 100], encoder: [10, 30] } as const;

/**
 * Trains an encoder of faces, or a binary head on one, and leaves in `out`: `best.onnx` and `last.onnx` (whole encoders, or
 * heads), `head.onnx` where a head was trained, `checkpoint.fovea` to resume from, `results.csv` with the figures before
 * training as epoch 0, `faces.json` with the faces that were found, `settings.json` and a report.
 *
 * @throws FoveaError with one sentence on bad data or settings; `loss-not-finite` when training diverges;
 *   `encodings-collapsed` when it ends in f = 0 or f = const
 */
export async function trainFaceEncoder(options: TrainFaceOptions): Promise<FaceRun> {
  const out = resolve(options.out);
  const saved = options.resume ? await readRun<FaceRecipe>(out, options) : undefined;
  const { device, threads, onConvert } = options;
  const onProblem = oncePerFile(options.onProblem); // where nobody is kept apart, some people are read twice
  const engine = { device, threads };
  const people = await loadPeople(options.data, saved ? heldBy(saved.recipe) : options);
  for (const problem of people.problems) onProblem(problem);
  const noted = await NotedFaces.open(join(out, "faces.json"), { ...engine, onConvert });
  let recipe: FaceRecipe;
  let opened: OpenTask;
  try {
    recipe = saved?.recipe ?? (await chooseRecipe(people, options, noted));
    opened = await openTask(
      recipe,
      { ...people, val: measuredPeople(people) },
      {
        noted,
        device: engine,
        onConvert,
        onProblem,
        onProgress: options.onPrepare,
        signal: options.signal,
      },
    );
  } finally {
    await noted.close();
  }
  if (recipe.head && opened.headScale && !saved) recipe.head.scale = opened.headScale;
  try {
    return await run({ ...options, out }, engine, { recipe, people, saved, opened });
  } finally {
    await opened.task.close();
  }
}

/** What is known before the first step. */
interface Prepared {
  recipe: FaceRecipe;
  people: People;
  saved: RunNotes<FaceRecipe> | undefined;
  opened: OpenTask;
}

async function run(
  options: TrainFaceOptions,
  engine: DeviceOptions,
  { recipe, people, saved, opened }: Prepared,
): Promise<FaceRun> {
  const { out } = options;
  const { task, faces, frozen } = opened;
  const { seed } = recipe;
  const order = personBatches(facesByPerson(faces.train), recipe);
  const optimizer = adamW();
  const step = await TrainingStep.compile(
    (scope) => faceObjective(scope, task.build(scope, task.input(scope.graph, order.size)), recipe),
    { ...recipe, optimizer, ...engine },
  );
  try {
    const persons = faces.val.faces.map(({ person }) => person);
    const { root, splitSource, fingerprint } = people;
    const measure = new Measure({
      recipe,
      task,
      people: persons,
      trainedOn: fingerprint,
      frozen,
      device: engine,
    });
    const start = step.start(seed, task.values).parameters("value");
    const { evaluation: before } = await measure.of(start);
    const isMeasured = people.val.length > 0;
    const first = { epoch: 0, step: 0, ...(isMeasured ? figuresOf(before) : scaleOf(before)) };
    const watch = new CollapseWatch();
    const { stepsPerEpoch } = order;
    const [least, most] = USUAL_EPOCHS[recipe.start.kind];
    const { ending, notes } = await executeRun({
      ...options,
      recipe,
      budget: budgetOf(options, saved, epochsForSteps(USUAL_STEPS, stepsPerEpoch, least, most)),
      data: { root, splitSource, fingerprint },
      saved,
      step,
      optimizer,
      seed,
      values: task.values,
      stepsPerEpoch,
      signal: AbortSignal.any([watch.signal, ...(options.signal ? [options.signal] : [])]),
      ...stepping({ recipe, opened, order, step, measure, watch, isMeasured }),
      table: (records) => recordsToCsv([first, ...records]),
    });
    return await finishRun({
      out,
      recipe,
      people,
      faces,
      ending,
      notes,
      before,
      measure,
      task,
      order,
      watch,
    });
  } finally {
    await step.release();
  }
}

interface Stepping {
  recipe: FaceRecipe;
  opened: OpenTask;
  order: PersonBatches;
  step: TrainingStep;
  measure: Measure;
  watch: CollapseWatch;
  /** Whether there are people to measure by. */
  isMeasured: boolean;
}

/** How a step is taken, and how its result is measured. */
function stepping({
  recipe,
  opened: { task, faces },
  order,
  step,
  measure,
  watch,
  isMeasured,
}: Stepping): Pick<RunTask<FaceRecipe>, "takeStep" | "measure"> {
  const { start, seed } = recipe;
  const frozenShare =
    start.kind === "none" ? 0 : start.kind === "backbone" ? start.use.frozenShare : start.frozenShare;
  let progress = 0;
  return {
    async takeStep(state, at) {
      progress = at.progress;
      const chosen = order.of(at.step);
      const persons = chosen.map((face) => faces.train.faces[face].person);
      const feeds = { [FACES]: await task.batch(at.step, chosen), ...stepFeeds(persons, seed, at.step) };
      return step.run(state, feeds, { ...at.rates, newPartsOnly: progress < frozenShare });
    },
    async measure(state) {
      const { evaluation, model } = await measure.of(state.parameters("average"));
      watch.saw(evaluation.collapse, progress, Math.ceil(state.step / order.stepsPerEpoch));
      if (!isMeasured) return { fitness: Number.NaN, figures: scaleOf(evaluation), model };
      return { fitness: fitnessOf(evaluation), figures: figuresOf(evaluation), model };
    },
  };
}

/** The people that a resumed run keeps apart, as it did before. */
function heldBy({ seed, held }: FaceRecipe) {
  return { seed, valPeople: held.share, val: held.folder };
}

/** Indices of each person's faces. */
function facesByPerson({ people, faces }: FaceSet): number[][] {
  return people.map((_, person) => faces.flatMap((face, i) => (face.person === person ? [i] : [])));
}
