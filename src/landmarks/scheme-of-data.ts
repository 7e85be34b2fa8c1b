import type { PointDataset } from "../data/index.ts";
import { eyesOf, mirrorPairs } from "./mirror-pairs.ts";
import { bodyPoints, facePoints, type PointScheme } from "./point-schemes.ts";

/**
 * What is known of a data set's points. What the data declare counts; else 68 points without names are those of a face, the
 * seventeen of COCO those of a body, and names tell the rest: what changes places under mirroring, and which are the eyes.
 */
export function schemeOfData({ names, named, description }: PointDataset): PointScheme {
  const known = knownScheme(names, named);
  const indexOf = (name: string) => names.indexOf(name);
  const couples = (list: readonly [string, string][] | undefined) =>
    list?.map(([a, b]): [number, number] => [indexOf(a), indexOf(b)]);
  const { interocular } = description;
  return {
    names: known?.names ?? [...names],
    lines: couples(description.lines) ?? known?.lines ?? [],
    pairs: couples(description.pairs) ?? (known ? known.pairs : mirrorPairs(names)),
    eyes: interocular
      ? [indexOf(interocular[0]), indexOf(interocular[1])]
      : known
        ? known.eyes
        : eyesOf(names),
  };
}

function knownScheme(names: readonly string[], named: boolean): PointScheme | undefined {
  if (!named) return names.length === facePoints.names.length ? facePoints : undefined;
  const plain = (list: readonly string[]) =>
    list.map((name) => name.toLowerCase().replaceAll("_", " ")).join();
  return [facePoints, bodyPoints].find((scheme) => plain(scheme.names) === plain(names));
}
