import type { Command } from "commander";
import type { VerificationEvaluation } from "../../face/index.ts";
import { encodePeople } from "../encode-people.ts";
import { requireEvaluationFolder } from "../evaluation-folder.ts";
import { formatCount } from "../format.ts";
import { encoderOption, type FinderOptions, mirrorOption } from "../open-finder.ts";
import { addExamples, deviceOption, jsonOption, optionsOf, threadsOption } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { integer, parsePath } from "../parse.ts";
import { noteWithoutEffect } from "../without-effect.ts";

interface Options extends FinderOptions {
  images: string;
  folds?: number;
  jitter?: number;
  out?: string;
  json?: boolean;
}

/** `fovea face eval`: how well does an encoder tell whether two pictures show one person? */
export function addFaceEval(face: Command): void {
  const command = face
    .command("eval")
    .description("measure verification on a list of pairs: accuracy by folds, equal error rate, ROC")
    .argument("<pairs>", "a .csv or .tsv with the header image_a,image_b,same[,fold], or LFW's pairs.txt")
    .requiredOption("--images <dir>", "folder below which the pictures lie", parsePath)
    .option("--folds <n>", "folds to make where the list has none (default: 10)", integer(2, 1000))
    .option(
      "--out <dir>",
      "write evaluation.json, pairs.csv with all distances, and report.html with curves and the worst mistakes",
      parsePath,
    )
    .addOption(encoderOption())
    .addOption(mirrorOption())
    .option(
      "--jitter <n>",
      "average over so many copies of each face, turned, scaled and shifted a little, half of them mirrored",
      integer(1, 1000),
    )
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (pairs: string, _: unknown, command: Command) =>
      evaluate(pairs, optionsOf<Options>(command)),
    );
  addExamples(command, [
    "fovea face eval lfw/pairs.csv --images lfw/images --out runs/lfw",
    "fovea face eval pairs.txt --images lfw --model runs/faces/best.onnx --json",
  ]);
}

/** @throws AggregateError of pictures that cannot be read, after the figures */
async function evaluate(path: string, options: Options): Promise<void> {
  const { evaluatePairs, picturesOf, readPairs, verificationFigures, writeVerificationReport } = await import(
    "../../face/index.ts"
  );
  const { images, folds, out, json } = options;
  await requireEvaluationFolder(out);
  const list = await readPairs(path, images);
  const idle = folds !== undefined && list.pairs.every(({ fold }) => fold !== undefined) ? ["--folds"] : [];
  noteWithoutEffect(idle, `with ${path}, which has folds of its own`, options);
  const { failures, encoded, ...how } = await encodePeople(picturesOf(list), options);
  const evaluation = evaluatePairs(list, encoded, how, { folds });
  if (json) printJson({ list: path, ...verificationFigures(evaluation) });
  else print(toText(evaluation));
  if (out !== undefined) {
    note(`Report: ${await writeVerificationReport({ out, list, evaluation, encoded })}`, options);
  }
  if (failures.length > 0) throw new AggregateError(failures);
}

function toText(evaluation: VerificationEvaluation): string {
  const { protocol, best, eer, auc, tarAtFar, pairs, pictures, withoutFace, secondLooks, looks } = evaluation;
  const tars = tarAtFar.map(({ far, tar, interval, needed }) =>
    Number.isNaN(tar)
      ? `  at FAR ${far}: not told by these pairs, it needs ${formatCount(needed, "different pair")}`
      : `  at FAR ${far}: ${percent(tar)} (95 %: ${percent(interval[0])} to ${percent(interval[1])})`,
  );
  return [
    `accuracy ${percent(protocol.accuracy)} ± ${percent(protocol.standardError)} (standard error of ${protocol.folds.length} folds, deviation ${percent(protocol.std)})`,
    `equal error rate ${percent(eer.rate)}, AUC ${auc.toFixed(5)}, best threshold ${best.threshold.toFixed(3)}`,
    "true accept rate",
    ...tars,
    `${formatCount(pairs.length, "pair")} of ${formatCount(pictures, "picture")}, none left out${withoutFace > 0 ? `; ${formatCount(withoutFace, "pair")} without a face judged different` : ""}`,
    `${formatCount(secondLooks, "picture")} needed a second look: ${looks.wider} amid an empty frame, ${looks.faint} by a low score, ${looks.square} central squares`,
  ].join("\n");
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : "–";
}
