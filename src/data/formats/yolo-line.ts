import { cxcywhToXyxy, type Xyxy } from "../../geometry/index.ts";
import type { ProblemKind } from "../dataset.ts";
import type { StatedBox } from "./annotations.ts";

/** What is wrong with a line. */
interface LineProblem {
  kind: ProblemKind;
  detail: string;
}

/**
 * Parses a line of a YOLO label file: `class cx cy width height`, or `class x1 y1 x2 y2 x3 y3 …` with a
 * polygon's corners, in fractions of the picture's sides.
 *
 * @param lineNumber counted from 1
 * @param keypoints whether numbers behind the box are key points rather than a polygon's corners
 */
export function parseYoloLine(
  line: string,
  lineNumber: number,
  classes: readonly string[],
  classOfNumber: ReadonlyMap<number, number>,
  keypoints: boolean,
): StatedBox | LineProblem {
  const words = line.split(/\s+/);
  const [classNumber, ...numbers] = words.map(Number);
  const classIndex = classOfNumber.get(classNumber);
  if (classIndex === undefined) {
    const detail = `Line ${lineNumber} (\`${shorten(line)}\`) has a class that \`names\` does not have: skipped.`;
    return { kind: "class-unknown", detail };
  }
  const isPolygon = numbers.length >= 6 && numbers.length % 2 === 0;
  if (numbers.length !== 4 && !keypoints && !isPolygon) {
    const detail = `Line ${lineNumber} (\`${shorten(line)}\`) has ${numbers.length} numbers behind the class, not 4, nor an even count of a polygon: skipped.`;
    return { kind: "annotation-unreadable", detail };
  }
  const [cx, cy, width, height] = numbers;
  return {
    classIndex,
    corners: isPolygon && !keypoints ? boundingBox(numbers) : cxcywhToXyxy([cx, cy, width, height]),
    name: `Line ${lineNumber} (${classes[classIndex]})`,
    ...(numbers.some(Number.isNaN) && { written: words.slice(1).join(", ") }),
  };
}

/** The box around a polygon `x1 y1 x2 y2 …`; NaN if one of its numbers is. */
function boundingBox(polygon: readonly number[]): Xyxy {
  const xs = polygon.filter((_, i) => i % 2 === 0);
  const ys = polygon.filter((_, i) => i % 2 === 1);
  const least = (list: readonly number[]) => list.reduce((a, b) => Math.min(a, b));
  const most = (list: readonly number[]) => list.reduce((a, b) => Math.max(a, b));
  return [least(xs), least(ys), most(xs), most(ys)];
}

function shorten(line: string): string {
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
