import { join } from "node:path";
import { Option } from "commander";
import type { EncoderSetup, Gallery, GalleryKey } from "../face/index.ts";
import { formatCount } from "./format.ts";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { parsePath } from "./parse.ts";
import { noteWithoutEffect } from "./without-effect.ts";

/** Where enrolled people are kept unless told otherwise. */
const GALLERY_VARIABLE = "FOVEA_GALLERY";

/** Where the key of an encrypted gallery is looked for unless it lies in a file. */
export const KEY_VARIABLE = "FOVEA_GALLERY_KEY";

/** Options of the commands that open a gallery. */
export interface GalleryOptions {
  gallery?: string;
  keyFile?: string;
  encrypt?: boolean;
  /** The opposite, which must be said where there is a key. */
  plain?: boolean;
}

export function galleryOption(): Option {
  return new Option(
    "--gallery <where>",
    "a folder, or a postgres:// address (default: $FOVEA_GALLERY, else a folder of the user's data)",
  ).argParser(parsePath);
}

export function keyFileOption(): Option {
  return new Option(
    "--key-file <file>",
    `the key of an encrypted gallery (default: $${KEY_VARIABLE}); make one by: openssl rand -hex 32`,
  ).argParser(parsePath);
}

/** Of commands that may make a gallery. */
export function encryptOption(): Option {
  return new Option("--encrypt", "keep the encodings of a new gallery encrypted, by the key").conflicts(
    "plain",
  );
}

/** Of commands that may make a gallery: with a key they want to be told. */
export function plainOption(): Option {
  return new Option("--plain", "keep the encodings of a new gallery readable, though there is a key");
}

/** Where the gallery lies that is meant: an address may hold a password. */
async function galleryPlace({ gallery }: GalleryOptions): Promise<string> {
  if (gallery) return gallery;
  const named = process.env[GALLERY_VARIABLE];
  if (named) return named;
  const { default: envPaths } = await import("env-paths");
  return join(envPaths("fovea", { suffix: "" }).data, "faces");
}

/** Where the gallery lies, for people to read: an address without its password. */
export async function galleryTitle(options: GalleryOptions): Promise<string> {
  const { gallerySource } = await import("../face/index.ts");
  return gallerySource(await galleryPlace(options)).title;
}

/** Whether the options or the environment give a key. */
export function hasKey({ keyFile }: GalleryOptions): boolean {
  return Boolean(keyFile || process.env[KEY_VARIABLE]);
}

/** The key that the options or the environment give, if any. */
export async function galleryKey(options: GalleryOptions): Promise<GalleryKey | undefined> {
  if (!hasKey(options)) return undefined;
  const { keyFile } = options;
  const { GalleryKey } = await import("../face/index.ts");
  return keyFile ? GalleryKey.fromFile(keyFile) : GalleryKey.fromEnvironment(KEY_VARIABLE);
}

/** Refuses to make the gallery that the options name where they do not say how it is to be kept. */
export async function requireMakeable(options: GalleryOptions): Promise<void> {
  const { requireNewGallery } = await import("../face/index.ts");
  const key = await galleryKey(options);
  requireNewGallery(await galleryPlace(options), { key, encrypt: encryptionOf(options) });
}

function encryptionOf({ encrypt, plain }: GalleryOptions): boolean | undefined {
  return encrypt ?? (plain ? false : undefined);
}

/** Opens the gallery that the options name. */
export async function openGallery(
  options: GalleryOptions & GlobalOptions,
  { encoder, create }: { encoder?: EncoderSetup; create?: boolean } = {},
): Promise<Gallery> {
  const { Gallery } = await import("../face/index.ts");
  return Gallery.open(await galleryPlace(options), {
    encoder,
    create,
    encrypt: encryptionOf(options),
    key: await galleryKey(options),
    onIndex: (faces) => note(`Making an index over ${formatCount(faces, "face")}.`, options),
  });
}

/** Says that --plain changes nothing in a gallery whose encodings are encrypted. */
export function notePlain(gallery: Gallery, options: GalleryOptions & GlobalOptions): void {
  const idle = options.plain && gallery.isEncrypted ? ["--plain"] : [];
  noteWithoutEffect(idle, `on gallery ${gallery.title}, whose encodings are encrypted and stay so`, options);
}
