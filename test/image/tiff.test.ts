import { describe, expect, it } from "vitest";
import { decodePicture, readPictureSize } from "../../src/image/index.ts";
import { pixel } from "./pictures.ts";
import { type TiffContent, tiffFile } from "./tiff-file.ts";

describe("TIFFs that are pictures", () => {
  it.each<[string, TiffContent, number[]]>([
    ["8-bit RGB", { samples: [10, 20, 30], photometric: 2 }, [10, 20, 30]],
    ["16-bit grey", { samples: [0x8080], type: "uint16", photometric: 1 }, [128, 128, 128]],
    ["RGB and opacity", { samples: [200, 100, 50, 51], photometric: 2, extraSamples: [2] }, [244, 224, 214]],
    [
      "the same, big",
      { samples: [200, 100, 50, 51], photometric: 2, extraSamples: [2], big: true },
      [244, 224, 214],
    ],
    ["grey and opacity", { samples: [100, 51], photometric: 1, extraSamples: [2] }, [224, 224, 224]],
    ["RGB and infrared", { samples: [10, 20, 30, 0], photometric: 2, extraSamples: [0] }, [10, 20, 30]],
    [
      "the same, big",
      { samples: [10, 20, 30, 0], photometric: 2, extraSamples: [0], big: true },
      [10, 20, 30],
    ],
    ["RGB and nobody knows what", { samples: [10, 20, 30, 0], photometric: 2 }, [10, 20, 30]],
    [
      "16-bit RGB and infrared",
      { samples: [0x1010, 0x2020, 0x3030, 9], type: "uint16", photometric: 2, extraSamples: [0] },
      [16, 32, 48],
    ],
    ["grey and a mask", { samples: [100, 0], photometric: 1, extraSamples: [0] }, [100, 100, 100]],
  ])("%s", async (_, content, colour) => {
    for (const fitWithin of [undefined, 2]) {
      const picture = await decodePicture(tiffFile(content), { fitWithin });
      expect(picture).toMatchObject({ width: fitWithin ?? 4, originalWidth: 4, originalHeight: 4 });
      expect(picture.data).toHaveLength(3 * picture.width * picture.height);
      for (const [i, value] of pixel(picture, 1, 1).entries())
        expect(Math.abs(value - colour[i])).toBeLessThanOrEqual(1);
    }
    expect(await readPictureSize(tiffFile(content))).toEqual({ width: 4, height: 4 });
  });

  it("CMYK: its four bands are colours, a fifth may be opacity or not", async () => {
    const samples = [10, 20, 30, 0];
    const plain = await decodePicture(tiffFile({ samples, photometric: 5 }));
    for (const [extra, value] of [
      [2, 255],
      [0, 0],
    ]) {
      const content = { samples: [...samples, value], photometric: 5, extraSamples: [extra] };
      expect(pixel(await decodePicture(tiffFile(content)), 0, 0)).toEqual(pixel(plain, 0, 0));
    }
    expect(pixel(plain, 0, 0)[0]).toBeGreaterThan(200);
  });
});

describe("TIFFs that are measurements", () => {
  it.each<[string, TiffContent, string]>([
    ["32-bit grey", { samples: [0x80000000], type: "uint32", photometric: 1 }, "32-bit samples"],
    ["32-bit floats", { samples: [0.5], type: "float32", photometric: 1 }, "32-bit samples"],
    [
      "floats of three colours",
      { samples: [0.5, 0.5, 0.5], type: "float32", photometric: 2 },
      "32-bit samples",
    ],
    ["64-bit floats", { samples: [0.5], type: "float64", photometric: 1 }, "samples of more than 32 bits"],
    ["RGB and two more", { samples: [1, 2, 3, 4, 5], photometric: 2, extraSamples: [2, 0] }, "5 bands"],
    ["four bands of grey", { samples: [1, 2, 3, 4], photometric: 1, extraSamples: [0, 0, 0] }, "4 bands"],
  ])("%s", async (_, content, what) => {
    const file = tiffFile(content);
    for (const read of [decodePicture, readPictureSize]) {
      await expect(read(file)).rejects.toMatchObject({
        code: "picture-unreadable",
        message: `Picture (in memory, ${file.length} bytes) has ${what}: convert it to 8 or 16-bit RGB.`,
      });
    }
  });
});

it.each([false, true])("a TIFF that ends in its directory is truncated (BigTIFF: %s)", async (big) => {
  const file = tiffFile({ samples: [1, 2, 3], photometric: 2, big });
  await expect(decodePicture(file.subarray(0, 100))).rejects.toMatchObject({ code: "picture-truncated" });
});
