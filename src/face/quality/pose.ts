import type { FacePoints } from "../encoder.ts";

/** How a head is turned, in degrees; all 0 where it looks straight into the camera. */
export interface HeadPose {
  /** To the picture's right (positive) or left. */
  yaw: number;
  /** Down (positive) or up. */
  pitch: number;
  /** In the picture's plane, clockwise. */
  roll: number;
}

type Vector = readonly [x: number, y: number, z: number];

/** Where points of the 68 lie on an average head: right, down and towards the camera, outer eye corners 2 apart. */
const HEAD: readonly (readonly [point: number, place: Vector])[] = [
  [36, [-1, 0, 0]],
  [39, [-0.42, 0.08, 0.12]],
  [42, [0.42, 0.08, 0.12]],
  [45, [1, 0, 0]],
  [27, [0, -0.04, 0.4]],
  [30, [0, 0.81, 0.95]],
  [33, [0, 1.12, 0.65]],
  [48, [-0.64, 1.53, 0.3]],
  [54, [0.64, 1.53, 0.3]],
  [51, [0, 1.43, 0.6]],
  [57, [0, 1.88, 0.5]],
];

/** The places around their middle, and the inverse of the sum of their products. */
const places = around(HEAD.map(([, place]) => place));
const inverse = inverseOfProducts(places);

/**
 * How a head is turned, from its points under weak perspective: the affine map from an average head to the picture has
 * as its rows two axes of the camera, the third is their cross product (the first step of POSIT; DeMenthon & Davis
 * 1995). Good to some ten degrees, for turns of up to about 45.
 *
 * @param points the 68 of a face, in pixels of the picture
 */
export function headPose(points: FacePoints): HeadPose {
  const [right, down] = orthonormal(rowOf(points.map(([x]) => x)), rowOf(points.map(([, y]) => y)));
  const towards = cross(right, down);
  return {
    yaw: degrees(Math.atan2(-towards[0], towards[2])),
    pitch: degrees(Math.asin(Math.min(1, Math.max(-1, -towards[1])))),
    roll: degrees(Math.atan2(-right[1], down[1])),
  };
}

/** The least-squares map from the head to one coordinate of the points. */
function rowOf(coordinates: readonly number[]): Vector {
  const sum = [0, 0, 0];
  for (const [i, [point]] of HEAD.entries()) {
    for (let axis = 0; axis < 3; axis++) sum[axis] += places[i][axis] * coordinates[point];
  }
  return [dot(inverse[0], sum), dot(inverse[1], sum), dot(inverse[2], sum)];
}

function around(points: readonly Vector[]): Vector[] {
  const mean = (axis: number) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y, z] = [mean(0), mean(1), mean(2)];
  return points.map((point) => [point[0] - x, point[1] - y, point[2] - z]);
}

function inverseOfProducts(points: readonly Vector[]): readonly [Vector, Vector, Vector] {
  const product = (a: number, b: number) => points.reduce((sum, point) => sum + point[a] * point[b], 0);
  const rows = [0, 1, 2].map((a): Vector => [product(a, 0), product(a, 1), product(a, 2)]);
  const determinant = dot(rows[0], cross(rows[1], rows[2]));
  const column = (a: Vector, b: Vector): Vector => {
    const [x, y, z] = cross(a, b);
    return [x / determinant, y / determinant, z / determinant];
  };
  // The matrix equals its transpose, and so does its inverse: columns are rows.
  return [column(rows[1], rows[2]), column(rows[2], rows[0]), column(rows[0], rows[1])];
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The two orthogonal vectors of length 1 that lie nearest: (M·Mᵀ)^(−1/2)·M of the matrix M with these rows. */
function orthonormal(a: Vector, b: Vector): [Vector, Vector] {
  const [aa, ab, bb] = [dot(a, a), dot(a, b), dot(b, b)];
  const root = Math.sqrt(Math.max(0, aa * bb - ab * ab));
  const scale = root * Math.sqrt(aa + bb + 2 * root) || 1;
  const mix = (u: number, v: number): Vector => [
    (u * a[0] + v * b[0]) / scale,
    (u * a[1] + v * b[1]) / scale,
    (u * a[2] + v * b[2]) / scale,
  ];
  return [mix(bb + root, -ab), mix(-ab, aa + root)];
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
