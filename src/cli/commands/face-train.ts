import { join } from "node:path";
import { type Command, Option } from "commander";
import type { FaceCrop, FaceLoss, FaceRun, MiningName, TrainFaceOptions } from "../../face/index.ts";
import { formatCount, formatDuration } from "../format.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { integer, number, parsePath } from "../parse.ts";
import { createProgress, type Progress } from "../progress.ts";
import { requireRunFolder } from "../run-folder.ts";
import { runTraining } from "../run-training.ts";
import { patienceOption, resumeOption, runFolderOption, timeOption } from "../training-options.ts";
import { givenOf, noteWithoutEffect } from "../without-effect.ts";

interface Options extends GlobalOptions, EngineOptions {
  out: string;
  loss: FaceLoss;
  mining: MiningName;
  margin: number;
  people?: number;
  pictures?: number;
  base?: string;
  layers?: number;
  stay?: number;
  freeze?: boolean;
  size?: number;
  side?: number;
  normalize: boolean;
  crop: FaceCrop;
  val?: string;
  valPeople: number;
  epochs?: number;
  time?: number;
  lr?: number;
  augment: boolean;
  patience?: number;
  seed: number;
  resume?: boolean;
  json?: boolean;
}

/** `fovea face train`: an encoder of one's own, or a binary head. */
export function addFaceTrain(face: Command): void {
  const command = face
    .command("train")
    .description(
      "train a face encoder by triplets, or a head that judges pairs; Ctrl-C saves, --resume goes on",
    )
    .argument("<dir>", "a folder of pictures for each person: anna/1.jpg, anna/2.jpg, ben/1.jpg …")
    .addOption(runFolderOption())
    .addOption(
      new Option(
        "--loss <loss>",
        "triplet: distances; binary: a head on |f(a) − f(b)|; binary-chi2: one on (f(a) − f(b))² / (f(a) + f(b))",
      )
        .choices(["triplet", "binary", "binary-chi2"])
        .default("triplet"),
    )
    .addOption(
      new Option("--mining <how>", "which triplets to learn from")
        .choices(["random", "semi-hard", "batch-hard", "distance-weighted"])
        .default("semi-hard"),
    )
    .option(
      "--margin <α>",
      "by how much the squared distance to another person shall be larger",
      number(1e-6, 1e6),
      0.2,
    )
    .option("--people <P>", "people in a step (default: 16, or as many as there are)", integer(1, 1024))
    .option("--pictures <K>", "pictures of each of them (default: 4)", integer(2, 1024))
    .option(
      "--base <name>",
      "a backbone such as fovea-nano; face-descriptor or an encoder's .onnx file, whose last layers learn on; none learns a small net from nothing (default: fovea-nano, face-descriptor with --freeze or --layers)",
      parsePath,
    )
    .option("--layers <n>", "last layers of an encoder that learn on (default: 3)", integer(1, 1000))
    .option(
      "--stay <weight>",
      "what Σ(w − w₀)² of these layers counts in the loss (default: 1)",
      number(0, 1e6),
    )
    .option("--freeze", "train a binary head only, on an encoder as it is")
    .option("--size <n>", "numbers in an encoding (default: 128)", integer(4, 4096))
    .option(
      "--side <pixels>",
      "side of the net's input, a multiple of 32 (default: 64 or 96)",
      integer(32, 512),
    )
    .option("--no-normalize", "do not scale encodings to length 1")
    .addOption(
      new Option(
        "--crop <how>",
        "face finds and aligns faces; none takes pictures whole, for cut out ones; auto looks at some",
      )
        .choices(["auto", "face", "none"])
        .default("auto"),
    )
    .option(
      "--val-people <share>",
      "share of the people whom training does not see, to measure by; 0 measures nothing",
      number(0, 0.9),
      0.2,
    )
    .addOption(
      new Option("--val <dir>", "other people to measure by, instead of a share").argParser(parsePath),
    )
    .option("--epochs <n>", "passes over the pictures (default: by their number)", integer(1))
    .addOption(timeOption())
    .addOption(seedOption())
    .option("--lr <rate>", "highest learning rate", number(1e-8, 10))
    .option("--no-augment", "show the pictures as they are, without variation")
    .addOption(patienceOption())
    .addOption(resumeOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (dir: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      await requireRunFolder(options, command);
      if (!options.resume) noteIdleOptions(command, options);
      await train(dir, options, command);
    });
  addExamples(command, [
    "fovea face train people/ --out runs/f",
    "fovea face train people/ --out runs/f --mining batch-hard --margin 0.5 --people 32 --time 1h",
    "fovea face train people/ --out runs/f --loss binary",
    "fovea face train people/ --out runs/f --base face-descriptor --layers 3",
    "fovea face train people/ --out runs/f --loss binary-chi2 --freeze",
  ]);
}

/** Says which options have no effect beside others; those on an encoder that does not heed them are refused later. */
function noteIdleOptions(command: Command, options: Options): void {
  const { loss, val, valPeople } = options;
  const ofTriplets = loss === "triplet" ? [] : givenOf(command, ["mining", "margin"]);
  noteWithoutEffect(ofTriplets, `with --loss ${loss}, which learns from pairs, not from triplets`, options);
  const unmeasured = val !== undefined && valPeople === 0 ? ["--val"] : [];
  noteWithoutEffect(unmeasured, "with --val-people 0, by which nothing is measured", options);
}

async function train(dir: string, options: Options, command: Command): Promise<void> {
  const { trainFaceEncoder } = await import("../../face/index.ts");
  let preparing: Progress | undefined;
  const { time, lr, augment, ...rest } = options;
  const given: TrainFaceOptions = {
    ...rest,
    data: dir,
    timeMs: time,
    learningRate: lr,
    augment: augment ? undefined : null,
    onPrepare(done, total) {
      preparing ??= createProgress({ label: "Reading faces", total: 1, quiet: options.quiet });
      preparing.update(done / total, `${done} of ${formatCount(total, "picture")}`);
      if (done === total) preparing.done();
    },
    onConvert: (name) => note(`Converting ${name}, once.`, options),
  };
  try {
    const run = await runTraining(command, options, (hooks) => trainFaceEncoder({ ...given, ...hooks }));
    report(run, options);
  } finally {
    preparing?.done();
  }
}

function report(run: FaceRun, { out, json }: Options): void {
  const { ending, best, last, head, report, before, evaluation, notes, recipe, people } = run;
  const epochs = notes.records.at(-1)?.epoch ?? 0;
  const bestEpoch = notes.best.epoch;
  if (json) {
    printJson({
      ending,
      best,
      last,
      head,
      report,
      epochs,
      bestEpoch,
      seconds: notes.elapsedMs / 1_000,
      people: { train: people.train.length, val: people.val.length },
      before: before && figures(before),
      after: evaluation && figures(evaluation),
      recipe,
    });
    return;
  }
  const early = ending === "early-stop" ? ", stopped early" : "";
  const lines = [`${formatCount(epochs, "epoch")} in ${formatDuration(notes.elapsedMs)}${early}`];
  if (before && evaluation) {
    const { eer, accuracy, tarAtFar, threshold } = evaluation;
    lines.push(
      `${formatCount(people.val.length, "person", "people")} never seen: equal error rate ${percent(before.eer)} before, ${percent(eer)} in epoch ${bestEpoch}`,
      `accuracy ${accuracy.toFixed(3)} at ${recipe.head ? "probability" : "distance"} ${(recipe.head ? 1 - threshold : threshold).toFixed(3)}${Number.isNaN(tarAtFar) ? "" : `, ${percent(tarAtFar)} of the same are known at 1 % false`}`,
    );
  }
  const isHead = recipe.start.kind === "encoder" && recipe.start.layers === 0;
  if (!isHead) lines.push(`encoder: ${join(out, "best.onnx")}`);
  if (head) lines.push(`head:    ${join(out, "head.onnx")}`);
  if (report) lines.push(`report:  ${join(out, "report.html")}`);
  print(lines.join("\n"));
}

function figures({ eer, accuracy, auc, tarAtFar, threshold }: NonNullable<FaceRun["evaluation"]>) {
  return { eer, accuracy, auc, tarAtFar, threshold };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
