import { FoveaError, messageOf } from "../../core/index.ts";

/** Where a gallery lies. */
export type GallerySource =
  | { kind: "folder"; path: string; title: string }
  | { kind: "server"; url: string; title: string };

/**
 * Tells a folder from a `postgres://` URL.
 * @returns with a `title` for people, in which there is no password
 * @throws FoveaError `gallery-address-invalid`
 */
export function gallerySource(source: string): GallerySource {
  if (!/^postgres(ql)?:/i.test(source)) {
    if (source === "" || /^[a-z][a-z0-9+.-]+:\/\//i.test(source)) {
      throw new FoveaError(
        "gallery-address-invalid",
        `Gallery ${source === "" ? "has an empty name" : `\`${withoutSecrets(source)}\` is neither a folder nor a postgres:// URL`}; give a folder, or postgres://user@host/database.`,
      );
    }
    return { kind: "folder", path: source, title: source };
  }
  try {
    const { hostname } = new URL(source);
    if (hostname === "" && !source.includes("host=")) throw new Error("it names no host");
  } catch (cause) {
    throw new FoveaError(
      "gallery-address-invalid",
      `The gallery's postgres:// URL cannot be read (${messageOf(cause) === "Invalid URL" ? "it is no URL" : messageOf(cause)}); write postgres://user:password@host:5432/database, special characters percent-encoded.`,
    );
  }
  return { kind: "server", url: source, title: withoutSecrets(source) };
}

/** A URL without password and parameters, which may hold one too. */
function withoutSecrets(source: string): string {
  const [address] = source.split(/[?#]/);
  return address.replace(/^([a-z][a-z0-9+.-]+:\/\/[^:@/]*)(:.*)?@/i, "$1@");
}
