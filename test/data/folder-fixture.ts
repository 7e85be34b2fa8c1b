import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { onTestFinished } from "vitest";

/** A temporary folder with the given files, removed after the test. */
export async function makeFolder(files: Record<string, string | Uint8Array>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "fovea-data-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** A one-coloured PNG; the shade tells pictures apart. */
export function png(width = 100, height = 80, shade = 0): Promise<Buffer> {
  const background = { r: shade % 256, g: Math.floor(shade / 256), b: 90 };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A JPEG of the stored size with an EXIF orientation. */
export function turnedJpeg(width: number, height: number, orientation: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: "#808080" } })
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
}

export interface VocFixture {
  size?: [width: number, height: number];
  filename?: string;
  /** Lines of `<object>`s: a class name and the four corners as text. */
  objects?: [name: string, xmin: unknown, ymin: unknown, xmax: unknown, ymax: unknown][];
  /** Put into every object. */
  extra?: string;
}

/** A Pascal VOC annotation. */
export function vocXml({ size = [100, 80], filename, objects = [], extra = "" }: VocFixture): string {
  const rows = objects.map(
    ([name, xmin, ymin, xmax, ymax]) =>
      `<object><name>${name}</name>${extra}<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`,
  );
  const name = filename ? `<filename>${filename}</filename>` : "";
  return `<annotation>${name}<size><width>${size[0]}</width><height>${size[1]}</height><depth>3</depth></size>${rows.join("")}</annotation>`;
}
