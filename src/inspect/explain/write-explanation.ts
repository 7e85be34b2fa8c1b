import { join } from "node:path";
import { writeOutput } from "../../core/index.ts";
import { encodePicture } from "../../image/index.ts";
import { htmlReport, type ReportFigure, type ReportSection } from "../../report/index.ts";
import type { InspectedNet, View } from "../net/index.ts";
import type { DrawnMethod } from "./draw-methods.ts";
import type { ExplainMethod, Explanation, MethodFigures } from "./explanation.ts";
import { forPeople } from "./heat.ts";
import type { Target } from "./target.ts";

/** The names of the methods' pictures, and that of the picture itself. */
const NAMES: Record<ExplainMethod, string> = {
  "grad-cam": "grad-cam",
  gradients: "integrated-gradients",
  occlusion: "occlusion",
  activations: "activations",
};
const PICTURE = "picture";
const FIGURES = "explain.json";
const REPORT = "explain.html";

/** All that is written of an explanation by some methods. */
export function explanationFiles(out: string, methods: readonly ExplainMethod[]): string[] {
  const pictures = [PICTURE, ...methods.map((method) => NAMES[method])].map((name) => `${name}.png`);
  return [...pictures, FIGURES, REPORT].map((name) => join(out, name));
}

/** What is explained. */
export interface Explained {
  net: InspectedNet;
  /** Path of the picture. */
  picture: string;
  view: View;
  target: Target;
}

/** Writes `explain.html`, `explain.json`, and a PNG of the picture and of each method. */
export async function writeExplanation(
  out: string,
  { net, picture: path, view, target }: Explained,
  drawn: readonly DrawnMethod[],
): Promise<Explanation> {
  const seen = await forPeople(view.pixels, view.content);
  const files: string[] = [];
  for (const { name, picture } of [
    { name: PICTURE, picture: seen },
    ...drawn.map(({ method, picture }) => ({ name: NAMES[method], picture })),
  ]) {
    const file = join(out, `${name}.png`);
    await writeOutput(file, await encodePicture(picture, "png"));
    files.push(file);
  }
  const figures: MethodFigures = Object.assign({}, ...drawn.map((each) => each.figures));
  const report = join(out, REPORT);
  const jpeg = await encodePicture(seen, "jpeg", { quality: 90 });
  const first: ReportFigure = {
    title: "The picture",
    caption: `As the net sees it: ${net.preparation}.`,
    jpeg,
  };
  await writeOutput(
    report,
    htmlReport({
      title: `Why ${net.name} says ${target.name}`,
      subtitle: path,
      summary: [
        { label: `${target.name}, ${target.kind}`, value: target.value },
        ...(figures.gradCam ? [{ label: "layer of Grad-CAM", value: figures.gradCam.layer }] : []),
      ],
      sections: await sectionsOf(target, first, drawn),
    }),
  );
  const { name, kind, value, classIndex } = target;
  const explanation: Explanation = {
    model: net.name,
    picture: path,
    target: { name, kind, value, ...(classIndex !== undefined && { classIndex }) },
    ...figures,
    files,
    report,
  };
  await writeOutput(join(out, FIGURES), `${JSON.stringify(explanation, null, 2)}\n`);
  return explanation;
}

/** One section of all that lies over the picture, with the picture first; then what takes the page's width. */
async function sectionsOf(
  target: Target,
  first: ReportFigure,
  drawn: readonly DrawnMethod[],
): Promise<ReportSection[]> {
  const over: ReportFigure[] = [first];
  const sections: ReportSection[] = [
    { title: `Where the answer for ${target.name} comes from`, figures: over },
  ];
  for (const { method, picture, title, caption } of drawn) {
    const isSheet = method === "activations";
    const jpeg = await encodePicture(picture, "jpeg", { quality: isSheet ? 85 : 90 });
    const figure: ReportFigure = { title, caption, jpeg };
    if (isSheet) sections.push({ title: "Activations", figures: [{ ...figure, wide: true }] });
    else over.push(figure);
  }
  return sections;
}
