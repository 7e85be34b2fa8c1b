import type { Command } from "commander";
import { refuseEarlyOptions } from "../options.ts";
import { addFaceEnroll } from "./face-enroll.ts";
import { addFaceGallery } from "./face-gallery.ts";
import { addFaceIdentify } from "./face-identify.ts";
import { addFaceVerify } from "./face-verify.ts";

/** `fovea face …`: whose face is it? */
export function addFaceCommands(program: Command): void {
  const face = program
    .command("face")
    .description("compare faces, enrol people, know them again; train and measure face encoders")
    .hook("preSubcommand", refuseEarlyOptions);
  addFaceVerify(face);
  addFaceEnroll(face);
  addFaceIdentify(face);
  addFaceGallery(face);
}
