import type { Xyxy } from "../geometry/index.ts";
import { iou } from "../geometry/index.ts";
import { requireValid } from "./detected-pictures.ts";

/** One picture's object, if it has one, and what was said of it. */
export interface LocalizedPicture {
  id: string;
  truth?: { classIndex: number; box: Xyxy };
  answer: { present: boolean; presence: number; classIndex: number; box: Xyxy };
}

/** How well objects are localized, one in a picture or none; shares in [0, 1], NaN where there is nothing to count. */
export interface LocalizationEvaluation {
  /** Pictures with an object, and without. */
  objects: number;
  backgrounds: number;
  /** Share of the objects whose class is named right, whatever is said of their presence. */
  classAccuracy: number;
  /** Mean overlap of the boxes with those of the objects, whatever is said of their presence. */
  meanIou: number;
  /** Share of the objects that are said to be there, of the right class, in a box with IoU ≥ 0.5. */
  correct: number;
  /** Share of the objects that are said not to be there. */
  missed: number;
  /** Share of the background pictures in which an object is said to be. */
  falseAlarms: number;
  /** Share of all pictures with the right answer: a correct object, or none where there is none. */
  right: number;
  perClass: LocalizationClassResult[];
}

/** The figures of one class. */
export interface LocalizationClassResult {
  name: string;
  count: number;
  accuracy: number;
  meanIou: number;
  correct: number;
}

/** Overlap from which on a box is right. */
const RIGHT_IOU = 0.5;

/**
 * Measures what was said of pictures with at most one object.
 *
 * @throws FoveaError `class-index`, `box-invalid`, `detection-score`
 */
export function evaluateLocalization(
  classes: readonly string[],
  pictures: readonly LocalizedPicture[],
): LocalizationEvaluation {
  requireValid({
    classes,
    pictures: pictures.map(({ id, truth, answer }) => ({
      id,
      boxes: truth ? [truth] : [],
      detections: [{ ...answer, score: answer.presence }],
    })),
  });
  const objects = pictures.flatMap(({ truth, answer }) =>
    truth ? [{ truth, answer, overlap: iou(truth.box, answer.box) }] : [],
  );
  const backgrounds = pictures.filter(({ truth }) => !truth);
  const alarms = backgrounds.filter(({ answer }) => answer.present).length;
  const namedRight = ({ truth, answer }: (typeof objects)[number]) => truth.classIndex === answer.classIndex;
  const isCorrect = (one: (typeof objects)[number]) =>
    one.answer.present && namedRight(one) && one.overlap >= RIGHT_IOU;
  const figures = (list: typeof objects) => ({
    accuracy: list.filter(namedRight).length / list.length,
    meanIou: list.reduce((sum, { overlap }) => sum + overlap, 0) / list.length,
    correct: list.filter(isCorrect).length / list.length,
  });
  const { accuracy, meanIou, correct } = figures(objects);
  const missed = objects.filter(({ answer }) => !answer.present).length;
  return {
    objects: objects.length,
    backgrounds: backgrounds.length,
    classAccuracy: accuracy,
    meanIou,
    correct,
    missed: missed / objects.length,
    falseAlarms: alarms / backgrounds.length,
    right: (objects.filter(isCorrect).length + backgrounds.length - alarms) / pictures.length,
    perClass: classes.map((name, i) => {
      const ofClass = objects.filter(({ truth }) => truth.classIndex === i);
      return { name, count: ofClass.length, ...figures(ofClass) };
    }),
  };
}
