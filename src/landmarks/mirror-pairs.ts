/** A name's words: `leftEye`, `left_eye` and `left eye` are the same. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== "");
}

/** What a word for a side becomes in a mirrored picture. */
const OPPOSITES: Readonly<Record<string, string>> = { left: "right", right: "left", l: "r", r: "l" };

/**
 * The points that change places in a mirrored picture, by their names: those that differ in `left` and `right`, or `l` and
 * `r`, only.
 *
 * @returns undefined where no name tells a side, or one has no counterpart: then nobody knows what a mirrored picture shows
 */
export function mirrorPairs(names: readonly string[]): [number, number][] | undefined {
  const words = names.map(wordsOf);
  const byName = new Map(words.map((list, i) => [list.join(" "), i]));
  const pairs: [number, number][] = [];
  for (const [i, list] of words.entries()) {
    if (!list.some((word) => word in OPPOSITES)) continue;
    const other = byName.get(list.map((word) => OPPOSITES[word] ?? word).join(" "));
    if (other === undefined) return undefined;
    if (i < other) pairs.push([i, other]);
  }
  return pairs.length > 0 ? pairs : undefined;
}

/** The two points that are eyes by their names: the outer corners where there are several of each; undefined for none. */
export function eyesOf(names: readonly string[]): [number, number] | undefined {
  const words = names.map(wordsOf);
  const eyes = words.flatMap((list, i) => (list.includes("eye") ? [i] : []));
  const outer = eyes.filter((i) => words[i].includes("outer"));
  const centre = eyes.filter((i) => words[i].some((word) => word === "center" || word === "centre"));
  for (const two of [eyes, outer, centre]) {
    const sides = new Set(two.map((i) => words[i].find((word) => word in OPPOSITES)));
    if (two.length === 2 && sides.size === 2 && !sides.has(undefined)) return [two[0], two[1]];
  }
  return undefined;
}
