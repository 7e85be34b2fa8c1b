import type { Command } from "commander";
import { FoveaError } from "../../core/index.ts";
import type { EnrolledPicture, FaceFinder } from "../../face/index.ts";
import { EnrollmentGallery } from "../enrollment-gallery.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { encoderOption, type FinderOptions, mirrorOption, openFinder } from "../open-finder.ts";
import {
  encryptOption,
  type GalleryOptions,
  galleryOption,
  galleryTitle,
  keyFileOption,
  plainOption,
} from "../open-gallery.ts";
import { addExamples, deviceOption, jsonOption, optionsOf, threadsOption } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { parsePath } from "../parse.ts";
import { createProgress } from "../progress.ts";

interface Options extends FinderOptions, GalleryOptions {
  folder?: string;
  anyQuality?: boolean;
  largest?: boolean;
  json?: boolean;
}

/** A picture to enrol somebody by. */
interface Task {
  name: string;
  file: string;
}

interface Enrolled extends Task, EnrolledPicture {}

/** `fovea face enroll`: make somebody known by one picture or more. */
export function addFaceEnroll(face: Command): void {
  const command = face
    .command("enroll")
    .description("make somebody known by one picture or more; or many people by a folder")
    .argument("[name]", "who it is")
    .argument("[pictures...]", "pictures of that person: files, folders or glob patterns")
    .option(
      "--folder <dir>",
      "instead of a name: a folder of people, each a folder of pictures (people/Ada/1.jpg); goes on where it was stopped",
      parsePath,
    )
    .addOption(galleryOption())
    .addOption(encryptOption())
    .addOption(plainOption())
    .addOption(keyFileOption())
    .option("--any-quality", "take faces that are small, blurred, turned away or dark, too")
    .option("--largest", "take the largest face where a picture shows several")
    .addOption(encoderOption())
    .addOption(mirrorOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (name: string | undefined, pictures: string[], _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      if (options.folder !== undefined && name !== undefined) {
        command.error(`error: give a name with pictures, or --folder, not both ('${name}')`);
      }
      if (options.folder === undefined && (name === undefined || pictures.length === 0)) {
        command.error("error: give a name and pictures, such as: fovea face enroll Ada ada.jpg");
      }
      await enroll(name, pictures, options);
    });
  addExamples(command, [
    "fovea face enroll Ada ada.jpg",
    "fovea face enroll --folder people/ --gallery staff/",
    "fovea face enroll Ada ada.jpg --gallery postgres://localhost/faces",
  ]);
}

async function enroll(name: string | undefined, patterns: string[], options: Options): Promise<void> {
  const { tasks, failures } = await tasksOf(name, patterns, options);
  if (tasks.length === 0) throw new AggregateError(failures);
  const finder = await openFinder(options);
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const progress = createProgress({ label: "Enrolling", total: tasks.length, quiet: options.quiet });
  const results: Enrolled[] = [];
  try {
    const gallery = await EnrollmentGallery.open(options, finder.encoder);
    try {
      for (const task of tasks) {
        if (interrupt.signal.aborted) break;
        const result = await enrollOne(gallery, finder, task, options);
        if (result instanceof FoveaError) failures.push(result);
        else results.push(result);
        progress.update(results.length + failures.length, task.file);
      }
    } finally {
      await gallery.close();
    }
  } finally {
    progress.done();
    interrupt.dispose();
    await finder.close();
  }
  const title = await galleryTitle(options);
  if (options.json) {
    printJson({
      gallery: title,
      pictures: results,
      failures: failures.map(({ code, message }) => ({ code, message })),
    });
  } else if (results.length > 0) print(summary(results, title));
  if (interrupt.signal.aborted) {
    throw new FoveaError(
      INTERRUPTED,
      `Stopped after ${results.length} of ${formatCount(tasks.length, "picture")}, which are enrolled; the same command goes on.`,
    );
  }
  if (failures.length > 0) throw new AggregateError(failures);
}

/** Who is to be enrolled by what, and what is wrong with patterns that name nothing. */
async function tasksOf(
  name: string | undefined,
  patterns: readonly string[],
  { folder }: Options,
): Promise<{ tasks: Task[]; failures: FoveaError[] }> {
  if (folder !== undefined) {
    const { readPeopleFolders } = await import("../../face/index.ts");
    const people = await readPeopleFolders(folder);
    return {
      tasks: people.flatMap(({ name, pictures }) => pictures.map((file) => ({ name, file }))),
      failures: [],
    };
  }
  const { listFiles } = await import("../picture-files.ts");
  const { files, failures } = await listFiles(patterns);
  return { tasks: files.map((file) => ({ name: name!, file })), failures };
}

/** A picture that cannot be used does not keep the others from being enrolled; what is wrong with the gallery does. */
async function enrollOne(
  gallery: EnrollmentGallery,
  finder: FaceFinder,
  task: Task,
  { anyQuality, largest }: Options,
): Promise<Enrolled | FoveaError> {
  const { enrollPicture } = await import("../../face/index.ts");
  try {
    const limits = anyQuality ? null : undefined;
    return { ...task, ...(await enrollPicture(gallery, finder, task.name, task.file, { limits, largest })) };
  } catch (error) {
    if (error instanceof FoveaError && /^(picture|face|faces|points)-/.test(error.code)) return error;
    throw error;
  }
}

function summary(results: readonly Enrolled[], title: string): string {
  const people = new Map<string, { enrolled: number; known: number }>();
  for (const { name, outcome } of results) {
    const counts = people.get(name) ?? { enrolled: 0, known: 0 };
    counts[outcome]++;
    people.set(name, counts);
  }
  const lines = [...people].map(([name, { enrolled, known }]) => {
    const before = known > 0 ? ` (${formatCount(known, "picture")} known before)` : "";
    return `${name}: ${formatCount(enrolled, "picture")} enrolled${before}`;
  });
  return [...lines, `gallery: ${title}`].join("\n");
}
