import type { Command } from "commander";
import type { Face, FaceFinder, Liveness } from "../../face/index.ts";
import { headOption, type Judgement, type JudgeOptions, openJudge } from "../face-judge.ts";
import { calibrationOption, falseMatchRateOption, thresholdOption } from "../face-threshold.ts";
import { encoderOption, type FinderOptions, mirrorOption, openFinder } from "../open-finder.ts";
import { addExamples, deviceOption, jsonOption, optionsOf, threadsOption } from "../options.ts";
import { print, printJson } from "../output.ts";

interface Options extends FinderOptions, JudgeOptions {
  liveness?: boolean;
  largest?: boolean;
  json?: boolean;
}

/** `fovea face verify`: are two pictures of one person? */
export function addFaceVerify(face: Command): void {
  const command = face
    .command("verify")
    .description("say whether two pictures show the same person, and how often such an answer is wrong")
    .argument("<a>", "a picture of one person")
    .argument("<b>", "another one")
    .addOption(falseMatchRateOption("0.001"))
    .addOption(thresholdOption())
    .addOption(calibrationOption())
    .addOption(headOption())
    .option(
      "--liveness",
      "refuse b if it seems to be a photograph of a photograph (weak nets: a veto, no proof)",
    )
    .option("--largest", "take the largest face where a picture shows several")
    .addOption(encoderOption())
    .addOption(mirrorOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (a: string, b: string, _: unknown, command: Command) =>
      verify(a, b, optionsOf<Options>(command)),
    );
  addExamples(command, [
    "fovea face verify passport.jpg selfie.jpg",
    "fovea face verify a.jpg b.jpg --false-match-rate 0.0001 --json",
    "fovea face verify a.jpg b.jpg --model runs/f/best.onnx --head runs/f/head.onnx",
  ]);
}

async function verify(a: string, b: string, options: Options): Promise<void> {
  // Heads are trained on encodings of faces alone.
  const mirror = options.mirror && options.head === undefined;
  const finder = await openFinder({ ...options, mirror });
  try {
    const judge = await openJudge(finder, options);
    try {
      const first = await faceOf(finder, a, options);
      const second = await faceOf(finder, b, options);
      const judgement = await judge.judge(first.face.encoding, second.face.encoding);
      const liveness = options.liveness ? await look(second, options) : undefined;
      const same = judgement.same && liveness?.passed !== false;
      report({ ...judgement, a, b, same, liveness }, options);
    } finally {
      await judge.close();
    }
  } finally {
    await finder.close();
  }
}

interface Found {
  face: Face;
  picture: Awaited<ReturnType<typeof import("../../image/index.ts").decodePicture>>;
}

async function faceOf(finder: FaceFinder, file: string, { largest }: Options): Promise<Found> {
  const [{ decodePicture }, { oneFace }] = await Promise.all([
    import("../../image/index.ts"),
    import("../../face/index.ts"),
  ]);
  const picture = await decodePicture(file);
  return { picture, face: oneFace(await finder.find(picture), file, { largest }) };
}

/** Whether the nets take a face for a living one. */
async function look({ picture, face }: Found, { threads, device }: Options): Promise<Liveness> {
  const { LivenessCheck } = await import("../../face/index.ts");
  const check = await LivenessCheck.load({ threads, device });
  try {
    return await check.judge(picture, face.box);
  } finally {
    await check.close();
  }
}

interface Verdict extends Judgement {
  a: string;
  b: string;
  liveness?: Liveness;
}

function report({ a, b, same, stated, remark, figures, liveness }: Verdict, { json }: Options): void {
  if (json) {
    printJson({ a, b, same, ...figures, liveness });
    return;
  }
  const lines = [`${same ? "the same person" : "different people"}: ${stated}`];
  if (remark) lines.push(remark);
  if (liveness) {
    const { antispoof, liveness: living, passed } = liveness;
    lines.push(
      `liveness ${passed ? "passed" : "vetoed"}: ${antispoof.toFixed(2)} and ${living.toFixed(2)} of 1 (weak nets; no protection against somebody who tries)`,
    );
  }
  print(lines.join("\n"));
}
