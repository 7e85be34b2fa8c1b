import type { Command } from "commander";
import { addExamples, refuseEarlyOptions } from "../options.ts";
import { addFaceCalibrate } from "./face-calibrate.ts";
import { addFaceCluster } from "./face-cluster.ts";
import { addFaceEnroll } from "./face-enroll.ts";
import { addFaceEval } from "./face-eval.ts";
import { addFaceGallery } from "./face-gallery.ts";
import { addFaceIdentify } from "./face-identify.ts";
import { addFaceTrain } from "./face-train.ts";
import { addFaceVerify } from "./face-verify.ts";

/** `fovea face …`: whose face is it? */
export function addFaceCommands(program: Command): void {
  const face = program
    .command("face")
    .description("compare faces, enrol people, know them again; train and measure face encoders")
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(face, [
    "fovea face verify passport.jpg selfie.jpg",
    "fovea face enroll Ada ada.jpg",
    "fovea face identify party.jpg --out out/",
    "fovea face cluster photos/ --out people/",
  ]);
  addFaceVerify(face);
  addFaceEnroll(face);
  addFaceIdentify(face);
  addFaceGallery(face);
  addFaceCluster(face);
  addFaceCalibrate(face);
  addFaceEval(face);
  addFaceTrain(face);
}
