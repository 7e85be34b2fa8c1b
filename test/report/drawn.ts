import { XMLParser, XMLValidator } from "fast-xml-parser";

type Point = [x: number, y: number];

/** What can be seen of a chart's SVG. */
export interface Drawn {
  width: number;
  height: number;
  /** All texts in order. */
  texts: string[];
  /** Lines of a colour. */
  lines: (color: string) => { points: Point[]; width: number }[];
  /** Where dots of a colour stand. */
  dots: (color: string) => Point[];
}

/** Reads an SVG chart; throws where it is no well-formed XML. */
export function readChart(svg: string): Drawn {
  const valid = XMLValidator.validate(svg);
  if (valid !== true) throw new Error(`${valid.err.msg} in line ${valid.err.line}`);
  const texts: string[] = [];
  const paths: Record<string, string>[] = [];
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    trimValues: false,
    parseTagValue: false,
    htmlEntities: true,
  });
  const root = parser.parse(svg).svg;
  collect(root, texts, paths);
  return {
    width: Number(root.width),
    height: Number(root.height),
    texts,
    lines: (color) => paths.filter(({ fill, stroke }) => fill === "none" && stroke === color).map(toLine),
    dots: (color) => paths.filter(({ fill }) => fill === color).flatMap(toDot),
  };
}

type Element = { [name: string]: unknown };

function collect(element: Element, texts: string[], paths: Record<string, string>[]): void {
  for (const [name, value] of Object.entries(element)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (name === "text")
        texts.push(String(typeof child === "object" ? (child as Element)["#text"] : child));
      else if (name === "path" || name === "rect") paths.push(child as Record<string, string>);
      else if (typeof child === "object" && child !== null && name !== "defs")
        collect(child as Element, texts, paths);
    }
  }
}

function toLine({ d, "stroke-width": width = "1" }: Record<string, string>) {
  const points = Array.from(
    d.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g),
    ([, x, y]): Point => [Number(x), Number(y)],
  );
  return { points, width: Number(width) };
}

/** Dots are circles of radius 1, scaled and moved to their place. */
function toDot({ transform = "" }: Record<string, string>): Point[] {
  const place = /^matrix\([^,]+,0,0,[^,]+,([-\d.]+),([-\d.]+)\)/.exec(transform);
  return place === null ? [] : [[Number(place[1]), Number(place[2])]];
}
