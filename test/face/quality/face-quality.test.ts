import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  enrollmentLimits,
  type Face,
  FaceFinder,
  type FaceQuality,
  faceQuality,
  headPose,
  qualityProblem,
} from "../../../src/face/index.ts";
import type { Picture } from "../../../src/image/index.ts";
import { useTemporaryCache } from "../../models/temporary-cache.ts";
import { openPhotograph } from "../photographs.ts";

useTemporaryCache();
let picture: Picture;
let faces: Face[];
beforeAll(async () => {
  const finder = await FaceFinder.load();
  picture = await openPhotograph({ name: "sample5.jpg", mirror: false });
  faces = await finder.find(picture);
  await finder.close();
}, 60_000);
afterAll(() => {
  faces = [];
});

describe("headPose", () => {
  const turn = (points: Face["points"], degrees: number) => {
    const angle = (degrees * Math.PI) / 180;
    return points.map(([x, y]): [number, number] => [
      x * Math.cos(angle) - y * Math.sin(angle),
      x * Math.sin(angle) + y * Math.cos(angle),
    ]);
  };

  it("follows a turn in the picture's plane, and that alone", () => {
    for (const { points } of faces) {
      const before = headPose(points);
      const after = headPose(turn(points, 25));
      expect(after.roll - before.roll).toBeCloseTo(25, 5);
      expect(after.yaw).toBeCloseTo(before.yaw, 5);
      expect(after.pitch).toBeCloseTo(before.pitch, 5);
    }
  });

  it("does not depend on size and place", () => {
    const [{ points }] = faces;
    const moved = headPose(points.map(([x, y]) => [3 * x + 100, 3 * y - 20]));
    expect(moved.yaw).toBeCloseTo(headPose(points).yaw, 6);
  });

  it("turns to the other side in the mirror", () => {
    const pairs = new Map([
      [36, 45],
      [39, 42],
      [48, 54],
    ]);
    const other = (i: number) => pairs.get(i) ?? [...pairs].find(([, right]) => right === i)?.[0] ?? i;
    for (const { points } of faces) {
      const mirrored = points.map((_, i): [number, number] => [-points[other(i)][0], points[other(i)][1]]);
      const [before, after] = [headPose(points), headPose(mirrored)];
      expect(after.yaw).toBeCloseTo(-before.yaw, 6);
      expect(after.roll).toBeCloseTo(-before.roll, 6);
      expect(after.pitch).toBeCloseTo(before.pitch, 6);
    }
  });

  it.each([
    [20, 0],
    [-40, 0],
    [0, 20],
    [0, -40],
    [40, 20],
    [-20, -40],
  ])("measures a head that was turned by %s° and bowed by %s°", (yaw, pitch) => {
    // Right, down and towards the camera from the middle of the eyes, whose outer corners lie 2 apart.
    const head: [point: number, x: number, y: number, z: number][] = [
      [36, -1, 0, 0],
      [39, -0.42, 0.08, 0.12],
      [42, 0.42, 0.08, 0.12],
      [45, 1, 0, 0],
      [27, 0, -0.04, 0.4],
      [30, 0, 0.81, 0.95],
      [33, 0, 1.12, 0.65],
      [48, -0.64, 1.53, 0.3],
      [54, 0.64, 1.53, 0.3],
      [51, 0, 1.43, 0.6],
      [57, 0, 1.88, 0.5],
    ];
    const [cosYaw, sinYaw] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)];
    const [cosPitch, sinPitch] = [Math.cos((pitch * Math.PI) / 180), Math.sin((pitch * Math.PI) / 180)];
    const points = Array.from({ length: 68 }, (): [number, number] => [0, 0]);
    for (const [point, x, y, z] of head) {
      // First about the head's own axis, to the picture's right; then about the picture's horizontal one, downwards.
      const depth = z * cosYaw - x * sinYaw;
      points[point] = [300 + 60 * (x * cosYaw + z * sinYaw), 200 + 60 * (y * cosPitch + depth * sinPitch)];
    }
    const pose = headPose(points);
    expect(Math.abs(pose.yaw - yaw)).toBeLessThan(2);
    expect(Math.abs(pose.pitch - pitch)).toBeLessThan(2);
    expect(Math.abs(pose.roll)).toBeLessThan(2);
  });

  it("sees a nose that moves to the right as a turn to the right, one that moves down as a look down", () => {
    const [{ points }] = faces;
    const eyes = Math.hypot(points[45][0] - points[36][0], points[45][1] - points[36][1]);
    const moveNose = (dx: number, dy: number) =>
      headPose(points.map(([x, y], i) => (i > 27 && i < 36 ? [x + dx * eyes, y + dy * eyes] : [x, y])));
    expect(moveNose(0.15, 0).yaw).toBeGreaterThan(headPose(points).yaw + 5);
    expect(moveNose(0, 0.15).pitch).toBeGreaterThan(headPose(points).pitch + 5);
  });
});

describe("faceQuality", () => {
  it("measures faces of a photograph as good ones", () => {
    for (const face of faces) {
      const quality = faceQuality(picture, face);
      expect(quality.eyeDistance).toBeGreaterThan(50);
      expect(quality.brightness).toBeGreaterThan(50);
      expect(Math.abs(quality.pose.yaw)).toBeLessThan(45);
      expect(qualityProblem(quality)).toBeUndefined();
    }
  });

  it("sees that a picture became darker and flatter", () => {
    const dark = { ...picture, data: picture.data.map((value) => value / 8) };
    const [before, after] = [picture, dark].map((each) => faceQuality(each, faces[0]));
    expect(after.brightness).toBeCloseTo(before.brightness / 8, -0.5);
    expect(after.contrast).toBeLessThan(before.contrast / 6);
    expect(qualityProblem(after)).toMatch(/too dark/);
  });
});

describe("qualityProblem", () => {
  const good: FaceQuality = {
    score: 0.99,
    eyeDistance: 80,
    blur: 0.4,
    pose: { yaw: 0, pitch: 0, roll: 0 },
    brightness: 120,
    contrast: 40,
  };
  it.each<[string, Partial<FaceQuality>, RegExp]>([
    ["small", { eyeDistance: 10 }, /too small \(eyes 10 px apart, at least 24/],
    ["doubtful", { score: 0.3 }, /hardly a face \(score 0.30/],
    ["turned", { pose: { yaw: -60, pitch: 0, roll: 0 } }, /turned 60° to the left/],
    ["looking down", { pose: { yaw: 0, pitch: 55, roll: 0 } }, /looks 55° down/],
    ["dark", { brightness: 20 }, /too dark \(brightness 20/],
    ["bright", { brightness: 250 }, /too bright \(brightness 250/],
    ["flat", { contrast: 3 }, /flat \(contrast 3/],
    ["blurred", { blur: 0.9 }, /blurred \(0.90/],
  ])("names what is wrong: %s", (_, change, message) => {
    expect(qualityProblem(good)).toBeUndefined();
    expect(qualityProblem({ ...good, ...change })).toMatch(message);
  });

  it("does not mind a head that leans: it is turned upright", () => {
    expect(qualityProblem({ ...good, pose: { yaw: 0, pitch: 0, roll: 80 } })).toBeUndefined();
  });

  it("takes other limits", () => {
    const strict = { ...enrollmentLimits, yaw: 10 };
    expect(qualityProblem({ ...good, pose: { yaw: 15, pitch: 0, roll: 0 } }, strict)).toMatch(/at most 10°/);
  });
});
