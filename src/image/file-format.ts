/** Formats that are recognised by their first bytes. */
export type FileFormat = "jpeg" | "png" | "gif" | "webp" | "tiff" | "avif" | "pnm" | "bmp" | "heic" | "svg";

/** How many bytes `sniffFormat` looks at. */
export const SIGNATURE_LENGTH = 256;

/** The format that a file's first bytes announce, whatever its name says; undefined where they are none of a picture. */
export function sniffFormat(bytes: Uint8Array): FileFormat | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, SIGNATURE_LENGTH));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (/^RIFF.{4}WEBP/s.test(text)) return "webp";
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return "tiff";
  const brands = brandsOf(text);
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return "avif";
  if (/^(hei[cmsx]|hev[cmsx]|mif1|msf1)$/.test(brands[0])) return "heic";
  if (/^P[1-6]\s/.test(text)) return "pnm";
  if (/^BM.{4}\0{4}/s.test(text)) return "bmp";
  if (/^\s*(<\?xml.*)?(<!--.*)?<svg/s.test(text.replace("\xef\xbb\xbf", ""))) return "svg";
  return undefined;
}

/**
 * The major brand of a file of boxes (ISO 14496-12) and the compatible ones; none of another file. Which brand of a kind is
 * the major one is up to the writer: an AVIF may begin as any HEIF does.
 */
function brandsOf(text: string): string[] {
  if (text.slice(4, 8) !== "ftyp") return [];
  const length = text.charCodeAt(2) * 256 + text.charCodeAt(3);
  const words = text.slice(8, length).match(/.{4}/gs) ?? [];
  return words.filter((_, i) => i !== 1); // the second is a version
}
