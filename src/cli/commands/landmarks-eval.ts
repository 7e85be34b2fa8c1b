import { join } from "node:path";
import { type Command, Option } from "commander";
import { writeOutput } from "../../core/index.ts";
import type { PointSample } from "../../data/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import type { LandmarkEvaluation, NamedEvaluation, PointScheme } from "../../landmarks/index.ts";
import type { PointNormalizer } from "../../metrics/index.ts";
import { type SplitChoice, samplesOf, splitOption } from "../data-split.ts";
import { detectBoxes, detectClassOption } from "../detected-boxes.ts";
import { requireEvaluationFolder } from "../evaluation-folder.ts";
import { formatCount, formatPercent } from "../format.ts";
import { loadPoints, originOption } from "../load-points.ts";
import { detectorUse, pointsUse, requireModel } from "../model-names.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  evaluationSeedOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { number, parsePath } from "../parse.ts";
import { createProgress } from "../progress.ts";
import { drawnAsTrained, noteOtherSplit, type TrainedData, trainedData } from "../trained-split.ts";
import { chooseBoxes, NO_DETECTOR, namesBoxes, type OpenNet } from "./landmarks-looks.ts";

interface Options extends GlobalOptions, EngineOptions {
  split: SplitChoice;
  normalize?: PointNormalizer;
  beside?: string[];
  detector?: string;
  detectClass?: string[];
  whole?: boolean;
  valFraction?: number;
  origin?: number;
  seed?: number;
  out?: string;
  json?: boolean;
}

/** `fovea landmarks eval`: how well nets find labelled points. */
export function addLandmarksEval(landmarks: Command): void {
  const command = landmarks
    .command("eval")
    .description(
      "measure nets of points: normalised mean error, failure rates, area under the curve, each point",
    )
    .argument(
      "<model>",
      "the net: a best.onnx, face-points, or body; points are matched by name, else by order",
    )
    .argument("<data>", "a .csv with a row for each picture, COCO keypoints, or a folder of .pts files")
    .option(
      "--beside <models...>",
      "other nets to measure on the same pictures",
      (model: string, before?: string[]) => [...(before ?? []), parsePath(model)],
    )
    .addOption(
      new Option(
        "--normalize <by>",
        "what errors are divided by: the distance of the eyes, the box's size, its diagonal, or that of the picture (default: interocular where the eyes are known, else box; picture where things have no size)",
      ).choices(["interocular", "box", "diagonal", "picture"]),
    )
    .addOption(splitOption())
    .option(
      "--detector <file>",
      "look at the boxes of this detector, such as faces; none: at labelled boxes, or those of the true points (default: the detector that the net was trained with, else none)",
      parsePath,
    )
    .addOption(detectClassOption())
    .addOption(
      new Option("--whole", "nets of one's own look at the whole picture, not at a box").conflicts(
        "detector",
      ),
    )
    .option("--out <dir>", "write evaluation.json, and report.html with found points and mistakes", parsePath)
    .option(
      "--val-fraction <share>",
      "share of the groups to validate with where the data name none (default: 0.2)",
      number(0, 0.9),
    )
    .addOption(originOption())
    .addOption(evaluationSeedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (model: string, data: string, _: unknown, command: Command) => {
      const { beside = [], detector } = optionsOf<Options>(command);
      for (const name of [model, ...beside]) await requireModel(name, pointsUse);
      if (detector !== undefined && detector !== NO_DETECTOR) await requireModel(detector, detectorUse);
      const trained = await trainedData(model);
      await evaluate(model, data, trained, drawnAsTrained(optionsOf<Options>(command), trained));
    });
  addExamples(command, [
    "fovea landmarks eval runs/points/best.onnx faces/landmarks.csv --beside face-points --out runs/points/eval",
    "fovea landmarks eval face-points faces/landmarks.csv --detector faces --split all --json",
  ]);
}

async function evaluate(model: string, data: string, trained: TrainedData, options: Options): Promise<void> {
  const { split, beside = [], out } = options;
  await requireEvaluationFolder(out);
  const dataset = await loadPoints(data, options);
  const samples = samplesOf(dataset, split, data);
  for (const name of [model, ...beside]) {
    const of = name === model ? trained : await trainedData(name);
    noteOtherSplit({ model: name, data, split }, of, dataset, [dataset.fingerprint], options);
  }
  const { schemeOfData, writeEvaluationReport } = await import("../../landmarks/index.ts");
  const scheme = schemeOfData(dataset);
  const nets = await openNets([model, ...beside], options);
  const evaluated: (NamedEvaluation & { boxes: string })[] = [];
  try {
    const choice = chooseBoxes(nets, options);
    const boxes = choice && (await detectBoxes(choice, samples, options));
    for (const net of nets) {
      const evaluation = await measure(net, samples, scheme, boxes, options);
      evaluated.push({ name: net.name, boxes: namesBoxes(net, choice, options), evaluation });
    }
  } finally {
    await Promise.all(nets.map(({ landmarker }) => landmarker.close()));
  }
  const figures = evaluated.map(({ name, boxes, evaluation: { located: _, ...measured } }) => ({
    model: name,
    boxes,
    ...measured,
  }));
  const [first, ...others] = figures;
  const answer = { data, split, ...first, beside: others };
  if (options.json) printJson(answer);
  else print(await toText(evaluated, scheme));
  if (out !== undefined) {
    await writeOutput(join(out, "evaluation.json"), `${JSON.stringify(answer, null, 2)}\n`);
    const subtitle = `${data}, ${split}`;
    await writeEvaluationReport({ out, title: model, subtitle, samples, scheme, nets: evaluated });
  }
}

/** Opens all nets, or none. */
async function openNets(names: readonly string[], options: Options): Promise<OpenNet[]> {
  const { threads, device } = options;
  const { Landmarker } = await import("../../landmarks/index.ts");
  const onConvert = (name: string) => note(`Converting ${name} to ONNX, once.`, options);
  const nets: OpenNet[] = [];
  try {
    for (const name of names) {
      nets.push({ name, landmarker: await Landmarker.load(name, { threads, device, onConvert }) });
    }
    return nets;
  } catch (error) {
    await Promise.all(nets.map(({ landmarker }) => landmarker.close()));
    throw error;
  }
}

async function measure(
  { landmarker }: OpenNet,
  samples: readonly PointSample[],
  scheme: PointScheme,
  boxes: ReadonlyMap<string, Xyxy | undefined> | undefined,
  { quiet, normalize, whole }: Options,
): Promise<LandmarkEvaluation> {
  const { evaluateLandmarker } = await import("../../landmarks/index.ts");
  const progress = createProgress({ label: "Evaluating", total: samples.length, quiet });
  try {
    return await evaluateLandmarker(landmarker, samples, {
      scheme,
      normalize,
      boxes,
      wholePicture: whole,
      onProgress: (done, total) => progress.update(done, `${done} of ${total} pictures`),
      onProblem: ({ file, detail }) => note(`${file}: ${detail}`, { quiet }),
    });
  } finally {
    progress.done();
  }
}

/** Points whose errors are printed. */
const SHOWN_POINTS = 20;

async function toText(nets: readonly NamedEvaluation[], scheme: PointScheme): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const { normalizerWords } = await import("../../landmarks/index.ts");
  const [{ evaluation }] = nets;
  const table = textTable(
    ["net", "NME", "median", "failures at 8 %", "at 10 %", "AUC to 8 %", "to 10 %", "not found"],
    nets.map(({ name, evaluation: e }) => [
      name,
      formatPercent(e.nme),
      formatPercent(e.median),
      formatPercent(e.failureRate8),
      formatPercent(e.failureRate10),
      e.auc8,
      e.auc10,
      e.missed,
    ]),
  );
  const { backgrounds, falseAlarms, perPoint, offset } = evaluation;
  const lines = [
    table,
    "",
    `${formatCount(evaluation.things, "picture")}; errors are divided by ${normalizerWords[evaluation.normalize]}`,
  ];
  if (offset.every(Number.isFinite)) {
    const beside = offset.map((pixels) => pixels.toFixed(2)).join(" and ");
    lines.push(`found points lie ${beside} pixels right of and below the labels on average`);
  }
  if (backgrounds > 0)
    lines.push(
      `false alarms in ${formatPercent(falseAlarms)} of ${formatCount(backgrounds, "picture")} without it`,
    );
  if (scheme.names.length > SHOWN_POINTS) return [...lines, "each point: --json or --out"].join("\n");
  const rows = perPoint.map(({ name, count, nme }) => [name, count, formatPercent(nme)]);
  return [...lines, "", textTable(["point", "pictures", "NME"], rows)].join("\n");
}
