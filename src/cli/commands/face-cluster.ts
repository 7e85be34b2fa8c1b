import type { Command } from "commander";

import { encoderOption, type FinderOptions, mirrorOption } from "../open-finder.ts";
import { addExamples, deviceOption, jsonOption, optionsOf, threadsOption } from "../options.ts";
import { integer, number, parsePath } from "../parse.ts";

/** Options of `fovea face cluster`. */
export interface ClusterOptions extends FinderOptions {
  out: string;
  threshold?: number;
  minFace: number;
  json?: boolean;
}

/** `fovea face cluster`: sort the faces of a folder of photographs by person. */
export function addFaceCluster(face: Command): void {
  const command = face
    .command("cluster")
    .description("group the faces in photographs by person, without knowing anybody")
    .argument("<files...>", "pictures, folders of pictures, or glob patterns")
    .requiredOption(
      "--out <dir>",
      "a new folder: clusters.json, a sheet for each person, an overview",
      parsePath,
    )
    .option(
      "--threshold <distance>",
      "mean distance up to which groups are joined (default: the one measured for the ready encoder)",
      number(0, 100),
    )
    .option("--min-face <pixels>", "leave out faces with a shorter side", integer(1, 10_000), 40)
    .addOption(encoderOption())
    .addOption(mirrorOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const { clusterCommand } = await import("./face-cluster-files.ts");
      await clusterCommand(files, optionsOf<ClusterOptions>(command));
    });
  addExamples(command, [
    "fovea face cluster holiday/ --out people/",
    "fovea face cluster 'archive/**/*.jpg' --out people/ --threshold 0.55 --json",
  ]);
}
