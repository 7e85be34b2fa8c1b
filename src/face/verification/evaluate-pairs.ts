import { FoveaError } from "../../core/index.ts";
import { evaluateVerification, type VerificationFigures } from "../../metrics/index.ts";
import { encodingDistance } from "../encoder.ts";
import type { EncoderModel } from "../encoder-model.ts";
import type { EncodedPicture } from "./encode-pictures.ts";
import type { Look } from "./main-face-encoder.ts";
import { type FacePair, type PairList, pictureOf } from "./read-pairs.ts";

/** A pair, and how far its faces are from each other. */
export interface JudgedPair extends FacePair {
  /** +∞ where one of both has no face: no threshold takes them for the same. */
  distance: number;
}

/** How well an encoder verifies pairs. */
export interface VerificationEvaluation extends VerificationFigures {
  encoder: EncoderModel;
  /** Whether encodings are means with those of mirror images. */
  mirror: boolean;
  /** Over how many jittered copies they are means instead, if any. */
  jitter: number;
  /** All pairs of the list, in its order. */
  pairs: JudgedPair[];
  /** Number of distinct pictures. */
  pictures: number;
  /** Pairs with a picture without a face, or that cannot be read. They are judged different, not left out. */
  withoutFace: number;
  /** How the pictures' faces were found. */
  looks: Record<Look, number>;
  /** Pictures that needed more than the first look. */
  secondLooks: number;
}

/** How to evaluate. */
export interface EvaluatePairsOptions {
  /** Folds to make where the list has none; default 10, or fewer where there are fewer pairs of a kind. */
  folds?: number;
}

/**
 * Measures distances of encoded pictures on a list of pairs, all of them, by the protocol of Labeled Faces in the Wild.
 *
 * @param encoded by path, of every picture of the list
 * @throws FoveaError `pairs-one-kind`, `folds-too-few`
 */
export function evaluatePairs(
  list: PairList,
  encoded: ReadonlyMap<string, EncodedPicture>,
  { model, mirror, jitter = 0 }: { model: EncoderModel; mirror: boolean; jitter?: number },
  { folds }: EvaluatePairsOptions = {},
): VerificationEvaluation {
  const sames = list.pairs.filter(({ same }) => same).length;
  const fewest = Math.min(sames, list.pairs.length - sames);
  if (fewest < 2) {
    throw new FoveaError(
      "pairs-one-kind",
      `${list.path} has ${sames} same and ${list.pairs.length - sames} different pairs; an evaluation needs two or more of each.`,
    );
  }
  const encodingOf = (name: string) => encoded.get(pictureOf(list.images, name))?.encoding;
  const pairs = list.pairs.map((pair): JudgedPair => {
    const [a, b] = [encodingOf(pair.a), encodingOf(pair.b)];
    return { ...pair, distance: a && b ? encodingDistance(a, b) : Number.POSITIVE_INFINITY };
  });
  const given = pairs.every(({ fold }) => fold !== undefined) ? pairs.map(({ fold }) => fold!) : undefined;
  const figures = evaluateVerification(
    pairs.map(({ distance }) => distance),
    pairs.map(({ same }) => same),
    given ?? folds ?? Math.min(10, fewest),
  );
  const looks = countLooks(encoded.values());
  return {
    ...figures,
    encoder: model,
    mirror,
    jitter,
    pairs,
    pictures: encoded.size,
    withoutFace: pairs.filter(({ distance }) => distance === Number.POSITIVE_INFINITY).length,
    looks,
    secondLooks: looks.wider + looks.faint + looks.square,
  };
}

/** How many pictures' faces were found by each look. */
export function countLooks(pictures: Iterable<EncodedPicture>): Record<Look, number> {
  const looks: Record<Look, number> = { first: 0, wider: 0, faint: 0, square: 0 };
  for (const { look } of pictures) if (look) looks[look]++;
  return looks;
}

/** The pictures of a list, every one once. */
export function picturesOf({ pairs, images }: PairList): string[] {
  return [...new Set(pairs.flatMap(({ a, b }) => [pictureOf(images, a), pictureOf(images, b)]))];
}
