import type { LandmarkCard, Landmarker } from "../../landmarks/index.ts";
import type { DetectorChoice } from "../detected-boxes.ts";
import type { GlobalOptions } from "../options.ts";
import { note } from "../output.ts";
import { noteWithoutEffect } from "../without-effect.ts";

/** Options that say which detector finds what a net looks at. */
export interface DetectorNaming {
  detector?: string;
  detectClass?: string[];
}

/** What helps in an evaluation where a net's own detector is not there. */
const WITHOUT_DETECTOR = "--detector none measures at labelled boxes";

/** What `--detector` says where labelled boxes are to be looked at, though a net was trained with a detector's. */
export const NO_DETECTOR: string = "none";

/**
 * The detector that is named, else the one that the net was trained with; undefined where there is neither.
 * @param otherwise how to do without the latter, should it be gone
 */
export function chosenDetector(
  model: string,
  { detector: own, detectClasses }: Pick<LandmarkCard, "detector" | "detectClasses">,
  { detector, detectClass }: DetectorNaming,
  otherwise?: string,
): DetectorChoice | undefined {
  const name = detector ?? own;
  if (name === undefined) return undefined;
  const namedBy = detector === undefined ? model : undefined;
  return { name, classes: detectClass, usualClasses: detectClasses, namedBy, otherwise };
}

/** A net to measure. */
export interface OpenNet {
  name: string;
  landmarker: Landmarker;
}

type NamedNet = { name: string; landmarker: Pick<Landmarker, "card"> };

type Options = GlobalOptions & DetectorNaming & { whole?: boolean };

/**
 * The detector at whose boxes nets are measured, all at the same: the one that is named, else that of the first net which looks
 * at boxes; undefined for labelled boxes, and where all look at whole pictures. Says which options have no effect, and which
 * nets look at other boxes than in their training.
 */
export function chooseBoxes(nets: readonly NamedNet[], options: Options): DetectorChoice | undefined {
  const { detector, detectClass, whole } = options;
  for (const { name, landmarker } of nets) {
    const { subject } = landmarker.card;
    const given = [...(detector !== undefined ? ["--detector"] : []), ...(whole ? ["--whole"] : [])];
    const idle = subject === "picture" ? given : subject === "box" && whole ? ["--whole"] : [];
    const why = subject === "picture" ? "always looks at the whole picture" : "looks at boxes only";
    noteWithoutEffect(idle, `with ${name}, which ${why}`, options);
  }
  const ofBoxes = nets.filter((net) => !seesPictures(net, options));
  const choice = ofBoxes.length > 0 ? choiceOf(ofBoxes[0], options) : undefined;
  if (!choice && detectClass) noteWithoutEffect(["--detect-class"], "without a detector", options);
  if (detector === undefined) for (const net of ofBoxes) noteOtherBoxes(net, ofBoxes[0], choice, options);
  return choice;
}

/** What a net looked at, as results name it: the detector, "labels" (labelled boxes, or those of the points), or "none". */
export function namesBoxes(net: NamedNet, choice: DetectorChoice | undefined, options: Options): string {
  return seesPictures(net, options) ? "none" : (choice?.name ?? "labels");
}

function seesPictures({ landmarker }: NamedNet, { whole }: Options): boolean {
  const { subject } = landmarker.card;
  return subject === "picture" || (subject === "region" && whole === true);
}

function choiceOf({ name, landmarker }: NamedNet, options: Options): DetectorChoice | undefined {
  return options.detector === NO_DETECTOR
    ? undefined
    : chosenDetector(name, landmarker.card, options, WITHOUT_DETECTOR);
}

function noteOtherBoxes(
  { name, landmarker: { card } }: NamedNet,
  first: NamedNet,
  choice: DetectorChoice | undefined,
  options: Options,
): void {
  if (card.subject !== "region") return;
  const words = (detector: string | undefined) =>
    detector === undefined ? "labelled boxes or those of the points" : `the boxes of ${detector}`;
  if (name === first.name) {
    if (choice) {
      const remedy = `--detector ${NO_DETECTOR} takes labelled ones`;
      note(`${name} is measured at ${words(choice.name)}, as it was trained; ${remedy}.`, options);
    }
  } else if (card.detector !== choice?.name) {
    note(
      `${name} was trained at ${words(card.detector)}, and is measured at ${words(choice?.name)}, as ${first.name} is; --detector says where all look.`,
      options,
    );
  }
}
