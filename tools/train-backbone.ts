/**
 * Trains a backbone and writes it to `models/`:
 *
 *   npm run train:backbone -- nano --data ../shared/data/tiny-imagenet --epochs 30
 *
 * The folder holds `train.tar`, pictures to learn from, and `val.tar`, those that only measure. Stopped by Ctrl-C it
 * goes on with `--resume`.
 */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  Classifier,
  type ClassifierRun,
  evaluateClassifier,
  trainClassifier,
} from "../src/classify/index.ts";
import { createTrainingProgress } from "../src/cli/training-progress.ts";
import { FoveaError, packageVersion, type Tensor, writeOutput } from "../src/core/index.ts";
import { loadClassificationDataset } from "../src/data/index.ts";
import { fromTensorProto, readModel } from "../src/graph/index.ts";
import { type BackboneCard, backboneTrunks, exportBackbone, NO_BACKBONE } from "../src/models/index.ts";

/**
 * What each is for, and how it is trained. Pictures of 64² are enlarged for a trunk that halves them five times: at
 * their own size it saw 2×2 cells in the end and reached 27 % (30 epochs).
 */
const plans: Record<
  string,
  { intendedUse: string; size: number; epochs: number; progressiveResizing?: number }
> = {
  nano: {
    intendedUse:
      "Start of detectors and classifiers that shall be fast on a CPU: feature maps at strides 2 to 32, few operations.",
    size: 128,
    epochs: 20,
  },
  plain: {
    intendedUse:
      "Style transfer and looking inside, and classifiers of small pictures: plain 3×3 stacks, the first at full resolution.",
    size: 64,
    epochs: 16,
    progressiveResizing: 9 / 16,
  },
};
/** Mild: nets so small learn for longer than this before they know the pictures by heart. */
const augment = {
  pictures: {
    mosaic: 0,
    scale: [0.9, 1.35],
    aspect: 1.15,
    translate: 0.1,
    rotate: 0,
    hue: 3,
    saturation: [0.85, 1.15],
    brightness: [0.85, 1.15],
    contrast: [0.9, 1.1],
    grey: 0,
    blur: 0,
    erase: 0,
  },
} as const;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    out: { type: "string" },
    epochs: { type: "string" },
    threads: { type: "string" },
    seed: { type: "string", default: "0" },
    resume: { type: "boolean", default: false },
  },
});
const [name] = positionals;
const plan = plans[name];
if (!plan || !flags.data) {
  console.error(
    `Usage: npm run train:backbone -- ${Object.keys(plans).join("|")} --data <folder> [--epochs N]`,
  );
  process.exit(2);
}
const seed = Number(flags.seed);
const epochs = Number(flags.epochs ?? plan.epochs);
const threads = flags.threads === undefined ? undefined : Number(flags.threads);
const out = flags.out ?? join("runs", `backbone-${name}`);

async function train(): Promise<ClassifierRun> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const progress = createTrainingProgress({});
  const data = await loadClassificationDataset(join(flags.data!, "train.tar"), { seed, valFraction: 0.025 });
  try {
    return await trainClassifier({
      data,
      out,
      model: name,
      backbone: NO_BACKBONE, // not the one that ships
      size: plan.size,
      progressiveResizing: plan.progressiveResizing,
      epochs,
      seed,
      threads,
      weightDecay: 0.2,
      augment,
      resume: flags.resume,
      signal: stop.signal,
      onEvent: progress.onEvent,
    });
  } finally {
    progress.done();
  }
}

/** Share of the pictures that only measure. */
async function measure(model: string): Promise<BackboneCard["accuracy"]> {
  const { splits } = await loadClassificationDataset(join(flags.data!, "val.tar"), { valFraction: 0 });
  const classifier = await Classifier.load(model, { threads });
  const { accuracy, top5 } = await evaluateClassifier(classifier, splits.train);
  await classifier.close();
  return {
    top1: accuracy,
    top5,
    measuredOn: `${splits.train.length} pictures of Tiny ImageNet, not trained on`,
  };
}

async function main(): Promise<void> {
  const run = await train();
  if (run.ending === "interrupted") {
    console.log(`Saved; go on with: npm run train:backbone -- ${name} --data ${flags.data} --resume`);
    return;
  }
  const accuracy = await measure(run.last);
  const values = new Map<string, Tensor>(
    readModel(await readFile(run.last)).graph.initializer.map((proto) => [
      proto.name,
      fromTensorProto(proto),
    ]),
  );
  const { classes, batchSize, learningRate, weightDecay, labelSmoothing, averageDecay } = run.recipe;
  const card: BackboneCard = {
    task: "backbone",
    name: `fovea-${name}`,
    trunk: backboneTrunks[name],
    classes: await namesOf(classes),
    data: "Tiny ImageNet, 40,000 pictures of 64×64 in 200 classes (a selection of ImageNet, whose terms are for research and education)",
    recipe: {
      input: plan.size,
      ...(plan.progressiveResizing && { progressiveResizing: plan.progressiveResizing }),
      epochs,
      batchSize,
      learningRate,
      weightDecay,
      labelSmoothing,
      averageDecay,
      augment,
    },
    command: `npm run train:backbone -- ${name} --data tiny-imagenet --epochs ${epochs} --seed ${seed}`,
    seed,
    accuracy,
    intendedUse: plan.intendedUse,
    limits:
      "Learned from small pictures of 200 everyday things: no judge of people, and no product by itself. Fine-tune it and measure it on your own pictures.",
    license: "MIT",
    version: packageVersion(),
  };
  const bytes = exportBackbone(card, values);
  await writeOutput(join("models", `${card.name}.onnx`), bytes);
  console.log(
    `${card.name}: top-1 ${accuracy.top1.toFixed(4)}, top-5 ${accuracy.top5.toFixed(4)}, ${(bytes.length / 1e6).toFixed(2)} MB`,
  );
}

/** Names for people, where `classes.tsv` tells them. */
async function namesOf(classes: readonly string[]): Promise<string[]> {
  const path = join(flags.data!, "classes.tsv");
  const known = await access(path).then(
    () => readFile(path, "utf8"),
    () => "",
  );
  const names = new Map(known.split("\n").map((line) => line.split("\t") as [string, string]));
  return classes.map((id) => names.get(id)?.trim() ?? id);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof FoveaError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
