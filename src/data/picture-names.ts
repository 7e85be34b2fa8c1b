import { PICTURE_EXTENSIONS } from "../image/index.ts";

/** Extensions that count as a picture's name: those that can be read, and those worth an explanation why not. */
export const NAMED_EXTENSIONS: readonly string[] = [...PICTURE_EXTENSIONS, ".bmp", ".pnm", ".heic"];
