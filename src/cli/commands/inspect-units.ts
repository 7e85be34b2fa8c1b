import { FoveaError } from "../../core/index.ts";
import { type InspectionRun, type InspectionStage, inspectNet } from "../../inspect/index.ts";
import { resumeLine } from "../command-line.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { note, print, printJson } from "../output.ts";
import { createProgress, type Progress } from "../progress.ts";
import { modelPath } from "../ready-models.ts";
import type { InspectOptions } from "./inspect.ts";

const LABELS: Record<InspectionStage, string> = {
  patches: "Looking through pictures",
  cutting: "Cutting patches",
  synthesis: "Making pictures",
};

/** `fovea inspect`: writes the report and says what is in it. */
export async function inspectCommand(model: string, data: string, options: InspectOptions): Promise<void> {
  const { quiet, json } = options;
  const path = await modelPath(model, options);
  const interrupt = listenForInterrupt(() => note("Writing a report of what there is.", options));
  let stage: InspectionStage | undefined;
  let progress: Progress | undefined;
  let from = 0;
  try {
    const run = await inspectNet({
      ...options,
      model: path,
      name: path === model ? undefined : model,
      data,
      signal: interrupt.signal,
      onProgress(now, done, total, text) {
        if (now !== stage) {
          progress?.done();
          stage = now;
          from = now === "patches" && options.resume ? done : 0;
          progress = createProgress({ label: LABELS[now], total, from, quiet });
        }
        progress?.update(done, text);
      },
    });
    progress?.done();
    if (json) printJson({ report: run.report, sheets: run.sheets, ...run.inspection });
    else print(toText(run, options));
    if (!run.inspection.complete) {
      const { looked, pictures } = run.inspection;
      const done =
        looked < pictures
          ? `after ${looked} of ${formatCount(pictures, "picture")}`
          : "while making pictures";
      throw new FoveaError(INTERRUPTED, `Stopped ${done}; go on with: ${resumeLine()}`);
    }
  } finally {
    progress?.done();
    interrupt.dispose();
  }
}

function toText({ inspection, report, sheets }: InspectionRun, options: InspectOptions): string {
  const { layers, looked, pictures, failures, preparation } = inspection;
  const [failure] = failures;
  if (failure) {
    note(
      `${formatCount(failures.length, "picture")} could not be read, for example ${failure.name}: ${failure.message}`,
      options,
    );
  }
  const width = Math.max(...layers.map(({ name }) => name.length));
  const lines = layers.map(({ name, field, units, silent, height, width: across }) => {
    const sees = field.whole ? "the whole picture" : `${Math.round(field.size)} px`;
    const quiet = silent > 0 ? `, ${silent} silent` : "";
    return `  ${name.padEnd(width)}  ${units} units on ${across}×${height}, sees ${sees}${quiet}`;
  });
  return [
    `input:  ${preparation}`,
    `looked through ${looked === pictures ? formatCount(pictures, "picture") : `${looked} of ${formatCount(pictures, "picture")}`}`,
    ...lines,
    `sheets: ${formatCount(sheets.length, "PNG")} in ${options.out}/layers`,
    `report: ${report}`,
  ].join("\n");
}
