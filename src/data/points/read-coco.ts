import { dirname, posix } from "node:path";
import { FoveaError, messageOf } from "../../core/index.ts";
import { xywhToXyxy } from "../../geometry/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { readText } from "../folder.ts";
import { type Fields, toFields } from "../json-fields.ts";
import { splitOfName, splitOfWords } from "../split-names.ts";
import type { PicturePoint, ReadPoints, StatedPoints } from "./dataset.ts";
import { PictureFinder, withoutExtension } from "./picture-finder.ts";

/**
 * Reads COCO keypoints (Lin et al. 2014): the first category that has some. Each object with labelled points is a sample;
 * crowds are left out, and pictures without any annotation are such without the thing. Coordinates count pixels from 0, so
 * the centre of the first pixel is (0, 0); boxes are corners. A point of visibility 0 is not labelled.
 *
 * @throws FoveaError `dataset-format` for a file without keypoints
 */
export async function readCocoPoints(root: string, files: readonly string[]): Promise<ReadPoints> {
  const finder = await PictureFinder.read(root);
  const problems: Problem[] = [];
  const samples: StatedPoints[] = [];
  const declaredSplits = new Set<SplitName>();
  let scheme: Scheme | undefined;
  for (const file of files) {
    const content = parseFile(file, await readText(file));
    const own = schemeOf(file, content);
    scheme ??= own;
    if (scheme.names.join() !== own.names.join()) {
      throw new FoveaError(
        "points-count",
        `\`${file}\` has other keypoints than \`${files[0]}\`: keep one scheme.`,
      );
    }
    const split = splitOfWords(posix.basename(file, ".json")) ?? splitOfName(posix.basename(dirname(file)));
    if (split && files.length > 1) declaredSplits.add(split);
    for (const sample of readFileSamples(file, content, own, finder, problems)) {
      samples.push({ ...sample, ...(files.length > 1 && { split }) });
    }
  }
  const { names, lines } = scheme!;
  return { names, lines, count: names.length, origin: 0, samples, declaredSplits, problems };
}

interface Scheme {
  category: unknown;
  names: string[];
  lines: [string, string][];
}

function parseFile(file: string, text: string): Fields {
  try {
    return toFields(JSON.parse(text));
  } catch (error) {
    throw new FoveaError(
      "annotation-unreadable",
      `\`${file}\` is no JSON (${messageOf(error)}): mend or remove it.`,
    );
  }
}

function listOf(content: Fields, name: string): Fields[] {
  const list = content[name];
  return Array.isArray(list) ? list.map(toFields) : [];
}

function schemeOf(file: string, content: Fields): Scheme {
  const category = listOf(content, "categories").find(
    ({ keypoints }) => Array.isArray(keypoints) && keypoints.length,
  );
  if (!category) {
    throw new FoveaError(
      "dataset-format",
      `\`${file}\` has no category with \`keypoints\`: give a COCO file of keypoints, such as person_keypoints_train.json.`,
    );
  }
  const names = (category.keypoints as unknown[]).map(String);
  const skeleton: unknown[] = Array.isArray(category.skeleton) ? category.skeleton : [];
  const lines = skeleton
    .filter((pair): pair is [number, number] => Array.isArray(pair) && pair.length === 2)
    .map(([from, to]): [string, string] => [names[from - 1], names[to - 1]])
    .filter(([from, to]) => from !== undefined && to !== undefined);
  return { category: category.id, names, lines };
}

function readFileSamples(
  file: string,
  content: Fields,
  { category, names }: Scheme,
  finder: PictureFinder,
  problems: Problem[],
): StatedPoints[] {
  const report = (kind: Problem["kind"], detail: string) => problems.push({ kind, file, detail });
  const byImage = new Map<unknown, Fields[]>(listOf(content, "images").map(({ id }) => [id, []]));
  for (const annotation of listOf(content, "annotations")) {
    if (byImage.get(annotation.image_id)?.push(annotation)) continue;
    report(
      "picture-missing",
      `Annotation ${annotation.id} belongs to image ${annotation.image_id}, which \`images\` does not list: skipped.`,
    );
  }
  return listOf(content, "images").flatMap(({ id, file_name }): StatedPoints[] => {
    const path = finder.find(String(file_name));
    if (path === undefined) {
      report("picture-missing", `Picture \`${file_name}\` (image ${id}) is not there: skipped.`);
      return [];
    }
    const stem = withoutExtension(String(file_name)).replaceAll("\\", "/");
    const annotations = byImage.get(id)!;
    if (annotations.length === 0) {
      return [{ id: stem, path, file, points: new Array(names.length).fill(undefined) }];
    }
    const things = annotations.filter(
      (each) => each.category_id === category && Number(each.iscrowd ?? 0) !== 1,
    );
    return things.flatMap((annotation) => {
      const points = pointsOf(annotation, names.length);
      if (typeof points === "string") {
        report("points-count", `Annotation ${annotation.id} of \`${file_name}\` ${points}: skipped.`);
        return [];
      }
      if (points.every((point) => point === undefined)) return []; // a thing whose points nobody labelled
      const name = things.length > 1 ? `${stem}#${annotation.id}` : stem;
      const { bbox } = annotation;
      const isBox =
        Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite) && bbox[2] > 0 && bbox[3] > 0;
      return [
        {
          id: name,
          path,
          file,
          points,
          picture: stem,
          box: isBox ? xywhToXyxy(bbox as unknown as [number, number, number, number]) : undefined,
        },
      ];
    });
  });
}

function pointsOf({ keypoints }: Fields, count: number): (PicturePoint | undefined)[] | string {
  if (!Array.isArray(keypoints)) return "has no `keypoints`";
  if (keypoints.length !== 3 * count) {
    return `has ${keypoints.length} numbers for keypoints, ${3 * count} are expected (${count} points)`;
  }
  return Array.from({ length: count }, (_, i): PicturePoint | undefined => {
    const [x, y, visibility] = keypoints.slice(3 * i, 3 * i + 3).map(Number);
    return visibility > 0 && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : undefined;
  });
}
