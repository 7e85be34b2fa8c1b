import type { Command } from "commander";
import type { Face, FaceFinder, Liveness, RateAtDistance } from "../../face/index.ts";
import {
  calibrationOption,
  falseMatchRateOption,
  type ThresholdChoice,
  type ThresholdOptions,
  thresholdOption,
  verificationThreshold,
} from "../face-threshold.ts";
import { encoderOption, type FinderOptions, mirrorOption, openFinder } from "../open-finder.ts";
import { addExamples, deviceOption, jsonOption, optionsOf, threadsOption } from "../options.ts";
import { print, printJson } from "../output.ts";

interface Options extends FinderOptions, ThresholdOptions {
  falseMatchRate: number;
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
  ]);
}

async function verify(a: string, b: string, options: Options): Promise<void> {
  const { encodingDistance } = await import("../../face/index.ts");
  const finder = await openFinder(options);
  try {
    const threshold = await verificationThreshold(finder.encoder, options);
    const first = await faceOf(finder, a, options);
    const second = await faceOf(finder, b, options);
    const distance = encodingDistance(first.face.encoding, second.face.encoding);
    const liveness = options.liveness ? await judge(second, options) : undefined;
    const same = distance <= threshold.threshold && liveness?.passed !== false;
    report({ a, b, distance, same, liveness, rate: await rateAt(distance, threshold) }, threshold, options);
  } finally {
    await finder.close();
  }
}

/** How many pairs of different people lie as near as this. */
async function rateAt(
  distance: number,
  { calibration }: ThresholdChoice,
): Promise<RateAtDistance | undefined> {
  const { falseMatchRateAt } = await import("../../face/index.ts");
  return calibration && falseMatchRateAt(calibration, distance);
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

async function judge({ picture, face }: Found, { threads, device }: Options): Promise<Liveness> {
  const { LivenessCheck } = await import("../../face/index.ts");
  const check = await LivenessCheck.load({ threads, device });
  try {
    return await check.judge(picture, face.box);
  } finally {
    await check.close();
  }
}

interface Verdict {
  a: string;
  b: string;
  distance: number;
  same: boolean;
  rate?: RateAtDistance;
  liveness?: Liveness;
}

function report(
  { rate, ...verdict }: Verdict,
  { threshold, stated }: ThresholdChoice,
  { json }: Options,
): void {
  const { distance, same, liveness } = verdict;
  if (json) {
    printJson({
      ...verdict,
      threshold,
      thresholdFor: stated,
      falseMatchRate: rate?.rate,
      interval: rate?.interval,
    });
    return;
  }
  const lines = [
    `${same ? "the same person" : "different people"}: distance ${distance.toFixed(3)}, threshold ${threshold.toFixed(3)} (${stated})`,
  ];
  if (rate) {
    const { atMost, interval } = rate;
    const share = atMost
      ? `fewer than ${percent(rate.rate)}`
      : `${percent(rate.rate)} (at most ${percent(interval[1])}, 95 %)`;
    lines.push(`of pairs of different people ${share} lie as near as these two`);
  }
  if (liveness) {
    const { antispoof, liveness: living, passed } = liveness;
    lines.push(
      `liveness ${passed ? "passed" : "vetoed"}: ${antispoof.toFixed(2)} and ${living.toFixed(2)} of 1 (weak nets; no protection against somebody who tries)`,
    );
  }
  print(lines.join("\n"));
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
