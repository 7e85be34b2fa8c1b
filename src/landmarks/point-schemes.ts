import { mirrorPairs } from "./mirror-pairs.ts";

/** What points are called, and what else is known of them. */
export interface PointScheme {
  names: string[];
  /** Pairs of points that a drawing joins. */
  lines: [from: number, to: number][];
  /** Points that change places in a mirrored picture; undefined where that is not known, so that none may be mirrored. */
  pairs?: [a: number, b: number][];
  /** The two points whose distance errors are usually measured by. */
  eyes?: [a: number, b: number];
}

/** Runs of points along a line: their name, how many, and whether the last is joined to the first. */
function schemeOf(parts: readonly [name: string, count: number, closed: boolean][]): PointScheme {
  const scheme: PointScheme = { names: [], lines: [] };
  for (const [name, count, closed] of parts) {
    const first = scheme.names.length;
    for (let i = 0; i < count; i++) {
      scheme.names.push(`${name} ${i + 1}`);
      if (i > 0) scheme.lines.push([first + i - 1, first + i]);
    }
    if (closed) scheme.lines.push([first + count - 1, first]);
  }
  return scheme;
}

/** Runs of points that stand for each other in a mirrored picture: `count` from `a` upwards, and from `b` downwards. */
const FACE_MIRROR: readonly [a: number, b: number, count: number][] = [
  [0, 16, 8], // jaw
  [17, 26, 5], // brows
  [31, 35, 2], // nose
  [36, 45, 4], // upper lids, from the outer corner to the inner one
  [40, 47, 2], // lower lids
  [48, 54, 3], // outer lip, above
  [55, 59, 2], // and below
  [60, 64, 2], // inner lip, above
  [67, 65, 1], // and below
];

/** The 68 points of a face (iBUG 300-W, Sagonas et al. 2013); right and left are the person's. */
export const facePoints: PointScheme = {
  ...schemeOf([
    ["jaw", 17, false],
    ["right brow", 5, false],
    ["left brow", 5, false],
    ["nose bridge", 4, false],
    ["nose", 5, false],
    ["right eye", 6, true],
    ["left eye", 6, true],
    ["outer lip", 12, true],
    ["inner lip", 8, true],
  ]),
  pairs: FACE_MIRROR.flatMap(([a, b, count]) => runOfPairs(a, b, count)),
  eyes: [36, 45],
};

function runOfPairs(a: number, b: number, count: number): [number, number][] {
  return Array.from({ length: count }, (_, i): [number, number] => [a + i, b - i]);
}

const bodyNames = [
  "nose",
  ...["eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"].flatMap((part) => [
    `left ${part}`,
    `right ${part}`,
  ]),
];

/** The 17 joints of a person (COCO keypoints, Lin et al. 2014). */
export const bodyPoints: PointScheme = {
  names: bodyNames,
  pairs: mirrorPairs(bodyNames),
  lines: [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 4],
    [5, 6],
    [5, 7],
    [7, 9],
    [6, 8],
    [8, 10],
    [5, 11],
    [6, 12],
    [11, 12],
    [11, 13],
    [13, 15],
    [12, 14],
    [14, 16],
  ],
};
