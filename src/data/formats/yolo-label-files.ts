import { sep } from "node:path";
import { withoutPictureExtension } from "./picture-index.ts";

/** Where YOLO's tools look for a picture's labels: `…/images/a/b.jpg` → `…/labels/a/b.txt`, at the last folder `images`. */
export function labelFileOf(picture: string, separator: string = sep): string {
  return withLabels(picture, separator).at(0) ?? besideOf(picture);
}

/** Where a picture's labels may be, the likeliest first: at its last folder `images`, at those before, beside it. */
export function labelFilesOf(picture: string): string[] {
  return [...withLabels(picture, sep), besideOf(picture)];
}

/** The label files that have `labels` in place of one of the folders `images`, of the last one first. */
function withLabels(picture: string, separator: string): string[] {
  const parts = besideOf(picture).split(separator);
  const places = parts.flatMap((part, i) => (part === "images" && i < parts.length - 1 ? [i] : []));
  return places.reverse().map((place) => parts.with(place, "labels").join(separator));
}

function besideOf(picture: string): string {
  return `${withoutPictureExtension(picture)}.txt`;
}
