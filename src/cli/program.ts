import { Command } from "commander";
import { packageVersion } from "../core/index.ts";
import { checkArguments } from "./check-arguments.ts";
import { addClassifyCommands } from "./commands/classify.ts";
import { addDataCommands } from "./commands/data.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDetectCommands } from "./commands/detect.ts";
import { addFaceCommands } from "./commands/face.ts";
import { addInspectCommands } from "./commands/inspect.ts";
import { addLandmarksCommand } from "./commands/landmarks.ts";
import { addLocalizeCommands } from "./commands/localize.ts";
import { addMetricsCommands } from "./commands/metrics.ts";
import { addModelCommands } from "./commands/model.ts";
import { addModelsCommand } from "./commands/models.ts";
import { addStyleCommands } from "./commands/style.ts";
import { addWindowsCommands } from "./commands/windows.ts";
import { describeOption } from "./option-help.ts";
import { addExamples, quietOption } from "./options.ts";

/** Builds the whole command tree. Nothing heavy is loaded before a command's action runs. */
export function createProgram(): Command {
  const program = new Command("fovea")
    .description("Computer vision that trains and runs natively: every computation is an ONNX graph.")
    .version(packageVersion(), "-V, --version", "print the version")
    .addOption(quietOption())
    .helpOption("-h, --help", "show this help")
    // Options behind a command's name are that command's: `detect` and `detect train` both have an --out.
    .enablePositionalOptions()
    // Errors are thrown, and printed by run.ts as one sentence.
    .configureOutput({ outputError: () => {} })
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    .hook("preAction", (_, command) => checkArguments(command));
  addExamples(program, [
    "fovea detect street.jpg --out out/",
    "fovea demo",
    "fovea detect train cells/ --out runs/cells",
    "fovea detect street.jpg --model runs/cells/best.onnx --out out/",
  ]);
  addDetectCommands(program);
  addWindowsCommands(program);
  addLocalizeCommands(program);
  addLandmarksCommand(program);
  addFaceCommands(program);
  addClassifyCommands(program);
  addStyleCommands(program);
  addInspectCommands(program);
  addDataCommands(program);
  addMetricsCommands(program);
  addModelCommands(program);
  addModelsCommand(program);
  addDemoCommand(program);
  addQuietOption(program);
  return program;
}

/** `--quiet` may stand behind the command, where one thinks of it. */
function addQuietOption(command: Command): void {
  for (const child of command.commands) {
    if (child.registeredArguments.length > 0 || child.commands.length === 0) child.addOption(quietOption());
    addQuietOption(child);
  }
}
