import type { Command } from "commander";
import { addExamples } from "../options.ts";
import { addDataCheck } from "./data-check.ts";
import { addDataConvert } from "./data-convert.ts";
import { addDataScenes } from "./data-scenes.ts";

/** `fovea data …`: look at data sets, convert them, make them. */
export function addDataCommands(program: Command): void {
  const data = program.command("data").description("check, convert and generate data sets");
  addExamples(data, ["fovea data check cells/", "fovea data convert cells/ cells-coco/ --to coco"]);
  addDataCheck(data);
  addDataConvert(data);
  addDataScenes(data);
}
