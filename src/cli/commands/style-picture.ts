import { extname } from "node:path";
import { FoveaError, keepInputs } from "../../core/index.ts";
import { readPictureSize, savePicture } from "../../image/index.ts";
import { Painter, type StyleInput, type StyleProgress, transferStyle } from "../../style/index.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount, formatDuration } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { painterUse, requireModel } from "../model-names.ts";
import { note, print, printJson } from "../output.ts";
import { createProgress } from "../progress.ts";
import type { StyleCommandOptions } from "./style.ts";
import { StyleStrip } from "./style-strip.ts";

/** Paints one picture and says what was written. */
export async function styleCommand(
  content: string,
  styles: readonly string[],
  options: StyleCommandOptions,
): Promise<void> {
  const inputs = [content, ...styles, ...(options.mask ?? [])];
  for (const output of [options.out, options.strip]) {
    if (output === undefined) continue;
    requirePictureFile(output);
    keepInputs(output, inputs, "by the result; choose another name with --out.");
  }
  if (options.strip !== undefined) {
    keepInputs(options.strip, [options.out], "by the strip; choose another name with --strip.");
  }
  if (options.model === undefined) await optimize(content, styles, options);
  else await paintAtOnce(content, styles, options, options.model);
}

/** By a trained net. */
async function paintAtOnce(
  content: string,
  styles: readonly string[],
  { out, size, keepColors, json, quiet, device, threads }: StyleCommandOptions,
  model: string,
): Promise<void> {
  if (styles.length > 0) {
    throw new FoveaError(
      "argument-count",
      `--model paints in the style that it has learned; leave out ${styles.join(", ")}, or leave out --model.`,
    );
  }
  await requireModel(model, painterUse);
  const painter = await Painter.load(model, { device, threads });
  try {
    const start = performance.now();
    const picture = await painter.paint(content, { size, keepColors });
    const seconds = (performance.now() - start) / 1_000;
    await savePicture(picture, out);
    const { width, height } = picture;
    const own = await readPictureSize(content);
    if (size === undefined && own.width > width) {
      note(
        `${content} has ${own.width}×${own.height} pixels; painted at ${width}×${height}, --size paints it larger.`,
        { quiet },
      );
    }
    if (json) printJson({ out, width, height, seconds, style: painter.card.style });
    else
      print(
        `${out}: ${width}×${height}, in the style of ${painter.card.style}, ${formatDuration(seconds * 1_000)}`,
      );
  } finally {
    await painter.close();
  }
}

async function optimize(
  content: string,
  styles: readonly string[],
  options: StyleCommandOptions,
): Promise<void> {
  const { out, strip, json, time, snapshots = 50, pool, ...rest } = options;
  const interrupt = listenForInterrupt(() => note("Saving the picture so far.", options));
  const progress = createProgress({ label: "Painting", total: 1, quiet: options.quiet });
  const way = new StyleStrip();
  try {
    const result = await transferStyle(content, styleInputs(styles, options), {
      ...rest,
      // Where it is not refused, a recipe says whether colours are matched.
      matchColors: options.matchColors === false ? false : undefined,
      averagePooling: pool === undefined ? undefined : pool === "average",
      timeMs: time,
      snapshotEvery: snapshots,
      signal: interrupt.signal,
      onProgress: (step) => progress.update(step.progress, describe(step)),
      async onSnapshot(picture, { iteration }) {
        await savePicture(picture, out);
        if (strip !== undefined) await way.add(picture, `${iteration} steps`);
      },
    });
    progress.done();
    const { picture, last, history } = result;
    await savePicture(picture, out);
    if (strip !== undefined) await way.save(strip, picture);
    if (result.interrupted) {
      const enlarged =
        last && last.scale < last.scales ? `, enlarged from ${last.width}×${last.height} pixels` : "";
      throw new FoveaError(
        INTERRUPTED,
        `Stopped after ${history.length} steps; the picture so far is ${out}${enlarged}.`,
      );
    }
    if (last && options.scales !== undefined && last.scales < options.scales) {
      note(
        `Grown through ${formatCount(last.scales, "size")}, not ${options.scales}: each takes a step, and 32 pixels, at least.`,
        options,
      );
    }
    const seconds = (last?.elapsedMs ?? 0) / 1_000;
    const { width, height } = picture;
    if (json) {
      const { cost, content, style, variation, iteration } = last!;
      printJson({
        out,
        strip,
        width,
        height,
        iterations: iteration,
        seconds,
        cost,
        content,
        style,
        variation,
      });
      return;
    }
    print(`${out}: ${width}×${height}, ${history.length} steps in ${formatDuration(seconds * 1_000)}`);
  } finally {
    progress.done();
    interrupt.dispose();
  }
}

function styleInputs(styles: readonly string[], { blend, mask }: StyleCommandOptions): StyleInput[] {
  if (blend && blend.length !== styles.length) throw counts("--blend", blend.length, styles.length);
  if (mask && mask.length > styles.length) throw counts("--mask", mask.length, styles.length);
  return styles.map((picture, i) => ({ picture, weight: blend?.[i], mask: mask?.[i] }));
}

function counts(option: string, given: number, styles: number): FoveaError {
  return new FoveaError(
    "argument-count",
    `${option} has ${given} entries for ${styles === 1 ? "one style" : `${styles} styles`}; give one for each style.`,
  );
}

function describe({ scale, scales, width, height, content, style, variation }: StyleProgress): string {
  const parts = [`content ${short(content)}`, `style ${short(style)}`, `variation ${short(variation)}`];
  return `${width}×${height} (${scale}/${scales}), ${parts.join(", ")}`;
}

function short(cost: number): string {
  return cost.toPrecision(3);
}

/** Refuses a name that no picture can be written to, before any work. */
function requirePictureFile(path: string): void {
  if ([".png", ".jpg", ".jpeg", ".webp"].includes(extname(path).toLowerCase())) return;
  throw new FoveaError(
    "picture-format",
    `Cannot save \`${path}\`: the extension "${extname(path)}" names no picture format; use .png, .jpg, .jpeg or .webp.`,
  );
}
