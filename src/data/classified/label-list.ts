import { splitLines } from "../folder.ts";

/** A list of validation pictures with their classes, as Tiny ImageNet has one in `val`, beside the pictures' folder. */
export const LABEL_LIST = "val_annotations.txt";

/**
 * The classes in a list, by picture: lines `name.jpg<tab>class`, and more behind another tab. Pictures lie beside it, or
 * in `images` beside it.
 *
 * @param path relative path of the list, with `/`
 * @returns pairs of a picture's relative path and its class
 */
export function readLabelList(path: string, text: string): [picture: string, label: string][] {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return splitLines(text).flatMap((line) => {
    const [name, label] = line.split("\t");
    if (!label) return [];
    return ["", "images/"].map((within): [string, string] => [
      `${folder}${within}${name}`,
      label.trim().normalize("NFC"),
    ]);
  });
}
