import { type Command, InvalidArgumentError, Option } from "commander";
import type { ExplainMethod, Explanation } from "../../inspect/index.ts";
import { INTERRUPTED } from "../failure.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { addExamples, jsonOption, optionsOf } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { integer, parsePath } from "../parse.ts";
import { createProgress, type Progress } from "../progress.ts";
import type { NetOptions } from "./inspect.ts";
import { netOptions } from "./inspect-net-options.ts";

interface Options extends NetOptions {
  out: string;
  class?: string;
  unit?: string;
  layer?: string;
  methods?: ExplainMethod[];
  baseline: "black" | "grey";
  steps: number;
  square?: number;
  json?: boolean;
}

const METHODS: readonly ExplainMethod[] = ["grad-cam", "gradients", "occlusion", "activations"];

const LABELS: Record<ExplainMethod, string> = {
  "grad-cam": "Grad-CAM",
  gradients: "Integrating gradients",
  occlusion: "Covering the picture",
  activations: "Activations",
};

/** `fovea inspect explain`: where a net's answer to one picture comes from. */
export function addInspectExplain(inspect: Command): void {
  const command = inspect
    .command("explain")
    .description(
      "show where in a picture a net's answer comes from: Grad-CAM, integrated gradients, occlusion; and a layer's activations",
    )
    .argument("<model>", "any convolutional .onnx file, or a name that `fovea models` lists")
    .argument("<picture>", "the picture")
    .addOption(
      new Option("--out <dir>", "folder for explain.html, explain.json and a PNG of each method")
        .argParser(parsePath)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        "--class <name>",
        "the class to explain, by name or number (default: the one that the net is surest of)",
      ).conflicts("unit"),
    )
    .option("--unit <layer/n>", "explain a unit instead, such as stage3.1/17, where it answers most")
    .option("--layer <name>", "layer of Grad-CAM and of the activations (default: the last with a map)")
    .addOption(
      new Option(
        "--methods <names>",
        `some of ${METHODS.join(", ")}, separated by commas (default: all)`,
      ).argParser(parseMethods),
    )
    .addOption(
      new Option("--baseline <picture>", "what integrated gradients begin at")
        .choices(["black", "grey"])
        .default("black"),
    )
    .option(
      "--steps <n>",
      "most steps of integrated gradients; fewer where they add up to 1 % before",
      integer(1, 100_000),
      512,
    )
    .option(
      "--square <pixels>",
      "side of the square that covers the picture, in pixels of the net's input (default: an eighth of it)",
      integer(1),
    )
    .addOption(jsonOption());
  for (const option of netOptions()) command.addOption(option);
  command.action(async (model: string, picture: string, _: unknown, command: Command) => {
    const { square, ...options } = optionsOf<Options>(command);
    const { explain } = await import("../../inspect/index.ts");
    const { modelPath } = await import("../ready-models.ts");
    const path = await modelPath(model, options);
    const interrupt = listenForInterrupt(() => note("Stopping after this step.", options));
    let method: ExplainMethod | undefined;
    let progress: Progress | undefined;
    try {
      const explanation = await explain({
        ...options,
        side: square,
        model: path,
        name: path === model ? undefined : model,
        picture,
        signal: interrupt.signal,
        onProgress(now, done, total) {
          if (now !== method || done === 1) {
            progress?.done();
            progress = createProgress({ label: LABELS[now], total, quiet: options.quiet });
            method = now;
          }
          progress?.update(done, `${done} of ${total}`);
        },
      });
      progress?.done();
      if (options.json) printJson(explanation);
      else print(toText(explanation));
      if (interrupt.signal.aborted) {
        const { FoveaError } = await import("../../core/index.ts");
        throw new FoveaError(
          INTERRUPTED,
          "Stopped; the methods that were done are in the report, run the command again for all.",
        );
      }
    } finally {
      progress?.done();
      interrupt.dispose();
    }
  });
  addExamples(command, [
    "fovea inspect explain runs/leaves/best.onnx leaf.jpg --class oak --out out/leaf",
    "fovea inspect explain coco street.jpg --class car --out out/street",
    "fovea inspect explain fovea-plain cat.jpg --unit stage4.1/30 --methods gradients --out out/unit",
  ]);
}

function parseMethods(text: string): ExplainMethod[] {
  const names = text.split(",") as ExplainMethod[];
  if (names.every((name) => METHODS.includes(name))) return names;
  throw new InvalidArgumentError(`Expected some of ${METHODS.join(", ")}.`);
}

function toText({ target, gradCam, integratedGradients, occlusion, files, report }: Explanation): string {
  const lines = [`${target.name}: ${target.kind} ${target.value.toPrecision(4)}`];
  if (gradCam) lines.push(`Grad-CAM at layer ${gradCam.layer}`);
  if (integratedGradients) {
    const { steps, completenessError, baseline } = integratedGradients;
    lines.push(
      `integrated gradients from ${baseline}: ${steps} steps, complete to ${(100 * completenessError).toFixed(2)} %`,
    );
  }
  if (occlusion) {
    const { side, largestLoss } = occlusion;
    lines.push(`occlusion by squares of ${side} px: falls by ${largestLoss.toPrecision(3)} at most`);
  }
  lines.push(`pictures: ${files.length} PNGs beside the report`, `report: ${report}`);
  return lines.join("\n");
}
