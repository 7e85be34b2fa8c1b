import { describe, expect, test } from "vitest";
import { type Composition, composeScene, sceneClasses } from "../../../src/data/scenes/compose.ts";
import { rasterise } from "../../../src/data/scenes/photograph.ts";
import { figureDocument } from "../../../src/data/scenes/render.ts";
import { completeOptions } from "../../../src/data/scenes/scene.ts";
import type { PlacedFigure } from "../../../src/data/scenes/visibility.ts";
import type { Xyxy } from "../../../src/geometry/index.ts";

const compose = (index: number): Composition => composeScene(index, completeOptions(index, { seed: 5 }));
const scenes = Array.from({ length: 80 }, (_, index) => compose(index));

/** Opacity (0–255) of each pixel of a figure drawn alone. */
function opacity(figure: PlacedFigure, scene: Composition): Uint8Array {
  const { rgba } = rasterise(figureDocument(figure, scene));
  const mask = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < mask.length; i++) mask[i] = rgba[i * 4 + 3];
  return mask;
}

/** The box around all pixels that are not fully transparent. */
function opaqueBounds(mask: Uint8Array, width: number): Xyxy {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    x1 = Math.min(x1, x);
    y1 = Math.min(y1, y);
    x2 = Math.max(x2, x + 1);
    y2 = Math.max(y2, y + 1);
  }
  return [x1, y1, x2, y2];
}

describe("boxes of generated scenes", () => {
  test("each is within a pixel of what its object, drawn alone, covers", () => {
    const seen = new Set<number>();
    for (const scene of scenes)
      scene.objects.forEach((object, i) => {
        const { box, classIndex } = scene.boxes[i];
        seen.add(classIndex);
        const drawn = opaqueBounds(opacity(object, scene), scene.camera.width);
        const worst = Math.max(...box.map((side, k) => Math.abs(side - drawn[k])));
        expect(worst, `${object.subject} at ${box}, drawn at ${drawn}`).toBeLessThanOrEqual(1);
      });
    expect([...seen].sort()).toEqual(sceneClasses.map((_, i) => i));
  });

  test("each lies in the picture and is at least a few pixels wide and high", () => {
    for (const { boxes, camera } of scenes)
      for (const { box } of boxes) {
        const [x1, y1, x2, y2] = box;
        expect(x1).toBeGreaterThanOrEqual(0);
        expect(y1).toBeGreaterThanOrEqual(0);
        expect(x2).toBeLessThanOrEqual(camera.width);
        expect(y2).toBeLessThanOrEqual(camera.height);
        expect(Math.min(x2 - x1, y2 - y1)).toBeGreaterThan(1.5);
      }
  });

  test("at least 30 % of every object's surface is visible, counted in pixels", () => {
    for (const scene of scenes.slice(0, 25)) {
      const figures = [...scene.props, ...scene.objects];
      const masks = new Map(figures.map((figure) => [figure, opacity(figure, scene)]));
      for (const object of scene.objects) {
        const { width, height } = scene.camera;
        const [x1, y1, x2, y2] = object.bounds;
        if (x1 < 0 || y1 < 0 || x2 > width || y2 > height) continue; // pixels outside cannot be counted
        const nearer = figures
          .filter((other) => other.depth < object.depth)
          .map((other) => masks.get(other)!);
        let surface = 0;
        let visible = 0;
        masks.get(object)!.forEach((value, i) => {
          if (value < 128) return;
          surface++;
          if (nearer.every((mask) => mask[i] < 128)) visible++;
        });
        // The generator estimates by a grid of points: allow for its error.
        expect(visible / surface).toBeGreaterThan(0.24);
      }
    }
  });

  test("some objects are partly hidden and some are cut by the picture's edge", () => {
    const cut = scenes.flatMap(({ objects, boxes }) =>
      objects.filter((o, i) => o.bounds.some((v, k) => v !== boxes[i].box[k])),
    );
    expect(cut.length).toBeGreaterThan(5);
    expect(
      scenes.flatMap(({ objects }) => objects).filter((o) => o.leastVisible < 0.5).length,
    ).toBeGreaterThan(5);
  });
});
