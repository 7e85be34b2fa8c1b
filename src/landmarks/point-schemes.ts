/** What points are called, and which of them a drawing joins. */
export interface PointScheme {
  names: string[];
  lines: [from: number, to: number][];
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

/** The 68 points of a face (iBUG 300-W, Sagonas et al. 2013); right and left are the person's. */
export const facePoints: PointScheme = schemeOf([
  ["jaw", 17, false],
  ["right brow", 5, false],
  ["left brow", 5, false],
  ["nose bridge", 4, false],
  ["nose", 5, false],
  ["right eye", 6, true],
  ["left eye", 6, true],
  ["outer lip", 12, true],
  ["inner lip", 8, true],
]);

/** The 17 joints of a person (COCO keypoints, Lin et al. 2014). */
export const bodyPoints: PointScheme = {
  names: [
    "nose",
    ...["eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"].flatMap((part) => [
      `left ${part}`,
      `right ${part}`,
    ]),
  ],
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
