import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { StyleStrip } from "../../src/cli/commands/style-strip.ts";
import { readPictureSize } from "../../src/image/index.ts";

const picture = (width: number, height: number) => {
  return { width, height, data: new Uint8Array(3 * width * height) };
};

describe("a strip of snapshots", () => {
  it("keeps few and small ones, evenly apart, however many come", async () => {
    const strip = new StyleStrip();
    for (let i = 0; i < 200; i++) await strip.add(picture(600, 300), `${i}`);
    const numbers = strip.kept.map(({ caption }) => Number(caption));
    expect(numbers).toEqual([0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192]);
    for (const { picture } of strip.kept) expect(picture).toMatchObject({ width: 240, height: 120 });
  });

  it("shows the result alone, too, and pictures that are small already as they are", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fovea-strip-"));
    const strip = new StyleStrip();
    await strip.save(join(folder, "alone.png"), picture(40, 30));
    const { width } = await readPictureSize(join(folder, "alone.png"));
    await strip.add(picture(20, 15), "first");
    await strip.add(picture(10, 2000), "long");
    expect(strip.kept[0].picture).toMatchObject({ width: 20, height: 15 });
    expect(strip.kept[1].picture).toMatchObject({ width: 2, height: 480 });
    await strip.save(join(folder, "all.png"), picture(40, 30));
    expect((await readPictureSize(join(folder, "all.png"))).width).toBeGreaterThan(2.5 * width);
    await rm(folder, { recursive: true });
  });
});
