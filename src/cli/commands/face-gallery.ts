import type { Command } from "commander";
import { FoveaError, keepInputs } from "../../core/index.ts";
import { formatCount } from "../format.ts";
import {
  encryptOption,
  type GalleryOptions,
  galleryKey,
  galleryOption,
  hasKey,
  keyFileOption,
  notePlain,
  openGallery,
  plainOption,
} from "../open-gallery.ts";
import { addExamples, type GlobalOptions, jsonOption, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { parsePath } from "../parse.ts";
import { noteWithoutEffect } from "../without-effect.ts";

interface Options extends GlobalOptions, GalleryOptions {
  json?: boolean;
}

interface ImportOptions extends Options {
  /** Of a file that was sealed by another key than the gallery's. */
  fileKey?: string;
}

/** `fovea face list|forget|export|import|rekey`: what is kept of enrolled people. */
export function addFaceGallery(face: Command): void {
  const list = withGallery(face.command("list").description("name the people who are enrolled")).action(
    async (_: unknown, command: Command) => listPeople(optionsOf<Options>(command)),
  );
  addExamples(list, ["fovea face list --gallery staff/"]);

  const forget = withGallery(
    face
      .command("forget")
      .description("remove a person for good: nothing of name and face stays in the gallery's files")
      .argument("<name>", "who is to be forgotten"),
  ).action(async (name: string, _: unknown, command: Command) =>
    forgetPerson(name, optionsOf<Options>(command)),
  );
  addExamples(forget, ["fovea face forget Ada --gallery staff/"]);

  const exporting = withGallery(
    face
      .command("export")
      .description("write all people into one file, to move or keep them")
      .argument("<file>", "the file to write, such as staff.jsonl", parsePath)
      .option("--plain", "write the encodings of an encrypted gallery readable"),
  ).action(async (file: string, _: unknown, command: Command) =>
    exportPeople(file, optionsOf<Options>(command)),
  );
  addExamples(exporting, ["fovea face export staff.jsonl --gallery staff/"]);

  const importing = withGallery(
    face
      .command("import")
      .description("add the people of a file that `fovea face export` wrote")
      .argument("<file>", "the file to read", parsePath)
      .option(
        "--file-key <file>",
        "the key that the file was written by, where the gallery has another since (default: the gallery's)",
        parsePath,
      )
      .addOption(encryptOption())
      .addOption(plainOption()),
  ).action(async (file: string, _: unknown, command: Command) =>
    importPeople(file, optionsOf<ImportOptions>(command)),
  );
  addExamples(importing, [
    "fovea face import staff.jsonl --gallery postgres://localhost/faces",
    "fovea face import backup.jsonl --gallery staff/ --key-file new.key --file-key old.key",
  ]);

  const rekey = withGallery(
    face
      .command("rekey")
      .description("encrypt a gallery anew by another key")
      .requiredOption("--new-key-file <file>", "the new key; make one by: openssl rand -hex 32", parsePath),
  ).action(async (_: unknown, command: Command) =>
    rekeyGallery(optionsOf<Options & { newKeyFile: string }>(command)),
  );
  addExamples(rekey, ["fovea face rekey --gallery staff/ --key-file old.key --new-key-file new.key"]);
}

function withGallery(command: Command): Command {
  return command.addOption(galleryOption()).addOption(keyFileOption()).addOption(jsonOption());
}

async function listPeople(options: Options): Promise<void> {
  const gallery = await openGallery(options);
  try {
    const [people, stats] = [await gallery.people(), await gallery.stats()];
    if (options.json) return printJson({ gallery: gallery.title, ...stats, people });
    const lines = people.map(
      ({ name, faces, enrolledAt }) =>
        `${name}  ${formatCount(faces, "picture")}, since ${enrolledAt.toISOString().slice(0, 10)}`,
    );
    print([...lines, `${formatCount(people.length, "person", "people")} in ${gallery.title}`].join("\n"));
  } finally {
    await gallery.close();
  }
}

async function forgetPerson(name: string, options: Options): Promise<void> {
  const gallery = await openGallery(options);
  try {
    const { faces } = await gallery.forget(name);
    if (options.json) printJson({ forgotten: name, faces });
    else print(`${name} is forgotten: ${formatCount(faces, "picture")} removed.`);
  } finally {
    await gallery.close();
  }
}

async function exportPeople(file: string, options: Options): Promise<void> {
  const { keyFile } = options;
  if (keyFile !== undefined) keepInputs(file, [keyFile], "by the people; name another file.");
  const gallery = await openGallery(options);
  try {
    const counts = await gallery.exportTo(file, { plain: options.plain });
    if (options.json) printJson({ file, ...counts });
    else print(`${formatCount(counts.people, "person", "people")} in ${file}`);
  } finally {
    await gallery.close();
  }
}

async function importPeople(file: string, options: ImportOptions): Promise<void> {
  const { encoderOfExport, isSealedExport, requireKeyOfExport } = await import("../../face/index.ts");
  const encoder = await encoderOfExport(file);
  const isSealed = await isSealedExport(file);
  // Without its key nothing can be read, and no gallery is made; nor is one made that could only keep readable what was not.
  const fileOptions = { keyFile: options.fileKey ?? options.keyFile };
  if (isSealed && !hasKey(fileOptions)) throw sealed(file, "give its key with --file-key or --key-file");
  const key = await galleryKey(fileOptions);
  await requireKeyOfExport(file, key);
  if (isSealed && !hasKey(options) && !options.plain) {
    throw sealed(file, "give the gallery's key with --key-file, or add --plain to keep them readable there");
  }
  if (!isSealed && options.fileKey !== undefined) {
    noteWithoutEffect(["--file-key"], `with ${file}, whose encodings are not encrypted`, options);
  }
  const gallery = await openGallery(options, { encoder, create: true });
  try {
    notePlain(gallery, options);
    if (isSealed && !gallery.isEncrypted && !options.plain) {
      throw sealed(
        file,
        `gallery \`${gallery.title}\` is not: add --plain to keep them readable there, or name a new gallery and add --encrypt`,
      );
    }
    const counts = await gallery.importFrom(file, { key });
    if (options.json) printJson({ file, ...counts });
    else
      print(
        `${formatCount(counts.people, "person", "people")} read, ${formatCount(counts.added, "picture")} added.`,
      );
  } finally {
    await gallery.close();
  }
}

function sealed(file: string, remedy: string): FoveaError {
  return new FoveaError("gallery-file-sealed", `The encodings in \`${file}\` are encrypted; ${remedy}.`);
}

async function rekeyGallery(options: Options & { newKeyFile: string }): Promise<void> {
  const { GalleryKey } = await import("../../face/index.ts");
  const newKey = await GalleryKey.fromFile(options.newKeyFile);
  const gallery = await openGallery(options);
  try {
    const { faces } = await gallery.rotateKey(newKey);
    if (options.json) printJson({ faces });
    else print(`${formatCount(faces, "encoding")} encrypted by the new key; the old one opens nothing now.`);
  } finally {
    await gallery.close();
  }
}
